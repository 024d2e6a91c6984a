using MemCluster.Messages;
using MemCluster.Reporting.Files;

namespace MemCluster.Operations;

/// <summary>The rows of a results folder, asked of any <see cref="IOperator"/>.</summary>
public static class ExportRows
{
    /// <exception cref="UserError">There is no such sweep, or its spec can't be read by this version.</exception>
    public static async Task<ResultRows> Of(IOperator answerer, SweepId sweep, CancellationToken cancel = default) => new(
        await SweepChoice.SpecOf(answerer, sweep, cancel),
        await answerer.NumericsVersion(sweep, cancel) ?? NumericsSettings.Version,
        () => answerer.Trials(sweep, cancel), () => answerer.Measures(sweep, cancel), () => answerer.Attempts(sweep, cancel), () => answerer.Arrays(sweep, null, cancel))
    {
        Scores = () => answerer.Scores(sweep, cancel),
        Absent = () => answerer.Absent(sweep, cancel),
    };
}
