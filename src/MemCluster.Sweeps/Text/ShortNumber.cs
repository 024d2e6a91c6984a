using System.Globalization;

namespace MemCluster.Sweeps;

/// <summary>
/// Numbers as specs and results show them: the fewest digits that read back as the same number, without an exponent where that is readable
/// (<c>0.001</c>, not <c>1E-03</c>). Part of every cell's identity: it must never change.
/// </summary>
public static class ShortNumber
{
    public static string Write(double number)
    {
        var digits = (number + 0.0).ToString("R", CultureInfo.InvariantCulture); // + 0.0: there is no minus zero
        if (!digits.Contains('E', StringComparison.Ordinal))
        {
            return digits;
        }

        return Math.Abs(number) is >= 1e-9 and < 1e21
            ? decimal.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
            : digits.ToLowerInvariant().Replace("e+", "e", StringComparison.Ordinal);
    }

    /// <summary>Any decimal form, with or without exponent; infinities and NaN are no numbers here.</summary>
    public static bool TryRead(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>A whole number: <c>5000</c>, and <c>5e3</c> too. Exact up to 2^53.</summary>
    public static bool TryReadWhole(string text, out long number)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number))
        {
            return true;
        }

        var whole = TryRead(text, out var real) && Math.Abs(real) < 9e15 && real == Math.Floor(real) && !text.Contains('.', StringComparison.Ordinal);
        number = whole ? (long)real : 0;
        return whole;
    }
}
