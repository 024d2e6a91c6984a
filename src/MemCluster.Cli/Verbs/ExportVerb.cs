using System.CommandLine;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting.Files;

namespace MemCluster.Cli;

/// <summary><c>export [SWEEP]</c>: the results folder once more from the journal, or the trials alone to standard output.</summary>
internal static class ExportVerb
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var sweep = new Argument<string?>("SWEEP") { Description = "The sweep; may be left out where there is only one.", Arity = ArgumentArity.ZeroOrOne };
        var format = new Option<string>("--format") { Description = "csv writes the whole results folder, json the trials as one array.", HelpName = "csv|json", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "json");
        var to = new Option<string?>("--to") { Description = "Folder to write to, or - for the trials on standard output. Default: HOME/results/SWEEP, with --at ./SWEEP.", HelpName = "DIR" };
        var (home, at) = (Options.Home(), new ReachSwitches());
        var command = new Command("export", "Write a sweep's results from the journal.") { sweep, format, to, home };
        at.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            if (at.Of(parse).Address is null && Directory.Exists(parse.GetValue(home)!))
            {
                await doors.CatchUp(parse.GetValue(home)!);
            }

            await using var reader = await HomeReader.Open(doors, at.Of(parse), parse.GetValue(home)!);
            var summary = await SweepChoice.Of(reader.Operator!, parse.GetValue(sweep), cancel);
            var rows = await ExportRows.Of(reader.Operator!, summary.Sweep, cancel);
            var json = parse.GetValue(format) == "json";
            if (parse.GetValue(to) == "-")
            {
                await (json ? WriteJson(rows, terminal, cancel) : TrialsCsv.Write(terminal.Output, rows.Spec, rows.Trials(), cancel));
                return ExitCodes.Fine;
            }

            var folder = parse.GetValue(to) ?? (at.Of(parse).Address is null ? ResultFiles.FolderOf(parse.GetValue(home)!, summary.Sweep) : summary.Sweep.Name);
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

    private static async Task WriteJson(ResultRows rows, Terminal terminal, CancellationToken cancel)
    {
        await using var text = new Utf8Writing(terminal.Output);
        await TrialsJson.Write(text, rows.Spec, rows.Trials(), cancel);
    }
}
