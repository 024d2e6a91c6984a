using Akka.Actor;
using Akka.TestKit;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Tests;

/// <summary>A coordinator with its sweeps, a clock moved by hand, and trainers in the hands of the test.</summary>
public abstract class CoordinatorTests : ActorTests
{
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly TestProbe _asker;

    protected CoordinatorTests()
        : base(InMemory)
    {
        _asker = CreateTestProbe();
        Coordinator = Start();
    }

    protected IActorRef Coordinator { get; private set; }

    /// <summary>What the coordinator is told of scores.</summary>
    protected FindScores Scores { get; set; } = (_, _) => Task.FromResult<Scored>(new Scored.Found(null));

    /// <summary>The process dies, and another begins.</summary>
    /// <param name="only">The sweeps that it works on; null: all.</param>
    protected void Restart(AskedSweeps? only = null)
    {
        Kill(Coordinator);
        Coordinator = Start(only);
        Eventually(() => Assert.DoesNotContain("its journal is being read", Live().Waiting.Values));
    }

    private protected FakeTrainer Trainer(string name = "lab-1", Guid? incarnation = null) => new(this, Coordinator, name, incarnation);

    protected SubmitReply Submit(SweepSpec spec)
    {
        Coordinator.Tell(new Submit(spec, AcceptVersion: false), _asker);
        return _asker.ExpectMsg<SubmitReply>();
    }

    protected LiveAnswer Live()
    {
        Coordinator.Tell(new AskLive(), _asker);
        return _asker.ExpectMsg<LiveAnswer>();
    }

    /// <summary>Time passes, and the coordinator looks at its leases.</summary>
    protected void Pass(double seconds)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        Coordinator.Tell(CoordinatorActor.Tick.Instance);
        Live();
    }

    /// <summary>Events of the sweep's control stream, as they stand in the journal.</summary>
    protected IReadOnlyList<T> Journaled<T>(string sweep = "s") => [.. Stream.Of(Sys, $"sweep-{sweep}").OfType<T>()];

    /// <summary>Asks again until it is so, for what happens in actors further away.</summary>
    protected static void Eventually(Action assertion)
    {
        for (var patience = 0; ; patience++)
        {
            try
            {
                assertion();
                return;
            }
            catch (Xunit.Sdk.XunitException) when (patience < 100)
            {
                Thread.Sleep(50);
            }
        }
    }

    private IActorRef Start(AskedSweeps? only = null)
    {
        var clock = Clock;
        var settings = new CoordinatorSettings("here:1", Lease, false) { Scores = (grid, place) => Scores(grid, place), Only = only };
        return Sys.ActorOf(Props.Create(() => new CoordinatorActor(settings, clock)));
    }
}
