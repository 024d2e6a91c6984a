namespace MemCluster.Learning;

/// <summary>
/// Functions from + − × ÷ √ alone, which IEEE 754 rounds the same everywhere. The logarithm of the platform's own library differs in the
/// last bit between machines, and a data set's noise would differ with it.
/// </summary>
public static class PortableMath
{
    /// <summary>Natural logarithm of a positive, normal number; error below 2 units in the last place.</summary>
    public static double Log(double x)
    {
        if (!double.IsNormal(x) || x < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "The logarithm is taken of positive, normal numbers only.");
        }

        // x = 2^exponent · m with m in [√½, √2), and log m = 2·artanh((m − 1)/(m + 1)).
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        var s = (m - 1) / (m + 1);
        var square = s * s;
        var series = 0.0;
        for (var k = 23; k >= 3; k -= 2)
        {
            series = (series + 1.0 / k) * square;
        }

        // ln 2 in two parts: the first has trailing zeros, so its multiples are exact.
        return exponent * 0.693147180369123816490 + (2 * (s + s * series) + exponent * 1.90821492927058770002e-10);
    }

    /// <summary>
    /// The x below which a standard normal falls with probability p, 0 &lt; p &lt; 1: algorithm AS 241 (PPND16) of M. J. Wichura,
    /// Applied Statistics 37 (1988), relative error about 1e-16.
    /// </summary>
    public static double NormalQuantile(double p)
    {
        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var central = 0.180625 - q * q;
            return q * Polynomial(central, CentralTop) / Polynomial(central, CentralBottom);
        }

        var r = Math.Sqrt(-Log(q < 0 ? p : 1 - p));
        var tail = r <= 5
            ? Polynomial(r - 1.6, MiddleTop) / Polynomial(r - 1.6, MiddleBottom)
            : Polynomial(r - 5, FarTop) / Polynomial(r - 5, FarBottom);
        return q < 0 ? -tail : tail;
    }

    private static double Polynomial(double x, ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        foreach (var coefficient in coefficients)
        {
            sum = sum * x + coefficient;
        }

        return sum;
    }

    // Wichura's coefficients, highest power first.
    private static ReadOnlySpan<double> CentralTop =>
    [
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
        1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080,
    ];

    private static ReadOnlySpan<double> CentralBottom =>
    [
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0,
    ];

    private static ReadOnlySpan<double> MiddleTop =>
    [
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
        3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
    ];

    private static ReadOnlySpan<double> MiddleBottom =>
    [
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1.0,
    ];

    private static ReadOnlySpan<double> FarTop =>
    [
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
        2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720,
    ];

    private static ReadOnlySpan<double> FarBottom =>
    [
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0,
    ];
}
