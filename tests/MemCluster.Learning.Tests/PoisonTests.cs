using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>Poisoned memory shows what it is there to show; the rest of these tests runs in it too, by a switch (see the README).</summary>
public sealed class PoisonTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Numbers_that_nobody_wrote_are_NaN(ScalarType type)
    {
        using var poison = PoisonedMemory.Begin();
        using var fresh = empty(17, dtype: type);
        Assert.All(fresh.ToDoubles(), number => Assert.True(double.IsNaN(number)));
    }

    /// <summary>Sizes around a block of the C library's, whose own bookkeeping would be tiny numbers.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(18)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public unsafe void A_number_before_the_first_and_behind_the_last_is_NaN(int count)
    {
        using var poison = PoisonedMemory.Begin();
        using var whole = zeros(count);
        fixed (byte* bytes = whole.bytes)
        {
            var numbers = (float*)bytes;
            Assert.True(float.IsNaN(numbers[-1]) && float.IsNaN(numbers[count]));
        }
    }

    [Fact]
    public void The_collector_runs_in_the_middle_of_operations()
    {
        var before = GC.CollectionCount(0);
        using (PoisonedMemory.Begin(collectEvery: 10))
        {
            for (var i = 0; i < 100; i++)
            {
                using var _ = zeros(3);
            }
        }

        Assert.True(GC.CollectionCount(0) >= before + 10);
    }

    [Fact]
    public void What_was_written_stays_as_it_was_when_the_poison_is_lifted()
    {
        Tensor kept;
        using (PoisonedMemory.Begin())
        {
            kept = ones(1000);
        }

        using (kept)
        {
            Assert.Equal(1000, kept.sum().ToDouble());
            using var twice = cat([kept, kept]);
            Assert.Equal(2000, twice.sum().ToDouble());
        }
    }

    [Fact]
    public void Trials_of_every_network_with_every_measure_have_the_same_bits_in_it() =>
        Assert.Empty(Arithmetic.Differing(Arithmetic.All(), Arithmetic.Poisoned(Arithmetic.All)));
}
