using Akka.Actor;
using MemCluster.Hosting;
using MemCluster.Learning;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>
/// A trainer at work, in a node of its own or beside a coordinator. With a node of its own it survives the loss of its cluster: a node that was
/// cut off for too long is taken out and can't come back, so it makes a new one and joins again, while its training threads go on.
/// </summary>
public sealed class TrainerNode : IAsyncDisposable
{
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan JoinAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private readonly TrainerOptions _options;
    private readonly NodeOptions? _own;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly ILogger _log;
    private readonly TrainerGauges _gauges;
    private readonly TrainerCard _card;
    private readonly Training _training;
    private readonly TrainingFloor _floor;
    private ActorSystem _system;
    private IActorRef _actor = ActorRefs.Nobody;

    private TrainerNode(TrainerOptions options, NodeOptions? own, ActorSystem system)
    {
        (_options, _own, _system) = (options, own, system);
        _log = system.LogOf<TrainerNode>();

        // Pinned before anything loads libtorch. A machine that can't be pinned says so, and offers what it can.
        var problem = NumericsPin.Pin(options.InstructionSet);
        if (problem is not null)
        {
            _log.NotPinned(problem);
            NumericsPin.Pin(NumericsSettings.Native);
        }

        _card = new(
            Environment.MachineName, Environment.ProcessId, options.Slots, Environment.ProcessorCount,
            options.MemoryBytes, ComputeDevice.Name,
            problem is null ? options.InstructionSet : NumericsSettings.Native, null, [.. options.Labels.Distinct().Order(StringComparer.Ordinal)]);
        _training = new(new DataSource(DataFolder.Find(options.Data)), TimeProvider.System);
        var folder = options.Checkpoints is { } checkpoints ? new CheckpointFolder(checkpoints, _log.Checkpoint) : null;
        _floor = new(
            options.Slots, _training, TimeProvider.System, system.Logs(),
            new TrialKeeper(folder, options.CheckpointEvery, _training.Fingerprint, TimeProvider.System));
        _gauges = new(_floor, options.Slots);
    }

    /// <summary>Done, with the coordinator's sentence, if it will not have this trainer.</summary>
    public Task<string> Refused => _refused.Task;

    /// <summary>Joins a cluster with a node of its own.</summary>
    /// <exception cref="TimeoutException">Nobody answers at the addresses to join.</exception>
    /// <exception cref="FormatException">An address is not HOST:PORT.</exception>
    public static async Task<TrainerNode> Start(TrainerOptions options, NodeOptions node, CancellationToken stop)
    {
        var trainer = new TrainerNode(options, node, await Join(node, stop).ConfigureAwait(false));
        trainer.Speak(Node.CoordinatorProxy(trainer._system));
        _ = trainer.StayJoined();
        return trainer;
    }

    /// <summary>Works in a node that runs already.</summary>
    /// <param name="coordinator">The singleton's proxy in that node.</param>
    public static TrainerNode StartIn(ActorSystem system, IActorRef coordinator, TrainerOptions options)
    {
        var trainer = new TrainerNode(options, null, system);
        trainer.Speak(coordinator);
        return trainer;
    }

    /// <summary>Done once the coordinator knows this trainer.</summary>
    public Task Registered(CancellationToken stop) => _actor.Ask<TrainerActor.IsRegistered>(new TrainerActor.AwaitRegistered(), Timeout.InfiniteTimeSpan, stop);

    /// <summary>For probes. A trainer that has lost its cluster and makes itself a new node is alive: its threads train on.</summary>
    public async Task<NodeHealth> Health(CancellationToken cancel)
    {
        if (_own is not null && _system.WhenTerminated.IsCompleted)
        {
            return new(null, "it has lost its cluster and joins again");
        }

        try
        {
            var registered = await _actor.Ask<bool>(TrainerActor.AskRegistered.Instance, AnswerWithin, cancel).ConfigureAwait(false);
            return new(null, registered ? null : "no coordinator knows it yet");
        }
        catch (AskTimeoutException)
        {
            return new("its actor does not answer", "its actor does not answer");
        }
    }

    /// <summary>Stops training, hands everything back, and waits at most this long for it to be written down.</summary>
    /// <param name="why">Stands in the record of each attempt.</param>
    /// <returns>False if nobody answered in time; the trials are then taken up when their leases run out, or at the next start.</returns>
    public Task<bool> Leave(string why, TimeSpan within) => Leave(new TrainerActor.Leave(why), within);

    /// <summary>As <see cref="Leave(string, TimeSpan)"/>, but trials may end the epoch they are in.</summary>
    /// <param name="epochWithin">What is still in its epoch after this long is stopped.</param>
    public Task<bool> Drain(string why, TimeSpan epochWithin, TimeSpan within) => Leave(new TrainerActor.Leave(why, epochWithin), epochWithin + within);

    private async Task<bool> Leave(TrainerActor.Leave leave, TimeSpan within)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _actor.Ask<TrainerActor.HasLeft>(leave, within).ConfigureAwait(false);
            return true;
        }
        catch (AskTimeoutException)
        {
            _floor.StopAll();
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _floor.StopAll();
        if (_own is null)
        {
            await _actor.GracefulStop(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        }
        else
        {
            await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClrExitReason.Instance).ConfigureAwait(false);
        }

        _gauges.Dispose();
        _stop.Dispose();
    }

    private static async Task<ActorSystem> Join(NodeOptions node, CancellationToken stop)
    {
        var system = Node.Create(node);
        try
        {
            await Node.JoinAsync(system, node, JoinWithin, stop).ConfigureAwait(false);
            return system;
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    private void Speak(IActorRef coordinator)
    {
        var (name, incarnation, card, training, floor) = (_options.Name, _incarnation, _card, _training, _floor);
        Action<string> refused = reason => _refused.TrySetResult(reason);
        _actor = _system.ActorOf(
            Props.Create(() => new TrainerActor(name, incarnation, card, coordinator, training, TimeProvider.System, refused, floor)), "trainer");
    }

    /// <summary>The actor system ends by itself when the cluster has taken this node out; everything else stays.</summary>
    private async Task StayJoined()
    {
        while (true)
        {
            await _system.WhenTerminated.ConfigureAwait(false);
            if (!_stop.IsCancellationRequested)
            {
                _log.LostCluster(_options.Name, _floor.Hand.Count);
            }

            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    _system = await Join(_own!, _stop.Token).ConfigureAwait(false);
                    break;
                }
                catch (TimeoutException nobody)
                {
                    _log.NotJoinedYet(_options.Name, nobody.Message);
                    await Task.Delay(JoinAgainAfter, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }

            if (_stop.IsCancellationRequested)
            {
                return;
            }

            _log.JoinedAgain(_options.Name, _floor.Hand.Count);
            Speak(Node.CoordinatorProxy(_system));
        }
    }
}
