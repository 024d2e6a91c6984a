using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class NumericsTests
{
    [Fact]
    public void A_pin_holds_for_the_process()
    {
        Assert.Null(NumericsPin.Pin("avx2"));
        Assert.Null(NumericsPin.Pin("avx2"));
        Assert.Contains("needs another process", NumericsPin.Pin("native"), StringComparison.Ordinal);
        Assert.Null(NumericsPin.Pin("avx2"));
    }

    [Fact]
    public void A_trial_with_another_instruction_set_is_refused()
    {
        var settings = Trials.Small with { Numerics = new() { InstructionSet = "native" } };
        Assert.Contains("needs another process", Assert.Throws<InvalidOperationException>(() => Trials.Run(settings)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda:0")]
    [InlineData("cuda:17")]
    public void A_graphics_card_is_refused_by_a_build_without_one_with_the_switch_that_makes_one(string device)
    {
        Assert.False(ComputeDevice.HasCuda);
        Assert.Contains("-p:Cuda=true", ComputeDevice.Choose(device), StringComparison.Ordinal);
        Assert.Equal("cpu", ComputeDevice.Name);
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("gpu")]
    [InlineData("")]
    public void What_is_no_device_is_refused_with_those_there_are(string device) =>
        Assert.Equal($"'{device}' is no device. There are: auto, cpu, and cuda:0, cuda:1 and so on.", ComputeDevice.Choose(device));

    [Theory]
    [InlineData("auto")]
    [InlineData("cpu")]
    public void Without_a_card_the_processor_computes(string device)
    {
        Assert.Null(ComputeDevice.Choose(device));
        Assert.Equal("cpu", ComputeDevice.Name);
    }

    [Fact]
    public void A_trial_for_a_card_is_refused_on_the_processor()
    {
        var settings = Trials.Small with { Numerics = new() { InstructionSet = "cuda" } };
        Assert.Contains("another process", Assert.Throws<InvalidOperationException>(() => Trials.Run(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fingerprint_is_the_same_each_time()
    {
        var first = Fingerprint.Compute();
        Assert.Equal(16, first.Length);
        Assert.Equal(first, Fingerprint.Compute());
    }

    [Fact]
    public void The_fingerprint_covers_every_network_in_both_precisions_and_every_measure_whose_operations_no_other_tries()
    {
        var covered = Arithmetic.OfTrials();
        Assert.All((string[])["mlp", "cnn"], network => Assert.Equal(
            ["float32", "float64"], covered.Where(one => one.Operation == network + ": training").Select(one => one.Precision).Order()));
        Assert.All(MeasureKind.All.Where(kind => !ArithmeticTrials.Untried.Contains(kind.Name)), kind => Assert.Equal(2, covered.Count(one => one.Operation.EndsWith(": " + kind.Name, StringComparison.Ordinal))));
    }
}
