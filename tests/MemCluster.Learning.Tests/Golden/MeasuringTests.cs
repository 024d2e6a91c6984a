using CsCheck;
using MemCluster.Messages;
using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>What holds of the measures on any network; their numbers are held to the golden cases.</summary>
public sealed class MeasuringTests
{
    private static readonly ExampleLoss CrossEntropy = new ExampleLoss.CrossEntropy();

    private static Tensor Draw(string what, params long[] shape) => Probes.Gaussian(new Seeds(3), what, shape, ScalarType.Float64);

    private static Tensor[] Dense(params int[] widths) =>
    [
        .. widths.Zip(widths.Skip(1), (from, to) => new[] { Draw($"w{from}", to, from) / Math.Sqrt(from), Draw($"b{from}", to) * 0.1 }).SelectMany(both => both),
    ];

    private static Tensor Labels(int count, int classes) => Tensors.Indices(Enumerable.Range(0, count).Select(i => i * 7 % classes));

    private static UnrolledRun Run(IDifferentiableNetwork network, int steps = 30) => new(
        network, CrossEntropy, Dense(5, 4, 3, 3), Draw("x", 12, 5), Labels(12, 3), UnrolledRuns.DrawMinibatches(new Seeds(9), steps, 4, 12), 0.2);

    [Fact]
    public void Columns_at_once_and_one_by_one_are_the_same_for_every_depth_and_loss()
    {
        using var scope = NewDisposeScope();
        int[][] shapes = [[5, 3], [5, 4, 3], [5, 4, 6, 2, 3]];
        foreach (var (widths, loss) in shapes.SelectMany(widths => new (int[], ExampleLoss)[] { (widths, CrossEntropy), (widths, new ExampleLoss.SmoothedLog()) }))
        {
            var parameters = Dense(widths);
            var columns = parameters.Select((value, place) => Draw($"v{place}", [7, .. value.shape])).ToArray();
            var (inputs, labels) = (Draw("x", 6, 5), Labels(6, 3));
            var fast = HessianColumns.Dense(loss, parameters, inputs, labels, columns);
            var plain = HessianColumns.OneByOne(GoldenNetwork.Dense, loss, parameters, inputs, labels, columns);
            foreach (var (one, other) in fast.Parameters.Append(fast.Inputs).Zip(plain.Parameters.Append(plain.Inputs)))
            {
                Assert.Equal(other.shape, one.shape);
                Assert.True((one - other).abs().max().ToDouble() < 1e-12);
            }
        }
    }

    [Fact]
    public void A_moved_input_moves_the_late_loss_as_the_sweep_says()
    {
        using var scope = NewDisposeScope();
        var run = Run(GoldenNetwork.Dense);
        var (example, pixel, column) = (run.Minibatches[3][0], 2, LossColumn.Mean(25, [0, 1, 1]));
        var derivative = double.NaN;
        ReverseSweep.Run(run, [column], keepDirect: false, 1, swept => derivative = swept.Derivatives[example, 0, pixel].ToDouble());
        Assert.Equal((Moved(1e-6) - Moved(-1e-6)) / 2e-6, derivative, 1e-8);

        double Moved(double by)
        {
            var inputs = run.Inputs.clone();
            inputs[example, pixel].add_(by);
            var weights = (run with { Inputs = inputs }).WeightsAfter(25);
            return CrossEntropy.PerExample(run.Network.Logits(weights, run.Take([0, 1, 1]).Inputs), run.Take([0, 1, 1]).Labels).mean().ToDouble();
        }
    }

    [Fact]
    public void How_many_columns_go_at_once_and_where_weights_are_kept_change_nothing() => Gen.Select(Gen.Int[1, 30], Gen.Int[1, 9]).Sample(
        (last, atOnce) =>
        {
            using var scope = NewDisposeScope();
            var run = Run(GoldenNetwork.Dense);
            LossColumn[] columns = [LossColumn.Mean(last, [1]), LossColumn.Mean(0, [2, 3]), LossColumn.Mean(last / 2, [0]), LossColumn.Mean(last, [4])];
            var together = new Tensor[columns.Length];
            ReverseSweep.Run(run, columns, keepDirect: true, atOnce, swept =>
            {
                foreach (var (place, k) in swept.Columns.Select((place, k) => (place, k)))
                {
                    together[place] = swept.Derivatives.select(1, k).clone().DetachFromDisposeScope();
                }
            });
            foreach (var (column, place) in columns.Select((column, place) => (column, place)))
            {
                // A run that ends at the column's time keeps its weights elsewhere.
                ReverseSweep.Run(run, [column], keepDirect: true, 1, swept =>
                    Assert.True((swept.Derivatives.squeeze(1) - together[place]).abs().max().ToDouble() < 1e-12));
                together[place].Dispose();
            }
        }, iter: 20);

