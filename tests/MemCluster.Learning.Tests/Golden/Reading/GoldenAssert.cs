using System.Globalization;

namespace MemCluster.Golden;

/// <summary>The golden files' own rule of agreement.</summary>
internal static class GoldenAssert
{
    public const double Float64 = 1e-9;
    public const double Float32 = 1e-4;

    /// <summary>Relative to the largest magnitude in the array; a null (NaN) must be one on both sides.</summary>
    public static void Agrees(double[] expected, IEnumerable<double> actual, string what, double tolerance = Float64)
    {
        double[] values = [.. actual];
        var leeway = tolerance * expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        Assert.True(expected.Length == values.Length, $"{what}: {expected.Length} numbers expected, {values.Length} came out.");
        for (var i = 0; i < values.Length; i++)
        {
            Assert.True(
                double.IsNaN(expected[i]) ? double.IsNaN(values[i]) : Math.Abs(values[i] - expected[i]) <= leeway,
                string.Create(CultureInfo.InvariantCulture, $"{what}[{i}]: {expected[i]:R} expected, {values[i]:R} came out."));
        }
    }

    /// <summary>A single number: relative to itself, 1e-12 absolute near zero.</summary>
    public static void Agrees(double expected, double actual, string what, double tolerance = Float64) =>
        AgreesAbsolutely(expected, actual, Math.Max(tolerance * Math.Abs(expected), 1e-12), what);

    public static void AgreesAbsolutely(double expected, double actual, double tolerance, string what) => Assert.True(
        double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= tolerance,
        string.Create(CultureInfo.InvariantCulture, $"{what}: {expected:R} expected, {actual:R} came out."));
}
