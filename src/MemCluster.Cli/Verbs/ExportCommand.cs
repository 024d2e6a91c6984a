using System.CommandLine;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting.Files;

namespace MemCluster.Cli;

/// <summary><c>export [SWEEP]</c>: the results folder once more from the journal, or the trials alone to standard output.</summary>
internal static class ExportCommand
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var verb = OperatorCatalogue.Find("export")!;
        var command = new CatalogueCommand(verb, doors, terminal);
        var to = new Option<string?>("--to") { Description = "Folder to write to, or - for the trials on standard output. Default: HOME/results/SWEEP, with --at ./SWEEP.", HelpName = "DIR" };
        command.Add(to);
        command.SetAction(async (parse, cancel) =>
        {
            var (said, home, far) = (command.Said(parse), parse.GetValue(command.Home)!, command.ReachOf(parse).Address is not null);
            var json = ExportVerb.IsJson(said);
            if (!far && HomeReader.IsThere(home))
            {
                await doors.CatchUp(home, cancel);
            }

            await using var reader = await command.Open(parse, cancel);
            if (parse.GetValue(to) == "-")
            {
                await foreach (var line in verb.Answer(reader.Operator!, said, cancel))
                {
                    terminal.WriteData(line.Text);
                }

                return ExitCodes.Fine;
            }

            var summary = await SweepChoice.Of(reader.Operator!, said[VerbArguments.Sweep], cancel);
            var rows = await ExportRows.Of(reader.Operator!, summary.Sweep, cancel);
            var folder = parse.GetValue(to) ?? (far ? summary.Sweep.Name : ResultFiles.FolderOf(home, summary.Sweep));
            try
            {
                foreach (var path in json ? [await JsonFile(folder, rows, cancel)] : await ResultFiles.Write(folder, rows, cancel))
                {
                    terminal.Write(path);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new UserError($"The results can't be written to {folder}: {failure.Message} Say another folder with --to DIR.", failure);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static async Task<string> JsonFile(string folder, ResultRows rows, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "trials.json");
        await AtomicFile.Write(path, file => TrialsJson.Write(file, rows.Spec, rows.Trials(), cancel));
        return path;
    }
}
