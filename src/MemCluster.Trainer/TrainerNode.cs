using Akka.Actor;
using MemCluster.Hosting;
using MemCluster.Learning;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>
/// A trainer at work, in a node of its own or beside a coordinator. With a node of its own it survives the loss of its coordinator, and of that node: its
/// threads train on while the coordinator is looked for, if need be from a new node.
/// </summary>
public sealed class TrainerNode : IAsyncDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private readonly TrainerOptions _options;
    private readonly OwnNode? _own;
    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly ILogger _log;
    private readonly TrainerGauges _gauges;
    private readonly TrainerCard _card;
    private readonly ITraining _training;
    private readonly TrainingFloor _floor;
    private volatile IActorRef _actor = ActorRefs.Nobody;

    private TrainerNode(TrainerOptions options, OwnNode? own, ILoggerFactory logs)
    {
        (_options, _own) = (options, own);
        _log = logs.CreateLogger<TrainerNode>();

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
        _training = options.Training ?? (options.Workers ? WorkerTraining.Of(options.Data, _card.InstructionSet, logs) : Training.Of(options.Data));
        var folder = options.Checkpoints is { } checkpoints ? new CheckpointFolder(checkpoints, _log.Checkpoint) : null;
        _floor = new(
            options.Slots, _training, options.Clock, logs,
            new TrialKeeper(folder, options.CheckpointEvery, _training.Fingerprint, options.Clock));
        _gauges = new(_floor, options.Slots);
    }

    /// <summary>Done, with the coordinator's sentence, if it will not have this trainer.</summary>
    public Task<string> Refused => _refused.Task;

    /// <summary>Works in a node of its own. Done once a coordinator has answered.</summary>
    /// <exception cref="TimeoutException">None ever will, or none has for as long as this trainer was to wait.</exception>
    /// <exception cref="FormatException">An address is not HOST:PORT.</exception>
    public static async Task<TrainerNode> Start(TrainerOptions options, NodeOptions node, CancellationToken stop)
    {
        var own = new OwnNode(node, options, options.Clock);
        var trainer = new TrainerNode(options, own, node.Logs);
        try
        {
            own.Begin(trainer.Speak);
            await own.Found(stop).ConfigureAwait(false);
        }
        catch
        {
            await trainer.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        own.Keep(trainer.Speak, () => trainer._floor.Hand.Count);
        return trainer;
    }

    /// <summary>Works in a node that runs already.</summary>
    /// <param name="coordinator">The singleton's proxy in that node.</param>
    public static TrainerNode StartIn(ActorSystem system, IActorRef coordinator, TrainerOptions options)
    {
        var trainer = new TrainerNode(options, null, system.Logs());
        trainer.Speak(system, coordinator);
        return trainer;
    }

    /// <summary>Done once the coordinator knows this trainer.</summary>
    public Task Registered(CancellationToken stop) => _actor.Ask<TrainerActor.IsRegistered>(new TrainerActor.AwaitRegistered(), Timeout.InfiniteTimeSpan, stop);

    /// <summary>For probes. A trainer without a coordinator is alive: its threads train on.</summary>
    public async Task<NodeHealth> Health(CancellationToken cancel)
    {
        if (_own?.Trouble is { } trouble)
        {
            return new(null, trouble);
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
        _own?.LetGo();
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
        _floor.StopAll();
        if (_own is null)
        {
            await _actor.GracefulStop(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        }
        else
        {
            await _own.DisposeAsync().ConfigureAwait(false);
        }

        _gauges.Dispose();
        if (_options.Training is null)
        {
            (_training as IDisposable)?.Dispose();
        }
    }

    private void Speak(ActorSystem system, IActorRef coordinator)
    {
        var (name, incarnation, card, training, clock, floor) = (_options.Name, _incarnation, _card, _training, _options.Clock, _floor);
        Action<string> refused = reason => _refused.TrySetResult(reason);
        _actor = system.ActorOf(
            Props.Create(() => new TrainerActor(name, incarnation, card, coordinator, training, clock, refused, floor)), "trainer");
    }
}
