using System.Buffers.Binary;
using System.Text.Json;
using CsCheck;
using MemCluster.Messages;
using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>The weights that a trial keeps: they are those of their epoch, whatever became of the trial on the way.</summary>
public sealed class WeightsKeepingTests
{
    private static readonly WeightsPlan Everything = new("weights last best at 1,2");

    private static readonly string[] Plans = ["weights", "weights best", "weights last best at 1,4", "weights at 2,3"];

    private static readonly TrialSettings Cnn = Trials.Small with
    {
        Data = new() { Name = "glyphs", Train = 60, Validation = 30 },
        Network = new() { Kind = NetworkSettings.Cnn, Filters = 140, Multiplier = 0.03 },
        Training = new() { Epochs = 2, Batch = 16, Rate = 0.05, Momentum = 0.9 },
    };

    private static readonly TrialSettings Diverging = Trials.Small with { Training = Trials.Small.Training with { Schedule = new(2, 1e6), Epochs = 30 } };

    [Theory]
    [InlineData("float32")]
    [InlineData("float64")]
    public void Torchs_own_layers_with_the_kept_weights_have_the_accuracy_that_was_told(string precision)
    {
        var settings = Trials.Small with { Numerics = new() { Precision = precision } };

        SameAccuracy(settings, () => nn.Sequential(
            nn.Linear(784, 40), nn.ReLU(), nn.Linear(40, 40), nn.ReLU(), nn.Linear(40, 10)), flat: true);
    }

