using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Random directions of measures, each keyed by (seed, purpose, numbers), so that no measure disturbs another or the training.</summary>
public static class Probes
{
    // They stand in every result's bits: one that is renamed changes them.
    public const string LassNoise = "lass-noise";
    public const string Curvature = "curvature-probe";
    public const string Sharpness = "sharpness-start";
    public const string Trace = "trace-probe";

    /// <summary>+1 or −1 at every place, each with probability ½; the same on every machine.</summary>
    public static Tensor Rademacher(Seeds seeds, string purpose, ReadOnlySpan<long> shape, ScalarType type, params ReadOnlySpan<long> numbers)
    {
        var draws = seeds.Generator(purpose, numbers);
        var count = 1L;
        foreach (var size in shape)
        {
            count *= size;
        }

        var signs = new float[count];
        draws.Mask<float>(signs, 0.5, -1, 1);
        using var drawn = tensor(signs, shape.ToArray());
        return drawn.to(type, copy: true);
    }

    /// <summary>Standard normal numbers; their bits follow the instruction set, which the spec pins.</summary>
    public static Tensor Gaussian(Seeds seeds, string purpose, ReadOnlySpan<long> shape, ScalarType type, params ReadOnlySpan<long> numbers)
    {
        using var generator = new Generator(seeds.TorchSeed(purpose, numbers), CPU);
        return randn(shape, dtype: type, generator: generator);
    }
}