    [Fact]
    public void Before_the_first_step_only_the_direct_term_is_there()
    {
        using var scope = NewDisposeScope();
        var run = Run(GoldenNetwork.Dense);
        ReverseSweep.Run(run, [LossColumn.Mean(0, [5])], keepDirect: false, 1, swept => Assert.Equal(0, swept.Derivatives.abs().sum().ToDouble()));
        ReverseSweep.Run(run, [LossColumn.Mean(0, [5])], keepDirect: true, 1, swept =>
        {
            var gradient = InputGradients.Gradient(run.Network, run.Loss, run.Initial, run.Inputs, run.Labels);
            Assert.True((swept.Derivatives[5, 0] - gradient[5]).abs().max().ToDouble() < 1e-12);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => ReverseSweep.Run(run, [LossColumn.Mean(31, [5])], false, 1, _ => { }));
    }

    [Fact]
    public void Losses_are_taken_in_the_window_before_the_end()
    {
        Assert.Equal([.. Enumerable.Range(0, 250).Select(k => 1500 + 2 * k)], new LossSensitivityConstants(Every: 2).Times(2000));
        Assert.Equal(50, new LossSensitivityConstants().Times(10_000).Length);
        Assert.Equal([0, 10, 20], new LossSensitivityConstants().Times(25));
    }

    [Fact]
    public void The_search_sees_what_rounding_hides_in_single_precision()
    {
        using var scope = NewDisposeScope();

        // A logit gap of 40 at x = 0.4; every step to the left lowers it by 100 · α.
        Tensor[] parameters = [tensor(new[] { 100f, 0f }, [2, 1]), zeros(2)];
        var inputs = full([1, 1], 0.4f);
        using var found = Lass.Search(GoldenNetwork.Dense, parameters, inputs, new(Alpha: 0.05, Beta: 0, Radius: 0.5), _ => throw new InvalidOperationException());
        Assert.Equal(0, InputGradients.Of(GoldenNetwork.Dense, CrossEntropy, parameters, inputs, zeros([1], dtype: ScalarType.Int64)).L1[0]);
        Assert.InRange(found.SuccessIteration[0], 8, 10);
        Assert.Equal(1, found.CriticalSampleRatio);
    }

    /// <summary>
    /// A network on standardized inputs, and the one that it is on pixels: its first layer with the scaling in it. Alpha, beta and radius in pixel units
    /// must find the same.
    /// </summary>
    [Fact]
    public void On_scaled_inputs_the_search_finds_what_it_finds_on_pixels()
    {
        using var scope = NewDisposeScope();
        var pixels = Draw("x", 40, 3 * 4).view(40, 3, 2, 2);
        var (mean, unit) = (tensor(new[] { 0.1, 0.2, -0.3 }).view(1, 3, 1, 1), tensor(new[] { 4.0, 0.5, 2.0 }).view(1, 3, 1, 1));
        var scaled = (pixels - mean) * unit;
        var parameters = Dense(12, 8, 3);
        var factors = unit.expand(1, 3, 2, 2).reshape(1, 12);
        var shift = mean.expand(1, 3, 2, 2).reshape(1, 12);
        Tensor[] folded = [parameters[0] * factors, parameters[1] - (parameters[0] * factors).matmul(shift.t()).squeeze(1), .. parameters[2..]];
        var noise = Lass.KeyedNoise(new Seeds(1), pixels, when: 3);
        var constants = new LassConstants(Alpha: 0.02, Beta: 0.02, Radius: 0.1, MaxIterations: 20);

        using var onPixels = Lass.Search(GoldenNetwork.Dense, folded, pixels, constants, noise);
        using var onScaled = Lass.Search(GoldenNetwork.Dense, parameters, scaled, constants with { PixelUnits = unit }, noise);

        Assert.InRange(onPixels.CriticalSampleRatio, 0.05, 0.95);
        Assert.Equal(onPixels.SuccessIteration, onScaled.SuccessIteration);
        Assert.True((((onPixels.FinalInputs - mean) * unit) - onScaled.FinalInputs).abs().max().ToDouble() < 1e-9);
        using var unscaled = Lass.Search(GoldenNetwork.Dense, parameters, scaled, constants, noise);
        Assert.NotEqual(onPixels.SuccessIteration, unscaled.SuccessIteration);
    }

    [Fact]
    public void Without_room_nothing_is_critical_and_what_is_found_stays_in_its_box()
    {
        using var scope = NewDisposeScope();
        var (parameters, inputs) = (Dense(5, 8, 3), Draw("x", 40, 5));
        var noise = Lass.KeyedNoise(new Seeds(1), inputs, when: 3);
        var constants = new LassConstants(Alpha: 0.1, Beta: 0.1, MaxIterations: 20, ValidRange: (-1, 1));
        using var none = Lass.Search(GoldenNetwork.Dense, parameters, inputs.clamp(-1, 1), constants with { Radius = 0 }, noise);
        using var found = Lass.Search(GoldenNetwork.Dense, parameters, inputs.clamp(-1, 1), constants with { Radius = 0.5 }, noise);
        Assert.Equal(0, none.CriticalSampleRatio);
        Assert.InRange(found.CriticalSampleRatio, 0.05, 0.95);
        Assert.True((found.FinalInputs - inputs.clamp(-1, 1)).abs().max().ToDouble() <= 0.5 + 1e-12);
        Assert.True(found.FinalInputs.abs().max().ToDouble() <= 1);
        using var again = Lass.Search(GoldenNetwork.Dense, parameters, inputs.clamp(-1, 1), constants with { Radius = 0.5 }, noise);
        Assert.Equal(found.SuccessIteration, again.SuccessIteration);
    }

    [Fact]
    public void Batches_add_up_to_the_same_hessian()
    {
        using var scope = NewDisposeScope();
        var (parameters, inputs, labels) = (Dense(5, 4, 3), Draw("x", 11, 5), Labels(11, 3));
        var whole = new LossHessian(GoldenNetwork.Dense, CrossEntropy, parameters, inputs, labels).Product(parameters);
        var parts = new LossHessian(GoldenNetwork.Dense, CrossEntropy, parameters, inputs, labels, new(Batch: 4)).Product(parameters);
        Assert.All(whole.Zip(parts), pair => Assert.True((pair.First - pair.Second).abs().max().ToDouble() < 1e-12));
    }

    [Fact]
    public void Probes_are_signs_or_normal_and_keyed()
    {
        using var scope = NewDisposeScope();
        var signs = Probes.Rademacher(new Seeds(1), Probes.Curvature, [100, 50], ScalarType.Float64, 2);
        Assert.All(signs.ToDoubles(), sign => Assert.True(sign is 1 or -1));
        Assert.Equal(0, signs.mean().ToDouble(), 0.05);
        Assert.Equal(signs.ToDoubles(), Probes.Rademacher(new Seeds(1), Probes.Curvature, [100, 50], ScalarType.Float64, 2).ToDoubles());
        Assert.NotEqual(signs.ToDoubles(), Probes.Rademacher(new Seeds(1), Probes.Curvature, [100, 50], ScalarType.Float64, 3).ToDoubles());
        Assert.Equal(1, Draw("any", 100, 50).square().mean().ToDouble(), 0.1);
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    public void Every_network_of_training_has_a_function(string kind)
    {
        using var scope = NewDisposeScope();
        var network = NetworkKinds.Create(new NetworkSettings { Kind = kind, Depth = 2, Width = 6, Multiplier = 0.02 }, DataCatalog.Glyphs, new Seeds(1), ScalarType.Float32);
        var images = rand([4, 1, 28, 28]);
        var function = NetworkFunction.Of(network).Logits([.. network.Parameters.Select(parameter => parameter.Value)], images);
        Assert.Equal(network.Forward(images, ForwardPass.Scoring).ToDoubles(), function.ToDoubles());
    }

    [Fact]
    public void Measures_leave_no_tensor_behind_and_can_be_stopped()
    {
        using var scope = NewDisposeScope();
        var run = Run(GoldenNetwork.Dense);
        Measure();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Measure();
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);

        var stopped = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => LossSensitivity.Of(run, new(), stop: stopped));
        Assert.Throws<OperationCanceledException>(() => Lass.Search(run.Network, run.Initial, run.Inputs, new(), _ => run.Inputs, stopped));
        Assert.Throws<OperationCanceledException>(() => new LossHessian(run.Network, CrossEntropy, run.Initial, run.Inputs, run.Labels).Largest(run.Initial, stopped));
        Assert.Throws<OperationCanceledException>(() => GradientNorms.PerExample(
            new AnyNetwork(run.Network), CrossEntropy, run.Initial, run.Inputs, run.Labels, stop: stopped));

        void Measure()
        {
            LossSensitivity.Of(run, new());
            ClassSensitivity.Of(run, 3, [20], [0, 1], new());
            Lass.Search(run.Network, run.Initial, run.Inputs, new(), Lass.KeyedNoise(new Seeds(1), run.Inputs, 1)).Dispose();
            new LossHessian(run.Network, CrossEntropy, run.Initial, run.Inputs, run.Labels).Largest(run.Initial);
            GradientNorms.PerExample(run.Network, CrossEntropy, run.Initial, run.Inputs, run.Labels);
            InputGradients.Of(run.Network, CrossEntropy, run.Initial, run.Inputs, run.Labels);
            InputCurvature.Exact(run.Network, CrossEntropy, run.Initial, run.Inputs, run.Labels, run.Inputs);
        }
    }
}
