using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting.Files;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <summary>A sweep's results folder, written from whatever answers questions about the sweep.</summary>
public static class ResultsFolder
{
    /// <returns>The files' paths; none if there is no such sweep.</returns>
    public static async Task<IReadOnlyList<string>> Write(string folder, IOperator answers, SweepId sweep, CancellationToken cancel)
    {
        if (await answers.Spec(sweep, cancel).ConfigureAwait(false) is not { } canonical)
        {
            return [];
        }

        var numerics = await answers.NumericsVersion(sweep, cancel).ConfigureAwait(false);
        var rows = new ResultRows(
            SpecFile.FromCanonical(canonical), numerics!,
            () => answers.Trials(sweep, cancel), () => answers.Measures(sweep, cancel), () => answers.Attempts(sweep, cancel), () => answers.Arrays(sweep, null, cancel))
        {
            Scores = () => answers.Scores(sweep, cancel),
            Absent = () => answers.Absent(sweep, cancel),
        };
        return await ResultFiles.Write(folder, rows, cancel).ConfigureAwait(false);
    }
}
