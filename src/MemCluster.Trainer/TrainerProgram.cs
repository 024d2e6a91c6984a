using System.Globalization;
using System.Runtime.InteropServices;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Telemetry;

namespace MemCluster.Trainer;

/// <summary>The trainer as an executable of its own: joins a cluster, trains until told to stop.</summary>
public static class TrainerProgram
{
    private const string Help = """
        memcluster-trainer --join HOST:PORT[,HOST:PORT…] [--slots N] [--name NAME] [--data DIR] [options]

          --join HOST:PORT,…      the coordinator's address; where there are several, all of them
          --slots N               trials trained at once (default: one a core)
          --name NAME             a name to keep over restarts (default HOST-PID)
          --data DIR              folder of data sets
          --label NAME            what sweeps may ask for (requires: { label: NAME }); may be given again and again
          --memory SIZE           memory that trials may ask for together, such as 8GiB (default: all there is)
          --checkpoints DIR       keep trials here between epochs, so that another attempt goes on from there; machines may
                                  share the folder (default: none, an attempt begins at the beginning)
          --checkpoint-every S    keep a trial at most every so many seconds of training (default 60)
          --drain-within S        after SIGTERM trials stop at the end of their epoch, at the latest after so many seconds
                                  (default 60); Ctrl-C stops them at once
          --listen HOST:PORT      address to bind (default 127.0.0.1, a free port)
          --advertise HOST:PORT   what others dial, where it differs
          --certificates DIR      ca.crt, node.crt, node.key, of the cluster's CA
          --health HOST:PORT      answer /health/live and /health/ready there over HTTP, for probes (default: nowhere)
          --device auto|cpu|cuda:N
                                  where to compute (default auto: a graphics card where build and machine have one, else the
                                  processor); on a card only sweeps with numerics: cuda come
          --numerics avx2|avx512|native  instruction set to compute with (default avx2)
          --hocon FILE            Akka's own settings, on top of ours; AKKA__… variables lie on top of it
          --log FILE|stderr       where log lines go (default stderr)
          --log-format text|json  a line for people, or a JSON object (default text)
          --verbose               log every trial's begin and end
          --otlp URL              send measurements, spans and log lines to this OpenTelemetry collector
                                  (default: OTEL_EXPORTER_OTLP_ENDPOINT; else nowhere)
        """;

    public static async Task<int> Run(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(Help);
            return 0;
        }

        try
        {
            var list = new ArgumentList(args);
            var join = SeedNodes.Parse(list.TakeAll("--join"));
            if (join.Count == 0)
            {
                throw new FormatException("--join HOST:PORT is missing: the address of the coordinator, or of several with commas between.");
            }

            var (host, port) = list.Take("--listen") is { } listen ? Node.ParseAddress(listen) : ("127.0.0.1", 0);
            var defaults = new TrainerOptions();
            var options = new TrainerOptions
            {
                Slots = Slots(list.Take("--slots"), defaults.Slots),
                Name = list.Take("--name") ?? defaults.Name,
                Data = list.Take("--data"),
                Checkpoints = list.Take("--checkpoints"),
                CheckpointEvery = Seconds(list, "--checkpoint-every", 1, defaults.CheckpointEvery),
                DrainWithin = Seconds(list, "--drain-within", 0, defaults.DrainWithin),
                Labels = Labels(list.TakeAll("--label")),
                MemoryBytes = Memory(list.Take("--memory"), defaults.MemoryBytes),
                InstructionSet = Arithmetic(list.Take("--device"), list.Take("--numerics")),
                Health = list.Take("--health") is { } health ? Node.ParseAddress(health) : null,
            };
            var node = new NodeOptions
            {
                Profiles = ["trainer"],
                Host = host,
                Port = port,
                Advertise = list.Take("--advertise"),
                Join = join,
                Certificates = list.Take("--certificates") is { } folder ? NodeCertificates.Load(folder) : null,
                Tuning = Tuning.Read(list.Take("--hocon")),
            };
            var log = LogOptions.Of(list.Take("--log"), list.Take("--log-format"), list.TakeSwitch("--verbose"), null);
            var otlp = OtlpOptions.Of(list.Take("--otlp"));
            list.RefuseRest();
            Prepare(options.Checkpoints);
            using var telemetry = NodeTelemetry.Open(log, otlp, "memcluster-trainer", options.Name);
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
            ? HealthDoor.Open(at.Host, at.Port, cancel => started?.Health(cancel) ?? Task.FromResult(new NodeHealth(null, "it is joining the cluster")))
            : null;
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

    private static int Slots(string? text, int otherwise) => text is null ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slots) && slots is >= 1 and <= 1024 ? slots
        : throw new FormatException($"--slots {text} is no whole number from 1 to 1024.");

    /// <summary>Pins the processor first: looking for a graphics card loads the library that would read the pin.</summary>
    /// <returns>What the trainer announces.</returns>
    private static string Arithmetic(string? device, string? numerics)
    {
        if (numerics is not (null or NumericsSettings.Avx2 or NumericsSettings.Avx512 or NumericsSettings.Native))
        {
            throw new FormatException($"--numerics {numerics} is not one of avx2, avx512, native; a graphics card is chosen with --device cuda:0.");
        }

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

    private static TimeSpan Seconds(ArgumentList list, string option, int least, TimeSpan otherwise) => list.Take(option) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= least && seconds <= 86_400 ? TimeSpan.FromSeconds(seconds)
        : throw new FormatException($"{option} {text} is no whole number of seconds from {least} to 86400.");

    private static IReadOnlyList<string> Labels(IReadOnlyList<string> labels) => labels.FirstOrDefault(label => !NodeLabel.IsValid(label)) is { } wrong
        ? throw new FormatException($"--label '{wrong}' is no label: {NodeLabel.Expected}.")
        : labels;

    private static long Memory(string? text, long otherwise) => text is null ? otherwise
        : MemorySize.TryParse(text, out var bytes) ? bytes
        : throw new FormatException($"--memory '{text}' is not {MemorySize.Expected}.");
}
