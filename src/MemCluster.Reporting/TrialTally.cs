using System.Runtime.CompilerServices;
using MemCluster.Messages;

namespace MemCluster.Reporting;

/// <summary>Counts trials by state while their rows pass by, so that a file and the counts beside it never disagree.</summary>
public sealed class TrialTally
{
    private readonly int[] _states = new int[Enum.GetValues<TrialState>().Length];

    public TrialCounts Counts => new(
        _states.Sum(), Of(TrialState.Pending), Of(TrialState.Running), Of(TrialState.Finished), Of(TrialState.Diverged),
        Of(TrialState.Failed), Of(TrialState.Cancelled));

    public void Add(TrialState state, int trials = 1) => _states[(int)state] += trials;

    public async IAsyncEnumerable<TrialRow> Watching(
        IAsyncEnumerable<TrialRow> rows, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var row in rows.WithCancellation(cancel))
        {
            Add(row.State);
            yield return row;
        }
    }

    private int Of(TrialState state) => _states[(int)state];
}
