using MathNet.Numerics.Distributions;

namespace MemCluster.Statistics;

/// <summary>Quantiles of Student's t that are far out, as those of one among many intervals are: MathNet looks no further than 800.</summary>
public static class StudentQuantile
{
    /// <summary>What t lies above with this probability.</summary>
    /// <param name="degreesOfFreedom">At least 1.</param>
    /// <param name="tail">Above 0, at most .5.</param>
    public static double Above(int degreesOfFreedom, double tail)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);
        return degreesOfFreedom switch
        {
            1 => 1 / Math.Tan(Math.PI * tail),
            2 => (1 - 2 * tail) / Math.Sqrt(2 * tail * (1 - tail)),
            _ => StudentT.InvCDF(0, 1, degreesOfFreedom, 1 - tail),
        };
    }
}
