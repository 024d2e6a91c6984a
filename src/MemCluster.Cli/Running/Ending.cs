using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Report;
using MemCluster.Reporting.Tables;

namespace MemCluster.Cli;

/// <summary>What stands on the screen when a sweep is over: counts, tables, where the files are, what to do next.</summary>
internal sealed class Ending(ILocalNode node, Terminal terminal, NodeValues said)
{
    /// <param name="took">Null when nothing had to be run.</param>
    /// <returns>How its trials ended, and what became of its claims.</returns>
    public async Task<SweepEnd> Show(SweepSpec spec, TimeSpan? took, CancellationToken interrupt)
    {
        var files = await node.WriteResults(spec.Name, atOnce: false, interrupt);
        var table = await SweepTableBuilder.From(spec, node.Operator.Trials(spec.Name, interrupt), interrupt);
        var counts = table.Counts;
        if (took is { } time)
        {
            var odd = counts.Diverged + counts.Failed > 0 ? $" (see {ResultFiles.Trials} and {ResultFiles.Attempts})" : "";
            var slots = said.Of(NodeArguments.Slots) is > 0 and var many ? $", {Numbers.Count(many, "slot", "slots")}" : "";
            terminal.Write(new Line(
                $"{spec.Name}  {SweepTableText.CountsOf(counts)}{odd}    {Numbers.Duration(time.TotalSeconds)}{slots}",
                counts.Failed + counts.Cancelled > 0 ? Tone.Bad : Tone.Good));
        }

        terminal.Write(SweepTableText.Lines(table));
        var verdicts = "";
        if (spec.Claims.Length > 0)
        {
            // By the claims of the file just given: those that the sweep was begun with may be older.
            var rows = (await ExportRows.Of(node.Operator, spec.Name, interrupt)) with { Spec = spec };
            var report = await SweepReportBuilder.From(rows, cancel: interrupt);
            terminal.Write(ClaimLines.Of(report));
            verdicts = SweepReportBuilder.InShort(report);
        }

        if (files.Count > 0)
        {
            terminal.Write($"Results  {Readable(Path.GetDirectoryName(files[0])!)}/   {string.Join("  ", files.Select(Path.GetFileName))}");
        }

        terminal.Write($"Next     {CommandText.Of(spec.Claims.Length > 0 ? "report" : "trials", spec.Name.Name, said.Of(NodeArguments.Home))}");
        return new(spec.Name, counts, verdicts);
    }

    /// <summary>As seen from the working folder where it lies below it; a path to copy must not be longer than it has to be.</summary>
    private static string Readable(string folder) =>
        Path.GetRelativePath(".", folder) is { } relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : folder;
}
