using System.CommandLine;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting;
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
        var weights = new Option<bool>("--weights") { Description = "The weights that the sweep's trials have kept too ('keep: weights' in its file), as safetensors." };
        var examples = new Option<string?>("--examples")
        {
            Description = "A table of single examples with the settings of their trials too, where the sweep's trials measure them.",
            HelpName = "csv|parquet",
        };
        command.Add(to);
        command.Add(weights);
        command.Add(examples);
        command.SetAction(async (parse, cancel) =>
        {
            var (said, home, far) = (command.Said(parse), parse.GetValue(command.Home)!, command.ReachOf(parse).Address is not null);
            var (json, withWeights, table) = (ExportVerb.IsJson(said), parse.GetValue(weights), TableOf(parse.GetValue(examples)));
            if ((withWeights || table is not null) && (json || parse.GetValue(to) == "-"))
            {
                throw new UserError($"{(withWeights ? "--weights" : "--examples")} writes files into the results folder; it goes neither with json nor with --to -.");
            }

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
            if (withWeights)
            {
                CheckWeights(rows.Spec, summary.Counts.Done);
                rows = rows with { Weights = trial => reader.Operator!.Weights(summary.Sweep, trial, cancel) };
            }

            if (table is not null && !ExampleTable.IsThere(rows.Spec))
            {
                throw new UserError($"{summary.Sweep} measures no single examples. Which measures do: docs/measures.md.");
            }

            rows = rows with { ExampleTable = table };
            var folder = parse.GetValue(to) ?? (far ? summary.Sweep.Name : ResultFiles.FolderOf(home, summary.Sweep));
            try
            {
                var paths = json ? [await JsonFile(folder, rows, cancel)] : await ResultFiles.Write(folder, rows, cancel);
                var kept = paths.Where(path => WeightsFiles.Of(Path.GetFileName(path)) is not null).ToArray();
                terminal.Write(paths.Except(kept).Select(path => (Line)path));
                if (withWeights)
                {
                    terminal.Write(OfWeights(kept, folder, summary.Counts.Done));
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

    private static ExampleTableForm? TableOf(string? form) => form switch
    {
        null => null,
        "csv" => ExampleTableForm.Csv,
        "parquet" => ExampleTableForm.Parquet,
        _ => throw new UserError($"There is no form '{form}' of --examples; expected csv or parquet."),
    };

    private static void CheckWeights(SweepSpec spec, int done)
    {
        if (spec.Keep == WeightsPlan.None)
        {
            throw new UserError(
                $"{spec.Name} keeps no weights. Write 'keep: weights' into its file and hand it in again; trials that have ended by then have none, "
                + "and a sweep of another name trains them anew.");
        }

        if ((long)done * spec.Keep.MostCopies > WeightsFiles.Most)
        {
            throw new UserError(
                $"{spec.Name} keeps up to {Numbers.Count((long)done * spec.Keep.MostCopies)} copies of weights; more than {Numbers.Count(WeightsFiles.Most)} can't be listed in one folder.");
        }
    }

    private static IEnumerable<Line> OfWeights(string[] kept, string folder, int done)
    {
        var trials = kept.Select(path => WeightsFiles.Of(Path.GetFileName(path))!.Value.Trial).Distinct().Count();
        yield return $"{Path.Combine(folder, "weights-*" + Safetensors.Extension)}    {Numbers.Count(kept.Length, "file", "files")}, {Numbers.Bytes(kept.Sum(path => new FileInfo(path).Length))}";
        if (trials < done)
        {
            yield return new(
                $"{Numbers.Count(done - trials)} of {Numbers.Count(done, "trial", "trials")} with a result kept no weights: they began before the sweep kept any, or reached no epoch to be kept.",
                Tone.Faint);
        }
    }

    private static async Task<string> JsonFile(string folder, ResultRows rows, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "trials.json");
        await AtomicFile.Write(path, file => TrialsJson.Write(file, rows.Spec, rows.Trials(), cancel));
        return path;
    }
}
