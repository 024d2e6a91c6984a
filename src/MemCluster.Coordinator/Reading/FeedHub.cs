using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Reading;

/// <summary>Hands events that are written, and readable, to whoever watches in this process.</summary>
public sealed class FeedHub : ISweepFeed
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _subscriptions = [];

    public IDisposable Subscribe(SweepId sweep, Action<IMessage> heard)
    {
        var subscription = new Subscription(this, sweep, heard);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    internal void Tell(IReadOnlyList<IMessage> events)
    {
        Subscription[] watching;
        lock (_gate)
        {
            watching = [.. _subscriptions];
        }

        if (watching.Length == 0)
        {
            return;
        }

        foreach (var happened in events)
        {
            var sweep = SweepOf(happened);
            foreach (var subscription in watching.Where(subscription => subscription.Sweep == sweep))
            {
                subscription.Heard(happened);
            }
        }
    }

    internal static SweepId SweepOf(IMessage happened) => happened switch
    {
        TrialMeasured measured => measured.Key.Sweep,
        TrialFound found => found.Key.Sweep,
        SweepEvent.SweepSubmitted submitted => submitted.Sweep,
        SweepEvent.SpecAmended amended => amended.Sweep,
        SweepEvent.FingerprintSettled settled => settled.Sweep,
        SweepEvent.VersionAccepted accepted => accepted.Sweep,
        SweepEvent.TrialAssigned assigned => assigned.Key.Sweep,
        SweepEvent.TrialLost lost => lost.Key.Sweep,
        SweepEvent.TrialFinished finished => finished.Key.Sweep,
        SweepEvent.TrialFailed failed => failed.Key.Sweep,
        SweepEvent.SweepHeld held => held.Sweep,
        SweepEvent.SweepResumed resumed => resumed.Sweep,
        SweepEvent.SweepCancelled cancelled => cancelled.Sweep,
        SweepEvent.TrialsRetried retried => retried.Sweep,
        SweepEvent.SeedsAsked asked => asked.Sweep,
        SweepEvent.PrioritySet set => set.Sweep,
        SweepEvent.SweepDeleted deleted => deleted.Sweep,
        _ => throw new NotSupportedException($"Of which sweep is a {happened.GetType().Name}? Say it here, or nobody hears of it."),
    };

    private sealed record Subscription(FeedHub Hub, SweepId Sweep, Action<IMessage> Heard) : IDisposable
    {
        public void Dispose()
        {
            lock (Hub._gate)
            {
                Hub._subscriptions.Remove(this);
            }
        }
    }
}
