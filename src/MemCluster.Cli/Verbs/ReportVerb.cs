using System.CommandLine;
using System.Diagnostics;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Report;
using MemCluster.Sweeps;

namespace MemCluster.Cli;

/// <summary><c>report [SWEEP]</c>: a sweep's figures and verdicts as one page; <c>report --compare A B</c>: two sweeps side by side.</summary>
internal static class ReportVerb
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var sweeps = new Argument<string[]>("SWEEP") { Description = "The sweep; may be left out where there is only one. With --compare, two.", Arity = new ArgumentArity(0, 2) };
        var compare = new Option<bool>("--compare") { Description = "Set two sweeps side by side, with paired differences over the cells and seeds that both have." };
        var file = new Option<string?>("--spec") { Description = "Take claims and figures from this file, which may be newer than the sweep.", HelpName = "FILE" };
        var open = new Option<bool>("--open") { Description = "Open the page in the browser." };
        var to = new Option<string?>("--to") { Description = "Folder to write to. Default: HOME/results/SWEEP/report, with --at ./SWEEP-report.", HelpName = "DIR" };
        var (preset, home, at) = (Options.Preset("The preset of --spec that the sweep was run with."), NodeArguments.Home.Make(), new ReachSwitches());
        var command = new Command("report", "Write a sweep's figures and verdicts as one page, also while it runs.") { sweeps, compare, file, preset, open, to, home };
        at.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            if (at.Of(parse).Address is null && HomeReader.IsThere(parse.GetValue(home)!))
            {
                await doors.CatchUp(parse.GetValue(home)!, cancel);
            }

            await using var reader = await HomeReader.Open(doors, at.Of(parse) with { Waits = true }, parse.GetValue(home)!, cancel);
            var named = parse.GetValue(sweeps)!;
            try
            {
                var files = parse.GetValue(compare)
                    ? await Compared(reader.Operator!, named, Folder, cancel)
                    : await One(reader.Operator!, named, parse.GetValue(file), parse.GetValue(preset), Folder, terminal, cancel);
                terminal.Write($"{files[0]}{(files.Count > 1 ? $"   and {Numbers.Count((files.Count - 1) / 2, "figure", "figures")} as SVG and PNG beside it" : "")}");
                if (parse.GetValue(open))
                {
                    Show(files[0], terminal);
                }

                return ExitCodes.Fine;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new UserError($"The report can't be written: {failure.Message} Say another folder with --to DIR.", failure);
            }

            string Folder(string sweep) => parse.GetValue(to)
                ?? (at.Of(parse).Address is null ? ReportFiles.FolderOf(ResultFiles.FolderOf(parse.GetValue(home)!, new SweepId(sweep))) : sweep + "-report");
        });
        return command;
    }

    private static async Task<IReadOnlyList<string>> One(
        IOperator answerer, string[] named, string? file, string? preset, Func<string, string> folder, Terminal terminal, CancellationToken cancel)
    {
        if (named.Length > 1)
        {
            throw new UserError("A report is of one sweep; to set two side by side say --compare.");
        }

        var summary = await SweepChoice.Of(answerer, named.FirstOrDefault(), cancel);
        var rows = await ExportRows.Of(answerer, summary.Sweep, cancel);
        if (file is not null)
        {
            rows = rows with { Spec = ClaimsOf(rows.Spec, SpecReader.Read([file], [], preset)[0], file) };
        }
        else if (preset is not null)
        {
            throw new UserError("--preset belongs to --spec FILE; a sweep's own claims are known.");
        }

        var report = await SweepReportBuilder.From(rows, cancel: cancel);
        terminal.Write(report.Progress);
        foreach (var line in ClaimLines.Of(report))
        {
            terminal.Write(line);
        }

        return await ReportFiles.Write(folder(summary.Sweep.Name), report);
    }

    /// <summary>The sweep's spec with the claims and figures of a file that describes the same trials.</summary>
    private static SweepSpec ClaimsOf(SweepSpec stored, SweepSpec written, string file)
    {
        if (stored.Digest != written.Digest)
        {
            throw new UserError($"{file} describes other trials than {stored.Name}, so its claims are about something else:\n"
                + string.Join('\n', SpecDifference.Between(stored.Canonical, written.Canonical).Select(line => "  " + line))
                + "\nName the preset that the sweep was run with by --preset, if there was one.");
        }

        return stored with { Claims = written.Claims, Figures = written.Figures, Question = written.Question };
    }

    private static async Task<IReadOnlyList<string>> Compared(IOperator answerer, string[] named, Func<string, string> folder, CancellationToken cancel)
    {
        if (named.Length != 2)
        {
            throw new UserError("--compare takes two sweeps: memcluster report --compare FIRST SECOND");
        }

        var (first, second) = (await SweepChoice.Of(answerer, named[0], cancel), await SweepChoice.Of(answerer, named[1], cancel));
        var (comparison, problem) = await Comparisons.Of(
            await ExportRows.Of(answerer, first.Sweep, cancel), await ExportRows.Of(answerer, second.Sweep, cancel), cancel);
        if (comparison is null)
        {
            throw new UserError(problem);
        }

        var into = folder(second.Sweep.Name);
        Directory.CreateDirectory(into);
        var page = Path.Combine(into, $"compared-with-{first.Sweep.Name}.html");
        await AtomicFile.WriteText(page, text => text.WriteAsync(ComparisonHtml.Of(comparison)));
        return [page];
    }

    private static void Show(string page, Terminal terminal)
    {
        try
        {
            using var _ = Process.Start(new ProcessStartInfo
            {
                FileName = OperatingSystem.IsLinux() ? "xdg-open" : Path.GetFullPath(page),
                UseShellExecute = !OperatingSystem.IsLinux(),
                ArgumentList = { Path.GetFullPath(page) },
            });
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            terminal.Write($"No browser could be started here ({failure.Message}); open the page by hand.");
        }
    }
}
