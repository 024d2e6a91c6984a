using BenchmarkDotNet.Attributes;
using MemCluster.Learning;

namespace MemCluster.Benchmarks;

/// <summary>A million uniform numbers: .NET's fastest generator, which has neither keys nor a stable stream, against ours, which has both.</summary>
public class DrawBenchmarks
{
    private readonly float[] _numbers = new float[1_000_000];

    [Benchmark(Baseline = true)]
    public float DotNetRandom()
    {
        var random = new Random();
        foreach (ref var number in _numbers.AsSpan())
        {
            number = random.NextSingle();
        }

        return _numbers[0];
    }

    [Benchmark]
    public float PhiloxKeyed()
    {
        var draws = new Seeds(1).Generator(Seeds.NoiseInput, 1);
        foreach (ref var number in _numbers.AsSpan())
        {
            number = draws.NextSingle();
        }

        return _numbers[0];
    }
}
