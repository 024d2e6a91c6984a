using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

// What the read model's actor is told and asked.
internal sealed partial class ReadModelActor
{
    /// <summary>Answered with <see cref="Flushed"/> when everything written before is in the read model.</summary>
    public sealed record Flush : INoSerializationVerificationNeeded;

    /// <summary>Look at the whole journal once more: another coordinator may have written there. A <see cref="Flush"/> waits for it.</summary>
    public sealed record Look : INoSerializationVerificationNeeded;

    public sealed record Flushed : INoSerializationVerificationNeeded
    {
        public static readonly Flushed Instance = new();
    }

    private sealed record Known(
        IReadOnlyCollection<SweepId> Sweeps, IReadOnlyCollection<SweepId> Ended, IReadOnlyDictionary<SweepId, int> Forgotten) : INoSerializationVerificationNeeded
    {
        public static Known Of(IEnumerable<object> events)
        {
            var (sweeps, ended, forgotten) = (new HashSet<SweepId>(), new HashSet<SweepId>(), new Dictionary<SweepId, int>());
            foreach (var happened in events)
            {
                switch (happened)
                {
                    case CoordinatorEvent.SweepForgotten gone:
                        sweeps.Remove(gone.Sweep);
                        ended.Remove(gone.Sweep);
                        forgotten[gone.Sweep] = forgotten.GetValueOrDefault(gone.Sweep) + 1;
                        break;
                    case CoordinatorEvent.SweepRegistered registered:
                        sweeps.Add(registered.Sweep);
                        ended.Remove(registered.Sweep);
                        break;
                    case CoordinatorEvent.SweepEnded over:
                        ended.Add(over.Sweep);
                        break;
                }
            }

            return new(sweeps, ended, forgotten);
        }
    }

    private sealed record Batch(IReadOnlyList<Written> Events) : INoSerializationVerificationNeeded;

    private sealed record Folded : INoSerializationVerificationNeeded
    {
        public static readonly Folded Instance = new();
    }

    private sealed record CaughtUp(SweepId Sweep) : INoSerializationVerificationNeeded;

    /// <param name="Again">What to do about it.</param>
    private sealed record Unreadable(string What, string Why, object Again) : INoSerializationVerificationNeeded;

    private sealed record FindSweeps : INoSerializationVerificationNeeded;

    private sealed record ReadAgain(SweepId Sweep) : INoSerializationVerificationNeeded;

    private sealed class Follow : INoSerializationVerificationNeeded
    {
        public static readonly Follow Instance = new();
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
