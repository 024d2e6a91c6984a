using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>By which mean and variance a batch is normalized.</summary>
internal enum BatchStatistics
{
    /// <summary>The running ones: scoring.</summary>
    Running,

    /// <summary>Its own, which also move the running ones: training.</summary>
    OwnAndRemembered,

    /// <summary>Its own, remembered nowhere: going through training again.</summary>
    Own,
}

/// <summary>
/// Batch normalization (Ioffe and Szegedy 2015) per channel, or per unit of a dense layer, with torch's constants. A batch of one example has no
/// variance, so a sweep that would train one is refused before it runs.
/// </summary>
internal static class BatchNorm
{
    /// <summary>The share of a batch in the running statistics.</summary>
    private const double Momentum = 0.1;

    /// <summary>Added to the variance.</summary>
    private const double Epsilon = 1e-5;

    /// <param name="mean">Running mean; changed if it is to be remembered.</param>
    /// <param name="variance">Running variance, of n − 1; changed if it is to be remembered.</param>
    public static Tensor Normalize(Tensor x, Tensor gain, Tensor shift, Tensor mean, Tensor variance, BatchStatistics by)
    {
        if (by == BatchStatistics.Own)
        {
            // libtorch wants somewhere to remember.
            (mean, variance) = (mean.clone(), variance.clone());
        }

        return nn.functional.batch_norm(x, mean, variance, gain, shift, training: by != BatchStatistics.Running, Momentum, Epsilon);
    }
}
