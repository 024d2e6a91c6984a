using CsCheck;
using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

/// <summary>A trial that is stopped between two epochs and goes on elsewhere is the trial that was never stopped, to the bit.</summary>
public sealed class CheckpointTests
{
    private static readonly CheckpointOwner Owner = new(new(1, 2), "ab12", NumericsSettings.Version);

    private static readonly Regularizer Everything =
        new() { Dropout = 0.2, InputDropout = 0.1, InputNoise = 0.1, HiddenNoise = 0.05, WeightDecay = 1e-4, DecayOn = "all", Adversarial = 0.4, AdversarialIterations = 2 };

    private static readonly Regularizer[] Regularizers = [new(), new() { Dropout = 0.5 }, new() { InputNoise = 0.2 }, Everything];

    /// <summary>Networks × regularizers × optimizers × schedule × precision × measures, stopped after any epochs, each time through a file.</summary>
    private static readonly Gen<(TrialSettings Settings, int[] Stops)> Drawn = Gen.Select(
        Gen.Int[-1, 3], Gen.Int[1, 24], Gen.Int[0, 3].Select(which => Regularizers[which]),
        Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Int[1, 5].Array[1, 3], (depth, width, regularizer, optimizer, doubles, measures, stops) => (
            Trials.Small with
            {
                Network = depth < 0 ? new() { Kind = "cnn", Filters = 50, Multiplier = width / 300.0 } : new() { Depth = depth, Width = width },
                Regularizer = regularizer,
                Training = new()
                {
                    Epochs = 6,
                    Batch = 64,
                    Rate = optimizer == 2 ? 0.002 : 0.05,
                    Momentum = optimizer == 1 ? 0.9 : 0,
                    Optimizer = optimizer == 2 ? Optimizer.Adam : Optimizer.Sgd,
                    Schedule = doubles ? new(2, 0.5) : null,
                },
                Numerics = new() { Precision = doubles ? "float64" : "float32" },
                Measures = measures ? new() { Learning = new("every 1"), El2n = new("at 0,3"), Norms = new("every 2") } : null,
            },
            stops.Distinct().Order().ToArray()));

    [Fact]
    public void Stopped_anywhere_and_gone_on_a_trial_tells_and_ends_in_the_same_bits() => Drawn.Sample(
        drawn => Assert.Equal(Whole(drawn.Settings), InParts(drawn.Settings, drawn.Stops)), iter: 25, threads: 1);

    [Fact]
    public void A_trial_that_stops_early_by_itself_does_so_in_parts_too()
    {
        var settings = Trials.Small with { Training = Trials.Small.Training with { Epochs = 40, StopAtTrainAccuracy = 0.7 } };
        var epochs = Trials.Run(settings).Epochs.Count;

        Assert.InRange(epochs, 3, 39);
        Assert.Equal(Whole(settings), InParts(settings, [1, epochs - 1]));
    }

    [Fact]
    public void A_trial_in_two_phases_goes_on_in_either_of_them()
    {
        var settings = Trials.Small with
        {
            Training = Trials.Small.Training with { Epochs = 6, SecondSplit = new(3, 0.4) },
            Measures = new() { Learning = new("every 1"), SecondSplit = new("every 1") },
        };

        Assert.Equal(Whole(settings), InParts(settings, [1, 3, 5]));
    }

    [Fact]
    public void A_diverging_trial_diverges_at_the_same_place()
    {
        var settings = Trials.Small with { Training = Trials.Small.Training with { Schedule = new(2, 1e6), Epochs = 30 } };
        var outcome = Trials.Run(settings).Outcome;

        Assert.Equal(TrialState.Diverged, outcome.State);
        Assert.InRange(outcome.Epochs, 2, 29);
        Assert.Equal(Whole(settings), InParts(settings, [1, 2]));
    }

