using System.Runtime.InteropServices;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Telemetry;

namespace MemCluster.Trainer;

/// <summary>The trainer as a process: joins a cluster, trains until told to stop.</summary>
public static class TrainerProgram
{
    /// <param name="args">As an executable of its own gets them.</param>
    /// <returns>The exit code; 2 if the arguments are wrong.</returns>
    public static Task<int> Run(string[] args) => NodeCommand.Run(NodeVerb.Trainer, args, said => Run(said, workers: OperatingSystem.IsLinux()));

    /// <param name="workers">As in <see cref="TrainerOptions.Workers"/>.</param>
    /// <returns>The exit code; 2 if it can't be started so, and a sentence says why.</returns>
    public static async Task<int> Run(NodeValues said, bool workers)
    {
        try
        {
            var defaults = new TrainerOptions();
            var options = new TrainerOptions
            {
                Slots = said.Of(NodeArguments.TrainerSlots),
                Name = said.Of(NodeArguments.Name) ?? defaults.Name,
                Data = said.Of(NodeArguments.Data),
                Checkpoints = said.Of(NodeArguments.Checkpoints),
                CheckpointEvery = TimeSpan.FromSeconds(said.Of(NodeArguments.CheckpointEvery)),
                DrainWithin = TimeSpan.FromSeconds(said.Of(NodeArguments.DrainWithin)),
                Wait = said.Of(NodeArguments.Wait) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.Wait,
                Labels = said.Of(NodeArguments.Label),
                MemoryBytes = said.Of(NodeArguments.Memory) ?? defaults.MemoryBytes,
                InstructionSet = Arithmetic(said.Of(NodeArguments.Device), said.Of(NodeArguments.Numerics)),
                Clock = NodeClock.Here(),
                Workers = workers,
                Health = said.Of(NodeArguments.Health) is { } health ? (health.Host, health.Port) : null,
            };
            var node = said.Node(["trainer"], NodeArguments.Listen) with { Join = said.Of(NodeArguments.Join) };
            Prepare(options.Checkpoints);
            using var telemetry = NodeTelemetry.Open(said.Log(NodeArguments.Log, null), said.Otlp(), "memcluster-trainer", options.Name);
            return await Work(options, node with { Logs = telemetry.Logs }).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is FormatException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return 2;
        }
    }

    /// <summary>Trains until SIGINT, SIGTERM, or a refusal.</summary>
    /// <returns>0 after SIGTERM, 130 after Ctrl-C, 2 if the coordinator refused.</returns>
    /// <exception cref="TimeoutException">Nobody answers at the address to join.</exception>
    /// <exception cref="FormatException">An address is not HOST:PORT.</exception>
    public static async Task<int> Work(TrainerOptions options, NodeOptions node)
    {
        using var stop = new StopSignals();
        TrainerNode? started = null;
        await using var health = options.Health is { } at
            ? HealthDoor.Open(at.Host, at.Port, async cancel => (await Look(cancel).ConfigureAwait(false)).NotLive, async cancel => (await Look(cancel).ConfigureAwait(false)).NotReady)
            : null;
        Task<NodeHealth> Look(CancellationToken cancel) => started?.Health(cancel) ?? Task.FromResult(new NodeHealth(null, "it is joining the cluster"));
        Console.WriteLine($"Trainer {options.Name} joins {string.Join(", ", node.Join)} …");
        TrainerNode joined;
        try
        {
            joined = await TrainerNode.Start(options, node, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            Console.WriteLine("Stopped before it had joined.");
            return await stop.ExitCode().ConfigureAwait(false);
        }

        await using var trainer = joined;
        started = trainer;
        Console.WriteLine($"Joined, with {options.Slots} slots. Ctrl-C hands its trials back and leaves.");
        if (await Task.WhenAny(stop.Signal, trainer.Refused).ConfigureAwait(false) == trainer.Refused)
        {
            await Console.Error.WriteLineAsync(await trainer.Refused.ConfigureAwait(false)).ConfigureAwait(false);
            return 2;
        }

        if (await stop.Signal.ConfigureAwait(false) == PosixSignal.SIGINT)
        {
            await trainer.Leave($"{options.Name} was stopped", options.LeaveWithin).ConfigureAwait(false);
            return 130;
        }

        Console.WriteLine($"Draining: trials stop after their epoch, at the latest in {options.DrainWithin.TotalSeconds:0} s.");
        await trainer.Drain("it was drained", options.DrainWithin, options.LeaveWithin).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Pins the processor first: looking for a graphics card loads the library that would read the pin.</summary>
    /// <returns>What the trainer announces.</returns>
    private static string Arithmetic(string? device, string? numerics)
    {
        if (device is not (null or Learning.ComputeDevice.Cpu) && numerics is not null)
        {
            throw new FormatException($"--numerics {numerics} is for the processor; leave it out with --device {device}, or say --device cpu.");
        }

        if (Learning.ComputeDevice.HasCuda && device is not Learning.ComputeDevice.Cpu && numerics is null)
        {
            Learning.NumericsPin.Pin(NumericsSettings.Avx2); // If there is no card; where it can't be, the node says so when it begins.
        }

        var problem = Learning.ComputeDevice.Choose(numerics is null ? device ?? Learning.ComputeDevice.Auto : Learning.ComputeDevice.Cpu);
        return problem is not null ? throw new FormatException(problem)
            : Learning.ComputeDevice.IsCuda ? NumericsSettings.Cuda
            : numerics ?? NumericsSettings.Avx2;
    }

    private static void Prepare(string? checkpoints)
    {
        try
        {
            if (checkpoints is not null)
            {
                new Learning.CheckpointFolder(checkpoints, _ => { }).Prepare();
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"--checkpoints {checkpoints} is no folder that can be written to: {problem.Message}");
        }
    }
}
