using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Simulation.Tests;

/// <summary>Does what the product's SweepActor does, in virtual time.</summary>
internal sealed class SweepHost(World world, Process process, CoordinatorHost coordinator, SweepId sweep, int earlier)
    : SimulatedActor(world, process, $"sweep-{sweep}{(earlier == 0 ? "" : $".{earlier + 1}")}")
{
    private SweepBook _ahead = new(sweep);
    private SweepBook _written = new(sweep);
    private long _voice;

    /// <summary>It is this life of it that was heard last.</summary>
    public void Heard(long life) => _voice = life;

    public void Submit(SweepRequest.Submit submit, IReadOnlyList<HeldTrial> unclaimed) => Say(() =>
    {
        var decision = Submission.Decide(_ahead, submit, unclaimed, World.At);
        Apply(decision.Events);
        var book = _ahead;
        Write([.. decision.Events], Wrote, () =>
        {
            if (decision.Events.Length > 0)
            {
                coordinator.Hear(new RosterWord.SweepChanged(book.State!, book.Grid!, book.Problem));
            }

            if (decision.Reply is { } reply)
            {
                World.Operators.Answered(submit.Asker, reply);
            }

            coordinator.Hear(new RosterWord.SubmitAnswered(sweep));
        });
    });

    public void Do(SweepCommand command, string? trainer, object? asker) => Say(() =>
    {
        if (_ahead.State is not { } state)
        {
            coordinator.Hear(new RosterWord.SubmitAnswered(sweep));
            return;
        }

        var decision = SweepDecider.Decide(state, command, World.At);
        Apply(decision.Events);
        var book = _ahead;
        Write([.. decision.Events], Wrote, () =>
        {
            var state = (World.Bugs.Has(Bug.AnswerBeforeWrite) ? book : _written).State!;
            coordinator.Hear(new RosterWord.SweepDone(
                command, decision.Reply, decision.Reply is SweepReply.Assigned assigned ? [.. assigned.Trials.Select(book.Describe)] : [], state, trainer, asker));
            SnapshotNowAndThen(World.Schedule.Seed % 3 == 0 ? 7 : 40);
        });
    });

    protected override void Reset() => _ahead = _written = new(sweep);

    protected override void Restore(IMessage snapshot) => _written = _written.With((SweepSnapshot)snapshot);

    protected override void Replay(IMessage happened) => _written = _written.Apply((SweepEvent)happened);

    protected override void Recovered()
    {
        if (World.Bugs.Has(Bug.RunningForgotten) && _written.State is { } state)
        {
            foreach (var trial in state.Running.Values)
            {
                state = state.Apply(new SweepEvent.TrialLost(trial.Key, trial.Place + 1, "", 0, World.At));
            }

            _written = _written with { State = state };
        }

        _ahead = _written;
        coordinator.Hear(this, Life, _written.Standing());
    }

    protected override IMessage Snapshot() => (World.Bugs.Has(Bug.SnapshotTooEarly) ? _ahead : _written).State!.ToSnapshot();

    private void Say(Action word)
    {
        if (_voice == Life)
        {
            Tell(word);
        }
    }

    private void Wrote(IMessage happened) => _written = _written.Apply((SweepEvent)happened);

    private void Apply(ImmutableArray<SweepEvent> events) => _ahead = events.Aggregate(_ahead, (book, happened) => book.Apply(happened));
}
