using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Simulation.Tests;

/// <summary>Does what the product's MetricsActor does, in virtual time.</summary>
internal sealed class MetricsHost(World world, Process process, CoordinatorHost coordinator, SweepId sweep, int earlier)
    : SimulatedActor(world, process, $"metrics-{sweep}{(earlier == 0 ? "" : $".{earlier + 1}")}-0")
{
    private MetricsBook _ahead = MetricsBook.Empty;
    private MetricsBook _written = MetricsBook.Empty;

    public void Take(TrialMeasured batch) => Tell(() =>
    {
        var fate = _ahead.FateOf(batch);
        if (fate == BatchFate.Repeat && World.Bugs.Has(Bug.NoDeduplication))
        {
            fate = BatchFate.Fresh;
        }

        if (fate != BatchFate.Fresh)
        {
            Write([], _ => { }, () => coordinator.Hear(new RosterWord.MeasuresTaken(batch, _written.LastEpoch(batch.Key), fate)));
            return;
        }

        _ahead = _ahead.Apply(batch);
        Write([batch], _ =>
        {
            _written = _ahead.LastEpoch(batch.Key) > 0 ? _written.Apply(batch) : _written;
            coordinator.Hear(new RosterWord.MeasuresTaken(batch, batch.LastEpoch, fate));
            SnapshotNowAndThen(World.Schedule.Seed % 3 == 0 ? 7 : 60);
        }, () => { });
    });

    public void Forget(TrialKey key) => Tell(() => (_ahead, _written) = (_ahead.Forget(key), _written.Forget(key)));

    public void Keep(IReadOnlyCollection<TrialKey> running) => Tell(() => (_ahead, _written) = (_ahead.Keep(running), _written.Keep(running)));

    protected override void Reset() => _ahead = _written = MetricsBook.Empty;

    protected override void Restore(IMessage snapshot) => _written = MetricsBook.From((MetricsSnapshot)snapshot);

    protected override void Replay(IMessage happened) => _written = _written.Apply((TrialMeasured)happened);

    protected override void Recovered()
    {
        _ahead = _written;
        coordinator.Hear(new RosterWord.MetricsOpened(sweep, _written.Written));
    }

    protected override IMessage Snapshot() => (World.Bugs.Has(Bug.SnapshotTooEarly) ? _ahead : _written).ToSnapshot();
}
