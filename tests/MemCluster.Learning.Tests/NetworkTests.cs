using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

public sealed class NetworkTests
{
    private static Mlp Make(int depth, int width, ulong seed = 1) =>
        new(new NetworkSettings { Depth = depth, Width = width }, DataCatalog.Glyphs, new Seeds(seed), ScalarType.Float64);

    private static double[] Values(Mlp mlp, string name) => [.. mlp.Parameters.Single(parameter => parameter.Name == name).Value.data<double>()];

    [Fact]
    public void Layers_of_the_same_name_and_shape_start_alike_in_every_network()
    {
        using var scope = NewDisposeScope();
        var (shallow, deep) = (Make(1, 32), Make(3, 32));
        foreach (var parameter in shallow.Parameters)
        {
            Assert.Equal(Values(shallow, parameter.Name), Values(deep, parameter.Name));
        }

        Assert.NotEqual(Values(deep, "hidden.1.weight"), Values(deep, "hidden.2.weight"));
        Assert.NotEqual(Values(deep, "output.weight"), Values(Make(3, 32, seed: 2), "output.weight"));
    }

    [Fact]
    public void Hidden_layers_have_the_widths_that_are_said_and_the_same_ones_are_the_same_network()
    {
        using var scope = NewDisposeScope();
        var mlp = new Mlp(new() { Widths = "6-4" }, DataCatalog.Glyphs, new Seeds(1), ScalarType.Float32);
        Assert.Equal([6, 784, 6, 4, 6, 4, 10, 4, 10], mlp.Parameters.SelectMany(parameter => parameter.Value.shape));
        Assert.Equal([2, 10], mlp.Forward([.. mlp.Parameters.Select(parameter => parameter.Value)], zeros(2, 1, 28, 28), ForwardPass.Scoring).shape);

        var (same, said) = (new Mlp(new() { Depth = 2, Width = 8 }, DataCatalog.Glyphs, new Seeds(1), ScalarType.Float64), new Mlp(new() { Widths = "8-8" }, DataCatalog.Glyphs, new Seeds(1), ScalarType.Float64));
        Assert.All(same.Parameters.Zip(said.Parameters), pair => Assert.Equal(Values(same, pair.First.Name), Values(said, pair.Second.Name)));
    }

    [Fact]
    public void Glorots_initial_values_fill_his_range_and_biases_begin_at_zero()
    {
        using var scope = NewDisposeScope();
        var mlp = new Mlp(new() { Depth = 2, Width = 64, Init = NetworkSettings.GlorotInit }, DataCatalog.Glyphs, new Seeds(1), ScalarType.Float64);
        foreach (var (name, bound) in new[] { ("hidden.0.weight", Math.Sqrt(6.0 / 848)), ("hidden.1.weight", Math.Sqrt(6.0 / 128)), ("output.weight", Math.Sqrt(6.0 / 74)) })
        {
            Assert.All(Values(mlp, name), value => Assert.InRange(value, -bound, bound));
            Assert.InRange(Values(mlp, name).Max(), 0.95 * bound, bound);
        }

        Assert.All(mlp.Parameters.Where(parameter => parameter.IsBias), bias => Assert.True(bias.Value.requires_grad && bias.Value.abs().sum().item<double>() == 0));
    }

