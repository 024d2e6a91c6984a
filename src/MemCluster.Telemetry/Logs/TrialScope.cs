using System.Collections;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Telemetry;

/// <summary>Around all that a thread says while it works on one attempt: whatever code it calls, its lines carry sweep, trial and attempt.</summary>
public static class TrialScope
{
    /// <param name="trial">Place in the grid, from 1.</param>
    /// <returns>Ends the scope; null if nobody listens.</returns>
    public static IDisposable? BeginTrial(this ILogger log, TrialKey key, int trial) => log.BeginScope(new Values(key, trial));

    private sealed class Values(TrialKey key, int trial) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 3;

        public KeyValuePair<string, object?> this[int index] => index switch
        {
            0 => new("sweep", key.Sweep.Name),
            1 => new("trial", trial),
            2 => new("attempt", key.Attempt),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (var index = 0; index < Count; index++)
            {
                yield return this[index];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"{key.Sweep} trial {trial} attempt {key.Attempt}";
    }
}