    [Fact]
    public void A_damaged_a_torn_or_a_foreign_checkpoint_is_not_used()
    {
        var memory = MemoryAfter(Trials.Small, 2);
        var file = CheckpointFile.Write(Owner, memory);

        Assert.NotNull(CheckpointFile.Read(file, Owner).Memory);
        Gen.Int[0, file.Length - 1].Sample(at =>
        {
            var damaged = file.ToArray();
            damaged[at] ^= 1;
            Assert.Equal("it is damaged", CheckpointFile.Read(damaged, Owner).Problem);
            Assert.Equal("it is damaged", CheckpointFile.Read(file[..at], Owner).Problem);
        }, iter: 50);
        Assert.StartsWith("it belongs to cell", CheckpointFile.Read(file, Owner with { Cell = new(3, 4) }).Problem, StringComparison.Ordinal);
        Assert.StartsWith("it was trained on a machine of other arithmetic", CheckpointFile.Read(file, Owner with { Fingerprint = "cd" }).Problem, StringComparison.Ordinal);
        Assert.StartsWith("it was trained with", CheckpointFile.Read(file, Owner with { NumericsVersion = "x" }).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_keeps_the_last_one_whole_and_forgets_what_has_ended()
    {
        var home = Directory.CreateTempSubdirectory("memcluster-checkpoints-").FullName;
        try
        {
            var said = new List<string>();
            var folder = new CheckpointFolder(Path.Combine(home, "deep", "er"), said.Add);
            folder.Prepare();
            Assert.Null(folder.Find(Owner));

            Assert.True(folder.Keep(Owner, MemoryAfter(Trials.Small, 1)));
            Assert.True(folder.Keep(Owner, MemoryAfter(Trials.Small, 2)));
            Assert.Equal(2, folder.Find(Owner)!.Epoch);
            Assert.Single(Directory.GetFiles(Path.Combine(home, "deep", "er")));
            Assert.Empty(said);

            File.WriteAllText(folder.PathOf(Owner.Cell), "half a file");
            Assert.Null(folder.Find(Owner));
            Assert.EndsWith("is not used: it is damaged.", Assert.Single(said), StringComparison.Ordinal);
            folder.Forget(Owner.Cell);
            Assert.Empty(Directory.GetFiles(Path.Combine(home, "deep", "er")));

            Directory.Delete(Path.Combine(home, "deep"), recursive: true);
            File.WriteAllText(Path.Combine(home, "deep"), "no folder");
            Assert.False(folder.Keep(Owner, MemoryAfter(Trials.Small, 1)));
            Assert.Equal(2, said.Count);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static TrialMemory MemoryAfter(TrialSettings settings, int epoch)
    {
        TrialMemory? memory = null;
        Assert.ThrowsAny<OperationCanceledException>(() => Run(settings, null, epoch, kept => memory = kept));
        return memory!;
    }

    private static string Whole(TrialSettings settings)
    {
        var (outcome, epochs) = Trials.Run(settings);
        return Told(outcome, epochs);
    }

    private static string InParts(TrialSettings settings, int[] stops)
    {
        TrialMemory? memory = null;
        foreach (var stop in stops)
        {
            try
            {
                var (outcome, told) = Run(settings, memory, stop, kept => memory = kept);
                return Told(outcome, told); // It ended before it was to be stopped.
            }
            catch (OperationCanceledException)
            {
                memory = CheckpointFile.Read(CheckpointFile.Write(Owner, memory!), Owner).Memory;
                Assert.Equal(stop, memory!.Epoch);
            }
        }

        var (end, epochs) = Run(settings, memory, int.MaxValue, _ => { });
        return Told(end, epochs);
    }

    private static (TrialOutcome Outcome, List<EpochMeasures> Epochs) Run(TrialSettings settings, TrialMemory? from, int stopAfter, Action<TrialMemory> keep)
    {
        var epochs = new List<EpochMeasures>();
        var course = new TrialCourse(from, take =>
        {
            if (epochs.Count == stopAfter)
            {
                keep(take()!);
                throw new OperationCanceledException();
            }
        });
        return (TrialRun.Run(settings, Trials.Data, epochs.Add, TimeProvider.System, default, course), epochs);
    }

    private static string Told(TrialOutcome outcome, List<EpochMeasures> epochs) => string.Join('\n', epochs.Select(epoch =>
            $"{epoch.Epoch} {epoch.Weights} {string.Join(' ', epoch.Values.Select(BitConverter.DoubleToInt64Bits))} "
            + string.Join(' ', epoch.Findings.Select(found => $"{found.Epoch} {found.Name} {Convert.ToHexString(found.Values)}"))))
        + $"\n{outcome.State} {outcome.Epochs} {outcome.Weights} {string.Join(' ', outcome.Measures)}";
}
