using System.Globalization;
using System.Text.RegularExpressions;

namespace MemCluster.Sweeps.Claims;

public enum Verdict
{
    Holds,
    Fails,
    Undecided,
}

/// <summary>What must be true of a number: it lies in a range; or of neighbours along an axis: their difference does.</summary>
/// <param name="Text">As written.</param>
/// <param name="Low">−∞ for none.</param>
/// <param name="High">∞ for none.</param>
/// <param name="Strict">The ends themselves do not count.</param>
/// <param name="IsOrder">About the difference of each value and the one before it along an axis.</param>
public sealed partial record Condition(string Text, double Low, double High, bool Strict, bool IsOrder)
{
    public const string Expected = "'>= 0.03', '< 0.02', 'between 0.5 and 2', 'within 0.06 of 0.82', or, with along, 'increasing', 'decreasing', "
        + "'non-increasing' or 'non-decreasing', also with 'margin 0.02' after it";

    /// <returns>Null when the text is no condition.</returns>
    public static Condition? Parse(string text)
    {
        text = text.Trim();
        if (Comparison().Match(text) is { Success: true } compared)
        {
            var bound = Number(compared.Groups[2].Value);
            return compared.Groups[1].Value[0] == '>'
                ? new(text, bound, double.PositiveInfinity, compared.Groups[1].Value == ">", false)
                : new(text, double.NegativeInfinity, bound, compared.Groups[1].Value == "<", false);
        }

        if (Between().Match(text) is { Success: true } between)
        {
            var (low, high) = (Number(between.Groups[1].Value), Number(between.Groups[2].Value));
            return low <= high ? new(text, low, high, false, false) : null;
        }

        if (Within().Match(text) is { Success: true } within)
        {
            var (room, centre) = (Number(within.Groups[1].Value), Number(within.Groups[2].Value));
            return room >= 0 ? new(text, centre - room, centre + room, false, false) : null;
        }

        if (Order().Match(text) is { Success: true } order)
        {
            var slack = order.Groups[2].Success ? Number(order.Groups[2].Value) : 0;
            return order.Groups[1].Value switch
            {
                "increasing" => new(text, -slack, double.PositiveInfinity, slack == 0, true),
                "non-decreasing" => new(text, -slack, double.PositiveInfinity, false, true),
                "decreasing" => new(text, double.NegativeInfinity, slack, slack == 0, true),
                _ => new(text, double.NegativeInfinity, slack, false, true),
            };
        }

        return null;
    }

    /// <summary>What follows for a number of which only a range is known: NaN ends mean that nothing is.</summary>
    public Verdict Of(double low, double high)
    {
        if (double.IsNaN(low) || double.IsNaN(high))
        {
            return Verdict.Undecided;
        }

        var above = Strict ? low > Low : low >= Low;
        var below = Strict ? high < High : high <= High;
        if ((above || double.IsNegativeInfinity(Low)) && (below || double.IsPositiveInfinity(High)))
        {
            return Verdict.Holds;
        }

        var under = Strict ? high <= Low : high < Low;
        var over = Strict ? low >= High : low > High;
        return under || over ? Verdict.Fails : Verdict.Undecided;
    }

    /// <summary>Two-sided p-value against the number missing this condition: below .05 where its whole interval meets it.</summary>
    public double PHolds(Spread found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return Math.Max(double.IsNegativeInfinity(Low) ? 0 : found.PAbove(Low), double.IsPositiveInfinity(High) ? 0 : found.PBelow(High));
    }

    /// <summary>The same against its meeting it: below .05 where its interval lies outside.</summary>
    public double PFails(Spread found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return Math.Min(double.IsNegativeInfinity(Low) ? 1 : found.PBelow(Low), double.IsPositiveInfinity(High) ? 1 : found.PAbove(High));
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private const string Real = @"(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)";

    [GeneratedRegex(@"^(>=|<=|>|<)\s*" + Real + "$")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"^between\s+" + Real + @"\s+and\s+" + Real + "$")]
    private static partial Regex Between();

    [GeneratedRegex(@"^within\s+" + Real + @"\s+of\s+" + Real + "$")]
    private static partial Regex Within();

    [GeneratedRegex(@"^(increasing|decreasing|non-increasing|non-decreasing)(?:\s+(?:margin|slack)\s+" + Real + ")?$")]
    private static partial Regex Order();
}
