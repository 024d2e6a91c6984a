using Akka.Actor;
using Akka.Pattern;
using Akka.TestKit;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Tests;
using MemCluster.Tests.Postgres;

namespace MemCluster.Coordinator.Tests;

/// <summary>Two coordinators that each think they are the one: for a moment there may be such, at the two sides of a cut.</summary>
public abstract class TwoWritersTests : ActorTests
{
    private readonly TestProbe _heard;
    private readonly TestProbe _asker;

    private protected TwoWritersTests(string journal)
        : base(journal) => (_heard, _asker) = (CreateTestProbe(), CreateTestProbe());

    [JournalFact]
    public void What_the_second_writes_over_the_first_is_refused_and_it_goes_on_from_what_the_first_wrote()
    {
        var (first, second) = (Writer("first"), Writer("second"));
        first.Tell(Submission);
        _asker.ExpectMsg<SubmitReply>();
        _heard.FishForMessage<RosterWord.SweepChanged>(changed => changed.State.Counts().Pending == 4);
        second.Tell(Submission); // Knows nothing of the first's, so its write must fail.
        _heard.FishForMessage<RosterWord.SweepOpened>(opened => opened.State.Counts().Pending == 4);

        Assert.Equal(1, Assert.Single(Assign(second).Assignments).Trial);
        first.Tell(new SweepActor.Do(new SweepCommand.AssignTrials("a", 1, "avx2", ""))); // Would be trial 1 once more.
        _heard.FishForMessage<RosterWord.SweepOpened>(opened => opened.State.Counts().Running == 1);
        Assert.Equal(2, Assert.Single(Assign(first).Assignments).Trial);

        Assert.Equal([1, 2], Stream.Of(Sys, "sweep-s").OfType<SweepEvent.TrialAssigned>().Select(assigned => assigned.Trial));
        _asker.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [JournalFact]
    public void The_coordinator_that_was_replaced_without_knowing_finds_it_out_at_its_next_write_and_gives_way()
    {
        var gaveWay = CreateTestProbe();
        var (first, second) = (Coordinator("one", gaveWay), Coordinator("two", gaveWay)); // The second's term is the later one.
        second.Tell(new Submit(Sleeps(4), AcceptVersion: false), _asker);
        _asker.ExpectMsg<SubmitReply>();

        first.Tell(new Submit(Sleeps(4, "other"), AcceptVersion: false), _asker);

        gaveWay.ExpectMsg("one", TimeSpan.FromSeconds(20));
        Assert.Equal(2, Term(second));
        Assert.Equal(
            [1, 2], Stream.Of(Sys, "coordinator").OfType<CoordinatorEvent.TermBegan>().Select(began => began.Term)); // And never comes back.
    }

    [JournalFact]
    public void A_sweep_that_was_written_by_another_coordinator_makes_this_one_look_whether_it_still_is_one()
    {
        var gaveWay = CreateTestProbe();
        var first = Coordinator("one", gaveWay);
        first.Tell(new Submit(Sleeps(4), AcceptVersion: false), _asker);
        _asker.ExpectMsg<SubmitReply>();
        var second = Coordinator("two", gaveWay);
        second.Tell(new ControlSweep(Sweep, new SweepCommand.Control.SetPriority(1)), _asker);
        _asker.ExpectMsg<ControlReply>();

        first.Tell(new ControlSweep(Sweep, new SweepCommand.Control.SetPriority(2)), _asker);

        gaveWay.ExpectMsg("one", TimeSpan.FromSeconds(20));
        Assert.Equal(1, Assert.Single(Stream.Of(Sys, "sweep-s").OfType<SweepEvent.PrioritySet>()).Priority);
    }

    [JournalFact]
    public void A_coordinator_that_woke_up_takes_no_trials_away_that_another_looks_after_by_now()
    {
        var gaveWay = CreateTestProbe();
        var first = Coordinator("one", gaveWay);
        first.Tell(new Submit(Sleeps(1), AcceptVersion: false), _asker);
        _asker.ExpectMsg<SubmitReply>();
        var trainer = new FakeTrainer(this, first, "lab-1").Register();
        trainer.Want(1);
        trainer.Take();
        Coordinator("two", gaveWay, new HandClock());

        Clock.Advance(TimeSpan.FromSeconds(20)); // For the first alone: all that it has heard is long ago.
        gaveWay.ExpectMsg("one", TimeSpan.FromSeconds(20));

        Assert.Empty(Stream.Of(Sys, "sweep-s").OfType<SweepEvent.TrialLost>());
    }

    private long Term(IActorRef coordinator)
    {
        coordinator.Tell(AskWhereabouts.Instance, _asker);
        return _asker.FishForMessage<Whereabouts>(_ => true).Term;
    }

    /// <summary>As a node keeps it.</summary>
    private IActorRef Coordinator(string node, TestProbe gaveWay, HandClock? itsOwn = null)
    {
        var clock = itsOwn ?? Clock;
        var settings = new CoordinatorSettings(node, TimeSpan.FromSeconds(15), InCluster: false) { Replaced = () => gaveWay.Tell(node) };
        var coordinator = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(
            Props.Create(() => new CoordinatorActor(settings, clock)), "it", TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), 0, -1)));
        Term(coordinator);
        return coordinator;
    }

    private SweepActor.Submit Submission => new(new(Sleeps(4), AcceptVersion: false, _asker.Ref), []);

    private RosterWord.SweepDone Assign(IActorRef writer)
    {
        writer.Tell(new SweepActor.Do(new SweepCommand.AssignTrials("a", 1, "avx2", "")));
        return _heard.FishForMessage<RosterWord.SweepDone>(_ => true);
    }

    /// <summary>As the coordinator keeps it: started again after a write that failed.</summary>
    private IActorRef Writer(string name)
    {
        IActorRef heard = _heard;
        var clock = Clock;
        var writer = Sys.ActorOf(
            BackoffSupervisor.Props(Backoff.OnStop(
                Props.Create(() => new SweepActor(Sweep, 0, heard, clock)), "it", TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), 0, -1)),
            name);
        _heard.ExpectMsg<RosterWord.SweepEmpty>();
        return writer;
    }
}

public sealed class TwoWritersOnSqliteTests() : TwoWritersTests(Sqlite);

public sealed class TwoWritersOnPostgresTests() : TwoWritersTests(Postgres);
