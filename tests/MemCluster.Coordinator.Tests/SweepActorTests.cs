using Akka.Actor;
using Akka.TestKit;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Tests.Postgres;

namespace MemCluster.Coordinator.Tests;

/// <summary>What the sweep's actor promises whatever journal it writes to.</summary>
public abstract class SweepActorTests : ActorTests
{
    private readonly TestProbe _coordinator;
    private readonly TestProbe _asker;
    private readonly TestProbe _heard;
    private IActorRef _actor;

    protected SweepActorTests(string journal)
        : base(journal)
    {
        _coordinator = CreateTestProbe();
        _asker = CreateTestProbe();
        _heard = CreateTestProbe();
        Sys.EventStream.Subscribe(_heard, typeof(Written));
        _actor = Start();
    }

    [JournalFact]
    public void A_sweep_that_was_never_begun_says_so()
    {
        _coordinator.ExpectMsg(new RosterWord.SweepEmpty(Sweep));
    }

    [JournalFact]
    public void Submitting_begins_the_sweep_and_submitting_again_goes_on_with_it()
    {
        Assert.False(Submit(4).Continued);
        _coordinator.FishForMessage<RosterWord.SweepChanged>(changed => changed.State.Counts().Pending == 4);

        var again = Submit(4);

        Assert.True(again.Continued);
        Assert.Equal(4, again.Counts.Pending);
        Assert.Empty(again.Problems);
        Assert.IsType<SweepEvent.SweepSubmitted>(_heard.ExpectMsg<Written>().Event);
        _heard.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [JournalFact]
    public void Another_spec_of_the_same_name_is_refused_with_the_difference_and_changes_nothing()
    {
        Submit(4);

        var other = Submit(5);

        Assert.NotEmpty(other.Problems);
        Assert.Contains(other.Problems, problem => problem.Contains("seeds", StringComparison.Ordinal));
        Assert.Equal(4, other.Counts.Trials);
    }

    [JournalFact]
    public void Trials_are_assigned_with_what_a_trainer_needs_and_end_once()
    {
        Submit(4);

        var assigned = Assign(2);
        Assert.Equal([1, 2], assigned.Select(trial => trial.Trial));
        Assert.Equal(Sleeps(4).Base.Training, assigned[0].Settings.Training);
        Assert.Equal("seed 0", assigned[0].Label);

        var done = Do(Finish(assigned[0].Key));
        Assert.Equal(new SweepReply.Noted(), done.Reply);
        Assert.Equal(new TrialCounts(4, 2, 1, 1, 0, 0, 0), done.State.Counts());
        Assert.Equal(new SweepReply.Stale(), Do(Finish(assigned[0].Key)).Reply);
    }

    [JournalFact]
    public void What_was_written_is_there_again_after_a_crash_in_the_middle()
    {
        Submit(4);
        var assigned = Assign(3);
        Do(Finish(assigned[0].Key));
        Do(new SweepCommand.ReleaseTrial(assigned[1].Key, "its trainer left", 2));

        var opened = Again();

        Assert.Equal(new TrialCounts(4, 2, 1, 1, 0, 0, 0), opened.State.Counts());
        Assert.Equal(assigned[2].Key, Assert.Single(opened.State.Running.Values).Key);
        Assert.Null(opened.Problem);
        Assert.Equal([assigned[1].Key with { Attempt = 2 }], Assign(1).Select(trial => trial.Key));
        Assert.Equal(new SweepReply.Stale(), Do(Finish(assigned[1].Key)).Reply);
        Assert.Equal(new SweepReply.Noted(), Do(Finish(assigned[2].Key)).Reply);
    }

    [JournalFact]
    public void Events_are_told_after_their_write_under_numbers_without_gaps_also_after_a_crash()
    {
        Submit(3);
        Do(Finish(Assign(2)[0].Key));
        Again();
        Do(Finish(Assign(1)[0].Key));

        var told = Enumerable.Range(0, 6).Select(_ => _heard.ExpectMsg<Written>()).ToArray();

        Assert.Equal([1, 2, 3, 4, 5, 6], told.Select(written => written.Number));
        Assert.All(told, written => Assert.Equal("sweep-s", written.Stream));
    }

    [JournalFact]
    public void Many_commands_at_once_are_answered_in_their_order()
    {
        Submit(200);
        foreach (var _ in Enumerable.Range(0, 200))
        {
            _actor.Tell(new SweepActor.Do(new SweepCommand.AssignTrials("t", 1, "avx2", "")));
        }

        var trials = Enumerable.Range(0, 200).Select(_ => Assert.Single(NextDone().Assignments).Trial);

        Assert.Equal(Enumerable.Range(1, 200), trials);
    }

    [JournalFact]
    public void A_snapshot_and_what_came_after_it_are_the_whole_sweep()
    {
        Submit(3000);
        var assigned = Assign(3000);
        foreach (var trial in assigned.Take(2990))
        {
            _actor.Tell(new SweepActor.Do(Finish(trial.Key)));
        }

        var counts = Enumerable.Range(0, 2990).Select(_ => NextDone().State.Counts()).ToArray()[^1];

        var opened = Again();

        Assert.Equal(counts, opened.State.Counts());
        Assert.Equal(assigned.Skip(2990).Select(trial => trial.Key), opened.State.Running.Values.OrderBy(trial => trial.Place).Select(trial => trial.Key));
    }

    private IActorRef Start()
    {
        IActorRef coordinator = _coordinator;
        var clock = Clock;
        return Sys.ActorOf(Props.Create(() => new SweepActor(Sweep, 0, coordinator, clock)));
    }

    private RosterWord.SweepOpened Again()
    {
        Kill(_actor);
        while (_coordinator.HasMessages)
        {
            _coordinator.ReceiveOne(TimeSpan.Zero);
        }

        _actor = Start();
        return _coordinator.ExpectMsg<RosterWord.SweepOpened>();
    }

    private SubmitReply Submit(int trials)
    {
        _actor.Tell(new SweepActor.Submit(new(Sleeps(trials), AcceptVersion: false, _asker.Ref), []));
        return _asker.ExpectMsg<SubmitReply>();
    }

    private RosterWord.SweepDone Do(SweepCommand command)
    {
        _actor.Tell(new SweepActor.Do(command));
        return NextDone();
    }

    private RosterWord.SweepDone NextDone() => _coordinator.FishForMessage<RosterWord.SweepDone>(_ => true);

    private System.Collections.Immutable.ImmutableArray<TrialAssignment> Assign(int room) => Do(new SweepCommand.AssignTrials("t", room, "avx2", "")).Assignments;

    private static SweepCommand.ReportFinished Finish(TrialKey key) => new(key, Outcomes.Finished(), TimeSpan.FromSeconds(1));
}

public sealed class SweepActorInMemoryTests() : SweepActorTests(InMemory);

public sealed class SweepActorOnSqliteTests() : SweepActorTests(Sqlite);

public sealed class SweepActorOnPostgresTests() : SweepActorTests(Postgres);
