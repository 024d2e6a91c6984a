using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Cluster;
using Akka.Persistence;
using MemCluster.Hosting;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>
/// The cluster singleton: knows which sweeps there are and who is connected, and matches trials with trainers. It remembers almost nothing
/// itself: what happened to trials is written by the sweeps, who is here is told by the trainers again after every change of coordinator.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's end is PostStop; there the gauges are disposed of.")]
public sealed partial class CoordinatorActor : ReceivePersistentActor, IWithTimers
{
    private readonly CoordinatorSettings _settings;
    private readonly TimeProvider _clock;
    private readonly long _beganAt;
    private readonly ILogger _log = Context.System.LogOf<CoordinatorActor>();

    private readonly CoordinatorGauges _gauges;
    private readonly Dictionary<SweepId, SweepDesk> _desks = [];
    private readonly HashSet<SweepId> _known = [];
    private readonly HashSet<SweepId> _ended = [];

    /// <summary>How many sweeps of a name were deleted: the next one's streams are counted by it.</summary>
    private readonly Dictionary<SweepId, int> _forgotten = [];
    private readonly Dictionary<string, TrainerSeat> _seats = [];

    /// <summary>Processes whose name a newer process took over: they must not take it back.</summary>
    private readonly HashSet<Guid> _replaced = [];

    /// <summary>Trainer processes that are to get no new trials.</summary>
    private readonly HashSet<Guid> _drained = [];
    private long _term;

    public CoordinatorActor(CoordinatorSettings settings, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _beganAt = clock.GetTimestamp();
        _gauges = new(Context.System, settings.InCluster);

        Recover<CoordinatorEvent.SweepRegistered>(registered =>
        {
            _known.Add(registered.Sweep);
            _ended.Remove(registered.Sweep);
        });
        Recover<CoordinatorEvent.SweepEnded>(ended => _ended.Add(ended.Sweep));
        Recover<CoordinatorEvent.TermBegan>(began => _term = began.Term);
        Recover<CoordinatorEvent.TermHeld>(_ => { });
        Recover<CoordinatorEvent.SweepForgotten>(Note);
        Recover<CoordinatorEvent.TrainerDrained>(Note);
        Recover<RecoveryCompleted>(_ => Begin());

        Command<Submit>(TakeSweep);
        Command<ControlSweep>(Take);
        Command<DrainTrainer>(Take);
        Command<AskWhereabouts>(_ => Sender.Tell(new Whereabouts(_term, _settings.Node, _settings.Api)));
        Command<AskLive>(_ => Sender.Tell(Live()));
        Command<TrainerWord.RegisterTrainer>(Register);
        Command<TrainerWord>(word => Known(word) is not null, word => Hear(Known(word)!, word));
        Command<TrainerWord>(_ => Sender.Tell(new CoordinatorWord.RegisterAgain(_term)));
        Command<SweepActor.Opened>(
            opened => opened.Recovered && _desks[opened.Spec.Name].RulesOpen, opened => ConfirmTerm(() => Open(opened)));
        Command<SweepActor.Opened>(Open);
        Command<SweepActor.Gone>(gone => Forget(gone.Sweep, null));
        Command<SweepActor.Empty>(empty => OpenWithoutTrials(_desks[empty.Sweep], null));
        Command<SweepActor.Unreadable>(sweep => OpenWithoutTrials(_desks[sweep.Sweep], sweep.Why));
        Command<SweepActor.Done>(Settle);
        Command<MetricsActor.Opened>(
            opened => _desks.GetValueOrDefault(opened.Sweep)?.MetricsOpen == true, opened => ConfirmTerm(() => OpenMetrics(opened)));
        Command<MetricsActor.Opened>(OpenMetrics);
        Command<MetricsActor.Taken>(Acknowledge);
        Command<MetricsActor.TakenFindings>(Acknowledge);
        Command<FindKept>(Find);
        Command<KeptFound>(Take);
        Command<Tick>(_ =>
        {
            LookAtLeases();
            ShowGauges();
        });
        Command<LeasesEnd>(_ => EndLeases());
        Command<Terminated>(gone => Lose(_seats.Values.FirstOrDefault(seat => gone.ActorRef.Equals(seat.Trainer)), "left the cluster"));
        Command<ClusterEvent.UnreachableMember>(change => Reach(change.Member.Address, false));
        Command<ClusterEvent.ReachableMember>(change => Reach(change.Member.Address, true));
        Command<ClusterEvent.CurrentClusterState>(_ => { });
        Command<StopCoordinator>(_ => StopInOrder());
    }

    public override string PersistenceId => "coordinator";

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _clock.GetElapsedTime(_beganAt);

    private bool Ready => _desks.Values.All(desk => desk.IsOpen);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _log.NotWritten(cause, PersistenceId, sequenceNr, @event.GetType().Name);
        Context.Stop(Self);
    }

    /// <summary>The actor ends by itself after this.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _log.NotWritten(cause, PersistenceId, sequenceNr, @event.GetType().Name);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => _log.NotRecovered(reason, PersistenceId);

    private void Begin()
    {
        if (!IsMine())
        {
            return;
        }

        var handedOver = _clock.GetTimestamp();
        Persist(new CoordinatorEvent.TermBegan(_term + 1, _settings.Node, _clock.GetUtcNow()), began =>
        {
            CoordinatorMeters.Written("coordinator", _clock.GetElapsedTime(handedOver));
            _term = began.Term;
            _settings.Standing.Begin(Singleton, _term);
            foreach (var sweep in _known.Except(_ended))
            {
                OpenDesk(sweep);
            }

            if (_settings.InCluster)
            {
                Cluster.Get(Context.System).Subscribe(
                    Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.UnreachableMember), typeof(ClusterEvent.ReachableMember));
            }

            Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TimeSpan.FromSeconds(1));
            _log.TermBegan(_settings.Node, _term, _known.Count, _ended.Count);
        });
    }

    private void StopInOrder()
    {
        foreach (var desk in _desks.Values)
        {
            desk.Rules.Tell(StopCoordinator.Instance);
            desk.Metrics.Tell(StopCoordinator.Instance);
        }

        DeferAsync(StopCoordinator.Instance, _ => Context.Stop(Self));
    }

    /// <summary>Every second; tests, which move the clock by hand, send it themselves.</summary>
    internal sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}

/// <param name="Node">Address of this node, for the record of terms.</param>
/// <param name="Lease">A trial whose trainer is silent for this long is given to another.</param>
/// <param name="InCluster">False in tests of the actor alone.</param>
public sealed record CoordinatorSettings(string Node, TimeSpan Lease, bool InCluster = true)
{
    /// <summary>Address of this node's HTTP API, as other hosts reach it.</summary>
    public string Api { get; init; } = "";

    public Standing Standing { get; init; } = new();

    /// <summary>Asked before a trial that needs scores is sent to its trainer. It answers from another thread.</summary>
    public FindScores Scores { get; init; } =
        (grid, _) => Task.FromException<Scored>(new InvalidOperationException($"Nobody reads the scores of {grid.Spec.Name} here."));

    /// <summary>Null where every sweep that is not over gets trainers; else only these, and who asks for one adds it.</summary>
    public AskedSweeps? Only { get; init; }

    /// <summary>Called when another coordinator has taken over without this one's knowing: leave the cluster.</summary>
    public Action Replaced { get; init; } = () => { };
}
