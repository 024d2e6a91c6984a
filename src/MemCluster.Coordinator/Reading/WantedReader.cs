using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Which seeds the claims of a sweep want, from what its trials gave. A function of rows that never change while nothing runs: asked again, by another coordinator or after
/// a crash, it says the same.
/// </summary>
/// <param name="flush">After it, everything written so far is readable.</param>
internal sealed class WantedReader(ReadModelReader model, Func<CancellationToken, Task> flush)
{
    /// <exception cref="InvalidOperationException">The rows are behind.</exception>
    public Task<IReadOnlyList<SeedsOf>> Find(Grid grid, int results) => Task.Run(async () =>
    {
        await flush(CancellationToken.None).ConfigureAwait(false);
        var spec = grid.Spec;
        var row = model.Find(spec.Name);
        if (row is null || row.Readable.Canonical != spec.Canonical || row.Counts.Done != results)
        {
            throw new InvalidOperationException($"the rows of {spec.Name} are not as far as its journal yet");
        }

        var needed = ReplicateRule.MeasuresOf(spec).ToArray();
        var observed = new Observations.Builder(grid.Count, needed, TrialScale.Of(spec, grid.SettingsAt));
        foreach (var trial in model.Trials(row))
        {
            observed.Add(trial);
        }

        foreach (var measure in Array.Exists(needed, measure => measure.At != At.Final) ? model.Measured.Rows(row) : [])
        {
            observed.Add(measure);
        }

        return SeedsOf.Runs(ReplicateRule.Wanted(spec, ReplicateRule.Look(spec, observed.Build())));
    });
}
