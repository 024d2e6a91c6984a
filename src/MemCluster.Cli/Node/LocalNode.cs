using MemCluster.Coordinator;
using MemCluster.Hosting;
using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Telemetry;
using MemCluster.Trainer;
using Microsoft.Extensions.Logging;

namespace MemCluster.Cli;

/// <summary>One machine, one process: the same coordinator and trainer as in a cluster of many, in one node.</summary>
internal sealed class LocalNode : ILocalNode
{
    /// <summary>How often, and over how long, a coordinator must have failed to come up before it is given up.</summary>
    private const int Failures = 5;

    private static readonly TimeSpan FailingFor = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LastWordsWithin = TimeSpan.FromMilliseconds(500);

    private readonly CoordinatorNode _coordinator;
    private readonly TrainerNode? _trainer;
    private readonly WorkerTraining? _training;
    private readonly NodeTelemetry _telemetry;
    private bool _stopped;

    private LocalNode(CoordinatorNode coordinator, TrainerNode? trainer, WorkerTraining? training, NodeTelemetry telemetry) =>
        (_coordinator, _trainer, _training, _telemetry) = (coordinator, trainer, training, telemetry);

    public IOperator Operator => _coordinator.Operator;

    public ISweepFeed Feed => _coordinator.Feed;

    public string Address => _coordinator.Address;

    public Task<string> JournalLost => _coordinator.JournalLost;

    public string? JournalProblem() => _coordinator.JournalProblem();

    /// <param name="workers">Whether each slot trains in a process of its own (<see cref="TrainerOptions.Workers"/>).</param>
    /// <exception cref="UserError">The home is taken, the address is taken, or the machine can't compute as the sweep asks.</exception>
    public static async Task<ILocalNode> Start(LocalNodeOptions options, bool workers, CancellationToken cancel)
    {
        if (options.Slots > 0 && options.InstructionSet == NumericsSettings.Cuda && ComputeDevice.Choose("cuda:0") is { } noCard)
        {
            throw new UserError(noCard);
        }

        if (options.Slots > 0 && NumericsPin.Pin(options.InstructionSet) is { } problem)
        {
            throw new UserError(problem);
        }

        var said = options.Said;
        var home = new Home(said.Of(NodeArguments.Home));
        var node = Sentence.Of(() => said.Node(options.Slots > 0 ? ["coordinator", "local"] : ["coordinator"], NodeArguments.Listen));
        var log = said.Log(NodeArguments.HomeLog, home.LogFile);
        var telemetry = NodeTelemetry.Open(log, Sentence.Of(said.Otlp), "memcluster-run", node.Advertise ?? Environment.MachineName);
        var training = workers ? WorkerTraining.Of(said.Of(NodeArguments.Data), options.InstructionSet, telemetry.Logs) : null;
        try
        {
            if (options is { Slots: > 0, ComputesTensors: true } && options.Trials.Any(sweep => HomeAccess.EndedAtAGlance(home, sweep.Key) < sweep.Value))
            {
                training?.Begin(); // A worker that loads libtorch and tries what it computes takes as long as all the rest of a start, and needs nothing of it.
            }

            return await Start(options, training, home, node with { Logs = telemetry.Logs }, log, telemetry, cancel);
        }
        catch
        {
            training?.Dispose();
            telemetry.Dispose();
            throw;
        }
    }

    public Task<IReadOnlyList<string>> WriteResults(SweepId sweep, bool atOnce, CancellationToken cancel) => _coordinator.WriteResults(sweep, atOnce, cancel);

    public Task CloseRows() => _coordinator.CloseRows();

    public void Note(string warning) => LocalNodeLines.Noted(_telemetry.Logs.CreateLogger<LocalNode>(), warning);

    public async Task Stop(TimeSpan within)
    {
        _stopped = true;
        _telemetry.Flush(LastWordsWithin);
        if (_trainer is not null)
        {
            await _trainer.Leave("the run was interrupted", within);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_trainer is not null && !_stopped)
        {
            await _trainer.DisposeAsync();
        }

        await _coordinator.DisposeAsync();
        _training?.Dispose();
        _telemetry.Dispose();
    }

    private static async Task<LocalNode> Start(
        LocalNodeOptions options, WorkerTraining? training, Home home, NodeOptions node, LogOptions log, NodeTelemetry telemetry, CancellationToken cancel)
    {
        var said = options.Said;
        var coordinator = await CoordinatorNode.Start(
            new CoordinatorOptions
            {
                Home = home,
                Journal = JournalArgument.Of(said.Of(NodeArguments.Journal)),
                OnlyWhatIsAsked = true,
                ApiFollows = true,
                Node = node,
                Api = new() { Certificates = node.Certificates },
            },
            cancel);
        if (options.Slots == 0)
        {
            return new LocalNode(coordinator, null, training, telemetry);
        }

        // Under one name at every start: what a killed run left behind is then taken up at once, not after a lease.
        var here = new TrainerOptions();
        var trainer = TrainerNode.StartIn(coordinator.System, coordinator.Proxy, here with
        {
            Name = "local",
            Slots = options.Slots,
            Labels = said.Of(NodeArguments.Label),
            MemoryBytes = said.Of(NodeArguments.Memory) ?? here.MemoryBytes,
            Training = training,
            Data = said.Of(NodeArguments.Data),
            Checkpoints = home.CheckpointsFolder,
            InstructionSet = options.InstructionSet,
        });
        try
        {
            await ComesUp(coordinator, trainer.Registered(cancel), cancel);
            return new LocalNode(coordinator, trainer, training, telemetry);
        }
        catch (TimeoutException)
        {
            throw new UserError($"The coordinator did not come up: it failed again and again for {FailingFor.TotalSeconds:0} s; {log.File ?? "its log"} says why.");
        }
    }

    /// <summary>
    /// However long it takes: one that reads a large journal, or waits for its turn on a busy machine, says nothing meanwhile. One whose journal can't be read
    /// is started again and again, and between two tries others answer for it.
    /// </summary>
    /// <exception cref="TimeoutException">It fails, and will.</exception>
    private static async Task ComesUp(CoordinatorNode coordinator, Task up, CancellationToken cancel)
    {
        var (failures, clock) = (0, System.Diagnostics.Stopwatch.StartNew());
        while (await Task.WhenAny(up, coordinator.JournalLost, Task.Delay(LookEvery, cancel)) != up)
        {
            cancel.ThrowIfCancellationRequested();
            if (coordinator.JournalLost.IsCompleted)
            {
                throw new UserError(await coordinator.JournalLost);
            }

            failures += await coordinator.IsFailing(cancel) ? 1 : 0;
            if (failures >= Failures && clock.Elapsed >= FailingFor)
            {
                throw new TimeoutException();
            }
        }

        await up;
    }
}
