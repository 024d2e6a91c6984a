using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

public sealed class RegularizerTests
{
    private static ForwardPass Pass(Regularizer settings, int epoch = 1, int batch = 0) =>
        ForwardPass.Training(RegularizerKinds.From(settings), new Seeds(1), epoch, batch);

    private static double[] Hidden(ForwardPass pass, int layer = 0) => [.. pass.Hidden(ones([100, 200], dtype: ScalarType.Float64), layer).data<double>()];

    private static double[] Input(ForwardPass pass) => [.. pass.Input(ones([100, 200], dtype: ScalarType.Float64)).data<double>()];

    [Fact]
    public void Dropout_acts_after_hidden_layers_and_rescales()
    {
        using var scope = NewDisposeScope();
        var pass = Pass(new() { Dropout = 0.75 });
        Assert.All(Hidden(pass), value => Assert.True(value is 0 or 4));
        Assert.Equal(1, Hidden(pass).Average(), 0.05);
        Assert.All(Input(pass), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Input_dropout_acts_on_inputs_and_does_not_rescale()
    {
        using var scope = NewDisposeScope();
        var pass = Pass(new() { InputDropout = 0.3 });
        Assert.All(Input(pass), value => Assert.True(value is 0 or 1));
        Assert.Equal(0.7, Input(pass).Average(), 0.02);
        Assert.All(Hidden(pass), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Noise_has_its_standard_deviation_and_its_place()
    {
        using var scope = NewDisposeScope();
        foreach (var (values, untouched) in new[]
        {
            (Input(Pass(new() { InputNoise = 0.5 })), Hidden(Pass(new() { InputNoise = 0.5 }))),
            (Hidden(Pass(new() { HiddenNoise = 0.5 })), Input(Pass(new() { HiddenNoise = 0.5 }))),
        })
        {
            Assert.Equal(1, values.Average(), 0.02);
            Assert.Equal(0.5, Math.Sqrt(values.Average(value => (value - 1) * (value - 1))), 0.02);
            Assert.All(untouched, value => Assert.Equal(1, value));
        }
    }

    [Fact]
    public void Every_epoch_batch_and_layer_draws_on_its_own_and_again_the_same()
    {
        using var scope = NewDisposeScope();
        foreach (var settings in new Regularizer[] { new() { Dropout = 0.5 }, new() { HiddenNoise = 0.5 } })
        {
            double[][] draws = [Hidden(Pass(settings)), Hidden(Pass(settings, epoch: 2)), Hidden(Pass(settings, batch: 1)), Hidden(Pass(settings), layer: 1)];
            Assert.Equal(4, draws.Select(values => MadeSets.Hex([.. values.SelectMany(BitConverter.GetBytes)])).Distinct().Count());
            Assert.Equal(draws[0], Hidden(Pass(settings)));
        }
    }

    [Fact]
    public void Scoring_perturbs_nothing()
    {
        using var scope = NewDisposeScope();
        Assert.All(Hidden(ForwardPass.Scoring), value => Assert.Equal(1, value));
        Assert.All(Input(ForwardPass.Scoring), value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData("weights", true, 0)]
    [InlineData("all", true, 0.2)]
    [InlineData("weights", false, 0.2)]
    public void Decay_is_on_weights_unless_it_is_on_all(string on, bool isBias, double expected)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter("p", full([1], 2.0, dtype: ScalarType.Float64), isBias);
        var gradient = zeros([1], dtype: ScalarType.Float64);
        foreach (var regularizer in RegularizerKinds.From(new() { WeightDecay = 0.1, DecayOn = on }))
        {
            regularizer.Gradient(parameter, gradient);
        }

        Assert.Equal(expected, gradient.item<double>(), 1e-15);
    }

    [Fact]
    public void Input_noise_is_in_pixel_units_whatever_the_scaling()
    {
        using var scope = NewDisposeScope();
        var (images, draws) = (zeros(2, 2, 3, 3, dtype: ScalarType.Float64), new BatchDraws(new Seeds(1), 1, 0));
        var units = tensor(new[] { 2.0, 5.0 }).view(1, 2, 1, 1);
        var settings = new Regularizer { InputNoise = 0.1 };
        Tensor Noise(Tensor? of) => Assert.Single(RegularizerKinds.From(settings, of)).Input(images, draws);

        Assert.Equal((Noise(null) * units).data<double>(), Noise(units).data<double>(), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void A_combination_holds_all_its_parts()
    {
        var all = RegularizerKinds.From(new() { Dropout = 0.1, InputDropout = 0.1, InputNoise = 0.1, HiddenNoise = 0.1, WeightDecay = 0.1 });
        Assert.Equal(5, all.Select(part => part.GetType()).Distinct().Count());
        Assert.Empty(RegularizerKinds.From(new()));
    }

    [Fact]
    public void Every_kind_that_a_spec_may_name_acts_in_training() =>
        Assert.Equal(RegularizerKind.All.Select(kind => kind.Name).Order(), RegularizerKinds.InOrder.Select(entry => entry.Kind).Order());
}
