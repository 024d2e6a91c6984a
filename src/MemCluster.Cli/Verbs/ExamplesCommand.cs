using System.CommandLine;
using MemCluster.Hosting;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Pictures;
using MemCluster.Sweeps;

namespace MemCluster.Cli;

/// <summary><c>examples [SWEEP]</c>: a list; with <c>--images</c> also their pictures on one sheet, which only this machine's data can give.</summary>
internal static class ExamplesCommand
{
    private const int MostPictures = 400;

    public static Command Build(Doors doors, Terminal terminal)
    {
        var command = new CatalogueCommand(OperatorCatalogue.Find("examples")!, doors, terminal);
        var images = new Option<bool>("--images") { Description = $"Write their pictures, as the trial saw them, to one PNG; at most {MostPictures}." };
        var to = new Option<string?>("--to") { Description = "File for --images. Default: HOME/results/SWEEP/examples-SCORE.png, with --at ./SWEEP-examples-SCORE.png.", HelpName = "FILE" };
        var data = NodeArguments.Data.Make();
        command.Add(images);
        command.Add(to);
        command.Add(data);
        command.SetAction(async (parse, cancel) =>
        {
            if (!parse.GetValue(images) && (parse.GetValue(to) ?? parse.GetValue(data)) is not null)
            {
                throw new UserError("--to and --data are about the pictures; say --images, too.");
            }

            var (said, far) = (command.Said(parse), command.ReachOf(parse).Address is not null);
            await using var reader = await command.Open(parse, cancel);
            var choice = await ExampleChoice.From(reader.Operator!, said, cancel);
            var json = said.Has(VerbArguments.Json);
            var name = $"examples-{choice.Score.Replace('_', '-')}.png";
            var file = parse.GetValue(to) ?? (far ? $"{choice.Sweep}-{name}" : Path.Combine(ResultFiles.FolderOf(parse.GetValue(command.Home)!, choice.Sweep), name));
            if (parse.GetValue(images))
            {
                await Save(file, ContactSheetPng.Of(SheetOf(choice, doors.Data, parse.GetValue(data))));
            }

            foreach (var line in choice.Lines(json))
            {
                terminal.Write(line);
            }

            if (parse.GetValue(images) && !json)
            {
                terminal.Write(file);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static ContactSheet SheetOf(ExampleChoice choice, IDataDoor data, string? given)
    {
        if (choice.Rows.Count > MostPictures)
        {
            throw new UserError($"A sheet has room for {MostPictures} pictures, not for {Numbers.Count(choice.Rows.Count)}; say --limit {MostPictures}.");
        }

        var grid = new Grid(choice.Spec);
        var pictures = new Dictionary<int, Picture>();
        foreach (var seen in choice.Rows.GroupBy(row => row.First))
        {
            int[] examples = [.. seen.Select(row => row.Example)];
            foreach (var (example, picture) in examples.Zip(data.Pictures(grid.SettingsAt(seen.Key - 1), examples, given)))
            {
                pictures[example] = picture;
            }
        }

        // Where trials leave examples out, no one trial may have them all.
        var trials = choice.Rows.Select(row => row.First).Distinct().ToArray();
        var whose = trials.Length > 1 ? "each as the first trial that has it saw it"
            : $"as trial {Numbers.Count(trials[0])} saw them ({grid.LabelAt(trials[0] - 1)})";
        return new(choice.Heading, [$"{choice.Sweep}, {whose}", "Label given → true label, number in the training set, score"],
            [.. choice.Rows.Select(row => new SheetTile(
                pictures[row.Example], $"{row.Example}", row.Given == row.True ? $"{row.Given}" : $"{row.Given} → {row.True}", row.ScoreText, row.Given != row.True))]);
    }

    private static async Task Save(string file, byte[] picture)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await AtomicFile.Write(file, to => to.WriteAsync(picture).AsTask());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The pictures can't be written to {file}: {failure.Message} Say another file with --to FILE.", failure);
        }
    }
}