    [Fact]
    public void Those_of_a_convolutional_network_come_with_its_running_statistics() => SameAccuracy(Cnn with { Data = Trials.Small.Data, Training = Cnn.Training with { Epochs = 8 } }, () => nn.Sequential(
        nn.Conv2d(1, 4, 5, padding: 2), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode: true),
        nn.Conv2d(4, 4, 5, padding: 2), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode: true),
        nn.Flatten(), nn.Linear(4 * 7 * 7, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 10)), flat: false);

    [Fact]
    public void Their_digest_is_the_epochs_and_keeping_them_changes_no_bit()
    {
        var (outcome, epochs, kept) = Keep(Trials.Small, Everything);
        var (plain, told, none) = Keep(Trials.Small, WeightsPlan.None);

        Assert.Empty(none);
        Assert.Equal(plain.Weights, outcome.Weights);
        Assert.Equal(plain.Measures, outcome.Measures);
        Assert.Equal(told.Select(epoch => epoch.Weights), epochs.Select(epoch => epoch.Weights));
        Assert.Equal([1, 2, 3], kept.Select(one => one.Epoch).Order());
        Assert.All(kept, one => Assert.Equal(epochs[one.Epoch - 1].Weights, Safetensors.Read(one.Values).Digest));
    }

    [Fact]
    public void The_best_are_those_of_the_first_best_epoch_and_are_kept_once_where_they_are_the_last_too()
    {
        // So many epochs, scored on so few examples: several are as good as the best.
        var settings = Trials.Small with { Data = new() { Name = "glyphs", Train = 300, Validation = 20 }, Training = Trials.Small.Training with { Epochs = 30 } };
        var (outcome, epochs, kept) = Keep(settings, new("weights best"));
        var accuracies = epochs.Select(epoch => Measures.Value(epoch, MeasureNames.ValidationAccuracy)).ToArray();
        Assert.True(accuracies.Count(accuracy => accuracy == accuracies.Max()) > 1);

        var best = Assert.Single(kept).Epoch;
        Assert.Equal(Array.IndexOf(accuracies, accuracies.Max()) + 1, best);
        Assert.Equal(outcome.Measures[MeasureNames.ValidationBestEpoch], best);

        var once = settings with { Training = settings.Training with { Epochs = best } };
        Assert.Equal([best], Keep(once, new("weights last best at " + best)).Kept.Select(one => one.Epoch));
    }

    [Fact]
    public void A_trial_that_diverges_keeps_the_last_finite_weights()
    {
        var (outcome, epochs, kept) = Keep(Diverging, new("weights last best"));

        Assert.Equal(TrialState.Diverged, outcome.State);
        Assert.Contains(kept, one => one.Epoch == outcome.Epochs);
        Assert.Contains(kept, one => one.Epoch == (int)outcome.Measures[MeasureNames.ValidationBestEpoch]);
        Assert.All(kept, one => Assert.Equal(epochs[one.Epoch - 1].Weights, Safetensors.Read(one.Values).Digest));
        Assert.Equal(outcome.Weights, Safetensors.Read(kept.MaxBy(one => one.Epoch)!.Values).Digest);
    }

    [Fact]
    public void Stopped_anywhere_and_gone_on_a_trial_keeps_the_same_weights_once() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, 3].Select(which => Plans[which]), Gen.Int[1, 5].Array[1, 3]).Sample(
            (cnn, diverges, plan, stops) =>
            {
                var settings = cnn ? Cnn : diverges ? Diverging : Trials.Small;
                settings = settings with { Training = settings.Training with { Epochs = 6 } };
                var whole = Keep(settings, new(plan));
                var parts = InParts(settings, new(plan), [.. stops.Distinct().Order()]);

                Assert.Equal(Text(whole.Kept), Text(parts));
            }, iter: 12, threads: 1);

    [Fact]
    public void A_checkpoint_of_a_trial_that_kept_other_weights_is_not_used()
    {
        var owner = new CheckpointOwner(new(1, 2), "ab", NumericsSettings.Version, "weights best");
        var file = CheckpointFile.Write(owner, new([], [], null, TimeSpan.Zero));

        Assert.NotNull(CheckpointFile.Read(file, owner).Memory);
        Assert.Equal("the sweep kept other weights then (weights best)", CheckpointFile.Read(file, owner with { Keep = "" }).Problem);
    }

    /// <summary>What a plan says of sizes is what there then is.</summary>
    [Fact]
    public void The_size_that_follows_from_the_settings_is_the_size_there_is() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 60], Gen.Bool, Gen.Bool, Gen.Int[1, 3], Gen.Bool.Select(which => which ? "glyphs" : "cifar10"), Gen.Bool).Sample(
            (depth, width, batchNorm, same, stride, data, doubles) =>
            {
                using var scope = NewDisposeScope();
                var settings = new TrialSettings
                {
                    Data = new() { Name = data },
                    Network = depth == 4
                        ? new() { Kind = NetworkSettings.Cnn, Filters = width, Multiplier = 0.3, BatchNorm = batchNorm, PoolStride = stride, Padding = same ? "same" : "valid" }
                        : new() { Depth = depth, Width = width },
                    Numerics = new() { Precision = doubles ? "float64" : "float32" },
                };
                var network = NetworkKinds.Create(settings.Network, DataCatalog.Find(data)!, new Seeds(1), doubles ? ScalarType.Float64 : ScalarType.Float32);
                var weights = NetworkWeights.Of(network);

                Assert.Equal(NetworkSize.WeightBytes(settings), weights.Data.Length);
                Assert.Equal(network.Parameters.Count + network.Buffers.Count, weights.Tensors.Select(tensor => tensor.Name).Distinct().Count());
                Assert.Equal(WeightsDigest.Of(network), weights.Digest);
            }, iter: 60, threads: 1);

    private static void SameAccuracy(TrialSettings settings, Func<nn.Module<Tensor, Tensor>> layers, bool flat)
    {
        var (_, epochs, kept) = Keep(settings, new("weights"));
        var tensors = ReadByHand(Assert.Single(kept).Values);
        var type = settings.Numerics.Precision == "float64" ? ScalarType.Float64 : ScalarType.Float32;
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var theirs = layers().to(type);
        var names = theirs.state_dict();
        Assert.Equal(names.Keys.Where(name => !name.EndsWith("num_batches_tracked", StringComparison.Ordinal)).Order(), tensors.Keys.Order());
        foreach (var (name, (shape, bytes)) in tensors)
        {
            Assert.Equal(names[name].shape, shape);
            names[name].SetBytes(bytes);
        }

        theirs.eval();
        var validation = TensorData.Validation(Corruption.Of(settings, Trials.Data), type);
        var right = theirs.forward(flat ? validation.Images.flatten(1) : validation.Images).argmax(1).eq(validation.Labels).sum().item<long>();
        Assert.Equal(Measures.Value(epochs[^1], MeasureNames.ValidationAccuracy), (double)right / validation.Count);
        Assert.True(right > validation.Count / 5);
    }

    /// <summary>Another reader than the house's own, by the format's description.</summary>
    private static Dictionary<string, (long[] Shape, byte[] Bytes)> ReadByHand(byte[] file)
    {
        var begin = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, begin - 8));
        return header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToDictionary(entry => entry.Name, entry =>
        {
            var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => begin + offset.GetInt32()).ToArray();
            return (entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray(), file[offsets[0]..offsets[1]]);
        });
    }

    private static (TrialOutcome Outcome, List<EpochMeasures> Epochs, List<Finding> Kept) Keep(TrialSettings settings, WeightsPlan plan)
    {
        var (epochs, kept) = (new List<EpochMeasures>(), new List<Finding>());
        var course = TrialCourse.Whole with { Keep = plan, Found = kept.Add };
        var outcome = TrialRun.Run(settings, Trials.Data, epoch => Hear(epoch, epochs, kept), TimeProvider.System, default, course);
        return (outcome, epochs, kept);
    }

    private static List<Finding> InParts(TrialSettings settings, WeightsPlan plan, int[] stops)
    {
        var owner = new CheckpointOwner(new(1, 2), "ab12", NumericsSettings.Version, plan.Text);
        TrialMemory? memory = null;
        foreach (var stop in stops.Append(int.MaxValue))
        {
            var (epochs, kept) = (new List<EpochMeasures>(), new List<Finding>());
            var course = new TrialCourse(memory, take =>
            {
                if (epochs.Count == stop)
                {
                    memory = CheckpointFile.Read(CheckpointFile.Write(owner, take()!), owner).Memory;
                    throw new OperationCanceledException();
                }
            })
            {
                Keep = plan,
                Found = kept.Add,
            };
            try
            {
                TrialRun.Run(settings, Trials.Data, epoch => Hear(epoch, epochs, kept), TimeProvider.System, default, course);
                return kept;
            }
            catch (OperationCanceledException)
            {
            }
        }

        throw new InvalidOperationException("It never ended.");
    }

    private static void Hear(EpochMeasures epoch, List<EpochMeasures> epochs, List<Finding> kept)
    {
        epochs.Add(epoch);
        kept.AddRange(epoch.Findings.Where(found => found.Form == FindingForms.Weights));
    }

    private static string Text(IEnumerable<Finding> kept) => string.Join('\n', kept.OrderBy(one => one.Epoch).Select(one => $"{one.Epoch} {one.Name} {Convert.ToHexString(one.Values)}"));
}
