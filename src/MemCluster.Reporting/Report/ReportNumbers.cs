using System.Globalization;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>Numbers as a report prints them: three decimals below 10, fewer above.</summary>
public static class ReportNumbers
{
    public static string Of(double value)
    {
        if (double.IsNaN(value))
        {
            return "–";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "∞" : "−∞";
        }

        var size = Math.Abs(value);
        var text = size is > 0 and < 0.0005 ? value.ToString("0.#e0", CultureInfo.InvariantCulture)
            : value.ToString(size < 9.9995 ? "0.000" : size < 99.95 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }

    /// <summary>A p-value as it is read: <c>&lt; 0.001</c>, <c>0.031</c>; a dash where there is none.</summary>
    public static string OfP(double p) => double.IsNaN(p) ? "–" : p < 0.001 ? "< 0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary><c>0.074 [0.061, 0.087]</c>, <c>0.074 (one seed)</c>, <c>≥ 100 [88.1, ∞]</c>, <c>p 0.031</c>.</summary>
    public static string Of(Estimate estimate, bool everySeed)
    {
        if (estimate.Count == 0)
        {
            return "–";
        }

        if (estimate.IsTest)
        {
            return "p " + OfP(estimate.Value);
        }

        if (double.IsNaN(estimate.Value) && double.IsNegativeInfinity(estimate.Low) && double.IsPositiveInfinity(estimate.High))
        {
            return "not known: censored";
        }

        var interval = double.IsNaN(estimate.Low) || double.IsNaN(estimate.High) ? estimate.Count == 1 ? " (one seed)" : ""
            : $" [{Of(estimate.Low)}, {Of(estimate.High)}]{(everySeed ? " for a further seed" : "")}";
        return Alone(estimate) + interval;
    }

    /// <summary>Without its interval: <c>0.074</c>, <c>≥ 100</c>.</summary>
    public static string Alone(Estimate estimate) => (estimate.Censored == 0 ? "" : estimate.IsUpperBound ? "≤ " : "≥ ") + Of(estimate.Value);
}
