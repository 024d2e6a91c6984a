using Akka.Actor;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <summary>
/// Writes the epochs of a sweep's trials to one shared stream: a stream per trial is thirty times slower on SQLite. It decides on a book ahead of
/// the writes, as <see cref="SweepActor"/> does; a repeat or a gap is answered with the last number that is on disk.
/// </summary>
public sealed class MetricsActor : JournaledActor
{
    private readonly SweepId _sweep;
    private readonly IActorRef _coordinator;
    private readonly IActorRef _rules;
    private readonly TimeProvider _clock;
    private MetricsBook _ahead = MetricsBook.Empty;
    private MetricsBook _written = MetricsBook.Empty;

    /// <param name="earlier">How many sweeps of that name were deleted before this one.</param>
    /// <param name="rules">The sweep's <see cref="SweepActor"/>, told how far this stream is before anybody else is.</param>
    public MetricsActor(SweepId sweep, int earlier, IActorRef coordinator, IActorRef rules, TimeProvider clock)
        : base(Streams.Metrics(sweep, earlier))
    {
        (_sweep, _coordinator, _rules, _clock) = (sweep, coordinator, rules, clock);
        Command<TrialMeasured>(Take);
        Command<TrialFound>(Take);
        Command<Forget>(forget => (_ahead, _written) = (_ahead.Forget(forget.Key), _written.Forget(forget.Key)));
        Command<Keep>(keep => (_ahead, _written) = (_ahead.Keep(keep.Running), _written.Keep(keep.Running)));
        Command<StopCoordinator>(_ => StopWhenWritten());
    }

    protected override void Replay(IMessage happened) => _written = happened switch
    {
        TrialMeasured batch => _written.Apply(batch),
        TrialFound batch => _written.Apply(batch),
        _ => throw new NotSupportedException($"a {happened.GetType().Name} is none of its events"),
    };

    protected override void Recovered()
    {
        _ahead = _written;
        if (Broken is { } broken)
        {
            _rules.Tell(new SweepActor.CantGoOn(StreamTrouble.Sentence(_sweep, broken)));
            return;
        }

        _rules.Tell(new SweepActor.Measured(Head));
        _coordinator.Tell(new RosterWord.MetricsOpened(_sweep, _written.Written));
    }

    protected override void Restore(IMessage snapshot) => _written = MetricsBook.From((MetricsSnapshot)snapshot);

    protected override IMessage Snapshot() => _written.ToSnapshot();

    protected override (TrialKey Key, int Trial)? TrialOf(IMessage happened) => happened switch
    {
        TrialMeasured batch => (batch.Key, batch.Trial),
        TrialFound batch => (batch.Key, batch.Trial),
        _ => null,
    };

    private void Take(TrialMeasured batch)
    {
        var fate = _ahead.FateOf(batch);
        if (fate != BatchFate.Fresh)
        {
            DeferAsync(batch, _ => _coordinator.Tell(new RosterWord.MeasuresTaken(batch, _written.LastEpoch(batch.Key), fate)));
            return;
        }

        _ahead = _ahead.Apply(batch);
        Write(batch, happened =>
        {
            // Forgotten meanwhile: nothing more of it will come.
            _written = _ahead.LastEpoch(happened.Key) > 0 ? _written.Apply(happened) : _written;
            _coordinator.Tell(new RosterWord.MeasuresTaken(happened, happened.LastEpoch, fate));
        });
    }

    private void Take(TrialFound batch)
    {
        var fate = _ahead.FateOf(batch);
        if (fate != BatchFate.Fresh)
        {
            DeferAsync(batch, _ => _coordinator.Tell(new RosterWord.FindingsTaken(batch.Key, _written.LastPart(batch.Key), fate)));
            return;
        }

        _ahead = _ahead.Apply(batch);
        Write(batch, happened =>
        {
            _written = _ahead.LastPart(happened.Key) > 0 ? _written.Apply(happened) : _written;
            _coordinator.Tell(new RosterWord.FindingsTaken(happened.Key, happened.LastPart, fate));
        });
    }

    private void Write<T>(T batch, Action<T> then)
        where T : IMessage
    {
        var handedOver = _clock.GetTimestamp();
        WriteAhead([batch], happened =>
        {
            CoordinatorMeters.Written("metrics", _clock.GetElapsedTime(handedOver));
            Publish(happened);
            _rules.Tell(new SweepActor.Measured(Head));
            then(happened);
            SnapshotNowAndThen();
        });
    }

    public sealed record Forget(TrialKey Key) : INoSerializationVerificationNeeded;

    /// <summary>Only these are under way: what recovery found of others need be remembered no longer.</summary>
    public sealed record Keep(IReadOnlyCollection<TrialKey> Running) : INoSerializationVerificationNeeded;
}