    [Fact]
    public void Initial_values_fill_torchs_default_range()
    {
        using var scope = NewDisposeScope();
        var mlp = Make(2, 64);
        foreach (var (name, bound) in new[] { ("hidden.0.weight", 1 / 28.0), ("hidden.0.bias", 1 / 28.0), ("hidden.1.weight", 1 / 8.0), ("output.bias", 1 / 8.0) })
        {
            Assert.All(Values(mlp, name), value => Assert.InRange(value, -bound, bound));
        }

        var weights = Values(mlp, "hidden.0.weight");
        Assert.Equal(0, weights.Average(), 5e-4);
        Assert.Equal(1 / 28.0 / 28 / 3, weights.Average(value => value * value), 1e-5);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 4)]
    [InlineData(5, 12)]
    public void Depth_counts_hidden_layers(int depth, int parameters)
    {
        using var scope = NewDisposeScope();
        var mlp = Make(depth, 8);
        Assert.Equal(parameters, mlp.Parameters.Count);
        Assert.Equal([3, 10], mlp.Forward(zeros([3, 1, 28, 28], dtype: ScalarType.Float64), ForwardPass.Scoring).shape);
    }

    [Fact]
    public void A_forward_pass_agrees_with_plain_arithmetic()
    {
        using var scope = NewDisposeScope();
        var mlp = Make(1, 3);
        var image = Enumerable.Range(0, 784).Select(i => i % 7 / 7.0).ToArray();
        var hidden = Enumerable.Range(0, 3).Select(unit => Math.Max(0,
            Values(mlp, "hidden.0.bias")[unit] + image.Select((pixel, i) => pixel * Values(mlp, "hidden.0.weight")[unit * 784 + i]).Sum())).ToArray();
        var expected = Enumerable.Range(0, 10).Select(label =>
            Values(mlp, "output.bias")[label] + hidden.Select((value, i) => value * Values(mlp, "output.weight")[label * 3 + i]).Sum());
        var logits = mlp.Forward(tensor(image, [1, 1, 28, 28]), ForwardPass.Scoring);
        Assert.All(expected.Zip(logits.data<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0.9, 0, false)]
    [InlineData(0.9, 0.01, false)]
    [InlineData(0.9, 0.01, true)]
    public void A_step_is_that_of_torchs_own_optimizer(double momentum, double decay, bool nesterov)
    {
        using var scope = NewDisposeScope();
        var seeds = new Seeds(5);
        var mine = Parameter.Uniform("w", [4, 3], 3, isBias: false, seeds, ScalarType.Float64);
        var theirs = TorchSharp.torch.nn.Parameter(mine.Value.detach().clone());
        var optimizer = optim.SGD([theirs], 0.1, momentum, weight_decay: decay, nesterov: nesterov);
        var sgd = new Sgd([mine], momentum, decay == 0 ? [] : [new WeightDecay(decay, OnBiases: false)], nesterov);
        for (var step = 0; step < 5; step++)
        {
            optimizer.zero_grad();
            theirs.pow(3).sum().backward();
            optimizer.step();
            mine.Value.pow(3).sum().backward();
            sgd.Step(0.1);
            Assert.All(theirs.data<double>().Zip(mine.Value.data<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-15));
        }
    }

    [Theory]
    [InlineData(Optimizer.AdamKind, 0.9, 0.999, 1e-8, 0)]
    [InlineData(Optimizer.AdamKind, 0.5, 0.9, 0.01, 0.1)]
    [InlineData(Optimizer.AdamWKind, 0.9, 0.999, 1e-8, 1)]
    [InlineData(Optimizer.AdamWKind, 0.5, 0.9, 0.01, 0.1)]
    [InlineData(Optimizer.AdamWKind, 0.9, 0.98, 1e-8, 0)]
    public void A_step_of_adam_and_of_adamw_is_that_of_torchs_own(string kind, double beta1, double beta2, double epsilon, double decay)
    {
        using var scope = NewDisposeScope();
        var mine = Parameter.Uniform("w", [4, 3], 3, isBias: false, new Seeds(5), ScalarType.Float64);
        var theirs = TorchSharp.torch.nn.Parameter(mine.Value.detach().clone());
        optim.Optimizer optimizer = kind == Optimizer.AdamWKind
            ? optim.AdamW([theirs], 0.1, beta1, beta2, epsilon, decay)
            : optim.Adam([theirs], 0.1, beta1, beta2, epsilon, decay);
        var adam = new Adam([mine], new(kind, beta1, beta2, epsilon), decay == 0 ? [] : [new WeightDecay(decay, OnBiases: false)]);
        for (var step = 0; step < 20; step++)
        {
            optimizer.zero_grad();
            theirs.pow(3).sum().backward();
            optimizer.step();
            mine.Value.pow(3).sum().backward();
            adam.Step(0.1);
            Assert.All(theirs.data<double>().Zip(mine.Value.data<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
        }
    }

    /// <summary>By algorithm 2 of Loshchilov and Hutter 2019, in numbers: the decay has no part in the moments, and biases have none unless asked.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_steps_of_adamw_by_hand(bool onBiases)
    {
        const double Rate = 0.01, Decay = 0.5;
        using var scope = NewDisposeScope();
        Parameter[] parameters = [Parameter.Uniform("w", [2], 2, isBias: false, new Seeds(1), ScalarType.Float64), Parameter.Uniform("b", [2], 2, isBias: true, new Seeds(1), ScalarType.Float64)];
        var adam = new Adam(parameters, Optimizer.AdamW, [new WeightDecay(Decay, onBiases)]);
        double[][] expected = [[.. parameters[0].Value.data<double>()], [.. parameters[1].Value.data<double>()]];
        var (means, squares) = (new double[2], new double[2]);
        for (var step = 1; step <= 2; step++)
        {
            double[] gradient = step == 1 ? [3, -4] : [-1, -4];
            (parameters[0].Value * tensor(gradient)).sum().add((parameters[1].Value * tensor(gradient)).sum()).backward();
            adam.Step(Rate);
            for (var i = 0; i < 2; i++)
            {
                means[i] = (0.9 * means[i]) + (0.1 * gradient[i]);
                squares[i] = (0.999 * squares[i]) + (0.001 * gradient[i] * gradient[i]);
                var along = Rate * (means[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(squares[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
                expected[0][i] -= (Rate * Decay * expected[0][i]) + along;
                expected[1][i] -= (onBiases ? Rate * Decay * expected[1][i] : 0) + along;
            }

            Assert.All(expected[0].Zip(parameters[0].Value.data<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
            Assert.All(expected[1].Zip(parameters[1].Value.data<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    /// <summary>By the paper's algorithm 1: the first step has the length of the rate, whatever the gradient; the second mixes both.</summary>
    [Fact]
    public void Two_steps_of_adam_by_hand()
    {
        using var scope = NewDisposeScope();
        var weights = Parameter.Constant("w", tensor(new[] { 1.0, -2.0 }));
        var adam = new Adam([weights], Optimizer.Adam, []);
        double[] expected = [1 - 0.01, -2 + 0.01];
        foreach (var (gradient, step) in new double[][] { [3, -4], [-1, -4] }.Zip(new[] { 1, 2 }))
        {
            (weights.Value * tensor(gradient)).sum().backward();
            adam.Step(0.01);
            if (step == 2)
            {
                var (mean, square) = (((0.9 * 0.1 * 3) - 0.1) / (1 - 0.81), ((0.999 * 0.001 * 9) + 0.001) / (1 - (0.999 * 0.999)));
                expected = [expected[0] - (0.01 * mean / Math.Sqrt(square)), expected[1] + 0.01];
            }

            Assert.All(expected.Zip(weights.Value.data<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        }
    }

    [Fact]
    public void The_rate_falls_by_its_factor_every_so_many_epochs()
    {
        var settings = new TrainingSettings { Rate = 0.8, Schedule = new(3, 0.5) };
        Assert.Equal([0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2], Enumerable.Range(1, 7).Select(epoch => Sgd.RateAt(epoch, settings)));
        Assert.Equal(0.8, Sgd.RateAt(1_000, settings with { Schedule = null }));
        var after = settings with { Schedule = new(0, 0.5, RateSchedule.After, "2,3,10") };
        Assert.Equal([0.8, 0.8, 0.4, 0.2, 0.2], Enumerable.Range(1, 5).Select(epoch => Sgd.RateAt(epoch, after)));
        var root = settings with { Schedule = new(2, 0, RateSchedule.InverseRoot) };
        Assert.Equal([0.8, 0.8, 0.8 / Math.Sqrt(2), 0.8 / Math.Sqrt(2), 0.8 / Math.Sqrt(3)], Enumerable.Range(1, 5).Select(epoch => Sgd.RateAt(epoch, root)));
    }
}
