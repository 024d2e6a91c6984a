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

    [Fact]
    public void The_fingerprint_is_the_same_each_time_and_quick()
    {
        var first = Fingerprint.Compute();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(first, Fingerprint.Compute());
        Assert.Equal(16, first.Length);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"It took {clock.Elapsed}.");
    }
}
