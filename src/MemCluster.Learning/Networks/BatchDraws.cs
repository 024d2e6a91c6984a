using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>The random tensors of one batch: each depends on (trial seed, purpose, epoch, batch, layer) and on nothing drawn before.</summary>
internal readonly record struct BatchDraws(Seeds Seeds, int Epoch, int Batch)
{
    /// <summary>A tensor like another that is 0 with probability rate and else <paramref name="keep"/>; from our own generator.</summary>
    public Tensor Mask(Tensor like, double rate, double keep, string purpose, int layer = 0)
    {
        var mask = empty(like.shape, dtype: like.dtype, device: CPU);
        var draws = Seeds.Generator(purpose, Epoch, Batch, layer);
        if (like.dtype == ScalarType.Float64)
        {
            draws.Mask(MemoryMarshal.Cast<byte, double>(mask.bytes), rate, 0, keep);
        }
        else
        {
            draws.Mask(MemoryMarshal.Cast<byte, float>(mask.bytes), rate, 0f, (float)keep);
        }

        return mask.to(like.device);
    }

    /// <summary>Standard normal numbers, from a torch generator: a whole tensor of them per batch must be fast.</summary>
    public Tensor Gaussian(Tensor like, string purpose, int layer = 0)
    {
        using var generator = new Generator(Seeds.TorchSeed(purpose, Epoch, Batch, layer), like.device);
        return randn(like.shape, dtype: like.dtype, device: like.device, generator: generator);
    }
}
