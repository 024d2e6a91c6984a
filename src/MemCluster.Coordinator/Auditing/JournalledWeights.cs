using System.Data.Common;
using System.Text;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Auditing;

/// <summary>
/// The digests of a trial's weights as they stand in the journal, whether an event is still the one that was written or not. Rows that were made from it before
/// say what it said then: who compares a trial with what is recorded must not pass over what stands there now.
/// </summary>
public static class JournalledWeights
{
    /// <param name="trial">Its number, from 1.</param>
    /// <returns>By epoch, from 1; empty where the journal is no file of this home.</returns>
    /// <exception cref="UserError">The file is damaged.</exception>
    public static async Task<IReadOnlyDictionary<int, string>> Of(Home home, SweepId sweep, int trial, int attempt, CancellationToken cancel)
    {
        var weights = new Dictionary<int, string>();
        if (ReadModelOrigin.IsElsewhere(home) || !File.Exists(home.JournalFile))
        {
            return weights;
        }

        var named = Encoding.UTF8.GetBytes($"\"trial\":{trial},");
        try
        {
            await JournalPlace.Of(home, null).Read(
                async open =>
                {
                    var rows = new JournalRows(open);
                    var latest = (await rows.Streams(cancel).ConfigureAwait(false)).Select(Streams.SweepOf)
                        .Where(of => of?.Sweep == sweep).Select(of => of!.Value.Earlier).DefaultIfEmpty().Max();
                    await foreach (var row in rows.Of(Streams.Metrics(sweep, latest), cancel).ConfigureAwait(false))
                    {
                        if (row.Bytes.AsSpan().IndexOf(named) >= 0
                            && Measured(row) is { } batch && batch.Trial == trial && batch.Key.Attempt == attempt)
                        {
                            for (var at = 0; at < batch.Weights.Count; at++)
                            {
                                weights[batch.FirstEpoch + at] = batch.Weights[at];
                            }
                        }
                    }

                    return true;
                },
                cancel).ConfigureAwait(false);
        }
        catch (DbException damaged)
        {
            throw new UserError($"The journal {home.JournalFile} can't be read: {damaged.Message.TrimEnd('.')}. What is left of it is found by: memcluster audit", damaged);
        }

        return weights;
    }

    /// <summary>Null where it is another event, or none that can be read: the audit names it.</summary>
    private static TrialMeasured? Measured(StoredEvent row)
    {
        try
        {
            return (row.Stored is JournalEntry entry ? entry.Event : row.Stored) as TrialMeasured;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
