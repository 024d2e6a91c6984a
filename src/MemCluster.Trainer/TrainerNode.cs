using Akka.Actor;
using Akka.Event;
using MemCluster.Hosting;
using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>A trainer at work, in a node of its own or beside a coordinator.</summary>
public sealed class TrainerNode : IAsyncDisposable
{
    private readonly IActorRef _actor;
    private readonly ActorSystem? _own;
    private readonly TaskCompletionSource<string> _refused;

    private TrainerNode(IActorRef actor, ActorSystem? own, TaskCompletionSource<string> refused) => (_actor, _own, _refused) = (actor, own, refused);

    /// <summary>Done, with the coordinator's sentence, if it will not have this trainer.</summary>
    public Task<string> Refused => _refused.Task;

    /// <summary>Joins a cluster with a node of its own.</summary>
    /// <exception cref="TimeoutException">Nobody answers at the addresses to join.</exception>
    /// <exception cref="FormatException">An address is not HOST:PORT.</exception>
    public static async Task<TrainerNode> Start(TrainerOptions options, NodeOptions node, CancellationToken stop)
    {
        var system = Node.Create(node);
        try
        {
            await Node.JoinAsync(system, node, TimeSpan.FromSeconds(30), stop).ConfigureAwait(false);
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }

        return Create(options, system, Node.CoordinatorProxy(system), system);
    }

    /// <summary>Works in a node that runs already.</summary>
    /// <param name="coordinator">The singleton's proxy in that node.</param>
    public static TrainerNode StartIn(ActorSystem system, IActorRef coordinator, TrainerOptions options) => Create(options, system, coordinator, null);

    /// <summary>Done once the coordinator knows this trainer.</summary>
    public Task Registered(CancellationToken stop) => _actor.Ask<TrainerActor.IsRegistered>(new TrainerActor.AwaitRegistered(), Timeout.InfiniteTimeSpan, stop);

    /// <summary>Stops training, hands everything back, and waits at most this long for it to be written down.</summary>
    /// <param name="why">Stands in the record of each attempt.</param>
    /// <returns>False if nobody answered in time; the trials are then taken up when their leases run out, or at the next start.</returns>
    public async Task<bool> Leave(string why, TimeSpan within)
    {
        try
        {
            await _actor.Ask<TrainerActor.HasLeft>(new TrainerActor.Leave(why), within).ConfigureAwait(false);
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is null)
        {
            await _actor.GracefulStop(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        }
        else
        {
            await CoordinatedShutdown.Get(_own).Run(CoordinatedShutdown.ClrExitReason.Instance).ConfigureAwait(false);
        }
    }

    private static TrainerNode Create(TrainerOptions options, ActorSystem system, IActorRef coordinator, ActorSystem? own)
    {
        // Pinned before anything loads libtorch. A machine that can't be pinned says so, and offers what it can.
        var problem = NumericsPin.Pin(options.InstructionSet);
        if (problem is not null)
        {
            system.Log.Warning("{0}", problem);
            NumericsPin.Pin(NumericsSettings.Native);
        }

        var card = new TrainerCard(
            Environment.MachineName, Environment.ProcessId, options.Slots, Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "cpu",
            problem is null ? options.InstructionSet : NumericsSettings.Native, null, []);
        var training = new Training(new DataSource(DataFolder.Find(options.Data)), TimeProvider.System);
        var refused = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<string> refuse = reason => refused.TrySetResult(reason);
        var incarnation = Guid.NewGuid();
        var actor = system.ActorOf(
            Props.Create(() => new TrainerActor(options.Name, incarnation, card, coordinator, training, TimeProvider.System, refuse)), "trainer");
        return new(actor, own, refused);
    }
}
