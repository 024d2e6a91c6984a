using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MemCluster.Learning;
using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Benchmarks;

/// <summary>
/// What a pin costs: a training step of the product's loop under each <c>numerics</c>, in processes of their own (a pin holds for its process), in turn.
/// Processor time of the training thread, the best of several rounds: other work on the machine moves it little.
/// </summary>
internal static partial class StepCosts
{
    public const string Word = "steps";

    private const int Rounds = 3;

    private static readonly string[] Pins = [NumericsSettings.Native, NumericsSettings.Avx512, NumericsSettings.Avx2];

    private static readonly (string Name, NetworkSettings Network, int Batch, int Steps)[] Shapes =
    [
        ("(16,32)", new() { Depth = 2, Width = 16 }, 32, 600), ("(64,32)", new() { Depth = 2, Width = 64 }, 32, 400),
        ("(256,32)", new() { Depth = 2, Width = 256 }, 32, 200), ("(512,128)", new() { Depth = 2, Width = 512 }, 128, 60),
        ("(1024,128)", new() { Depth = 2, Width = 1024 }, 128, 30),
        ("cnn × 0.06, 64", new() { Kind = NetworkSettings.Cnn, Multiplier = 0.06 }, 64, 20),
        ("cnn × 0.25, 64", new() { Kind = NetworkSettings.Cnn, Multiplier = 0.25 }, 64, 6),
        ("cnn × 1, 64", new() { Kind = NetworkSettings.Cnn }, 64, 2),
    ];

    /// <summary>A row a shape: microseconds a step under each pin, and each over the fastest.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments is [var pin])
        {
            return One(pin);
        }

        var best = Pins.ToDictionary(name => name, _ => Enumerable.Repeat(double.PositiveInfinity, Shapes.Length).ToArray());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var name in Pins)
            {
                var start = new ProcessStartInfo(Environment.ProcessPath!, [Word, name]) { RedirectStandardOutput = true };
                using var process = Process.Start(start)!;
                var told = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
                process.WaitForExit();
                foreach (var (place, text) in told.Index())
                {
                    best[name][place] = Math.Min(best[name][place], double.Parse(text, CultureInfo.InvariantCulture));
                }
            }
        }

        Console.WriteLine($"{Processor.Name}; microseconds of processor time a step, and over the fastest");
        Console.WriteLine($"{"",-16}{string.Concat(Pins.Select(name => $"{name,18}"))}");
        foreach (var (place, shape) in Shapes.Index())
        {
            var fastest = Pins.Min(name => best[name][place]);
            Console.WriteLine($"{shape.Name,-16}{string.Concat(Pins.Select(name => string.Create(CultureInfo.InvariantCulture, $"{best[name][place],11:0} {best[name][place] / fastest,6:0.00}")))}");
        }

        return 0;
    }

    private static int One(string pin)
    {
        if (NumericsPin.Pin(pin) is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 2;
        }

        set_num_threads(1);
        foreach (var (_, network, batch, steps) in Shapes)
        {
            Console.WriteLine(Step(network, batch, steps).ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    private static double Step(NetworkSettings network, int batch, int steps)
    {
        using var scope = NewDisposeScope();
        var settings = new TrialSettings
        {
            Data = new() { Name = DataCatalog.Glyphs.Name },
            Network = network,
            Training = new() { Epochs = 4, Batch = batch, Rate = 0.01, Momentum = 0.9 },
        };
        var examples = Glyphs.Make("train", batch * steps);
        var data = Corruption.Apply(new DataSelection(DataCatalog.Glyphs, examples, examples), Noise.None, settings.Seed);
        var made = NetworkKinds.Create(network, data.Card, new Seeds(0), ScalarType.Float32);
        var (best, before) = (double.PositiveInfinity, Now());
        var train = TensorData.Train(data, ScalarType.Float32);
        TrainingLoop.Train(settings, Learner.Of(settings, made, train.PixelUnits), train, Measure, _ => { }, CancellationToken.None);
        return best;

        EpochMeasures Measure(int epoch)
        {
            best = Math.Min(best, (Now() - before) / steps);
            before = Now();
            return new(epoch, [.. MeasureNames.Epoch.Select(_ => 0.5)], "");
        }
    }

    /// <summary>Processor time of this thread in microseconds.</summary>
    private static double Now()
    {
        const int ThreadCpu = 3;
        _ = GetTime(ThreadCpu, out var time);
        return time.Seconds * 1e6 + time.Nanoseconds / 1e3;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
