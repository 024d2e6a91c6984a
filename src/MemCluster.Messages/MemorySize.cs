using System.Globalization;

namespace MemCluster.Messages;

/// <summary>An amount of memory as people write it: <c>8GiB</c>, <c>512 MiB</c>, <c>16GB</c>, or a plain number of bytes.</summary>
public static class MemorySize
{
    public const string Expected = "an amount of memory such as 8GiB, 512MiB or 16GB";

    private static readonly (string Name, long Bytes)[] Units =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1), ("", 1),
    ];

    /// <returns>False for anything else, for less than a byte, and for more than a pebibyte.</returns>
    public static bool TryParse(string text, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        bytes = 0;
        var trimmed = text.Trim();
        var digits = trimmed.TakeWhile(sign => char.IsAsciiDigit(sign) || sign == '.').Count();
        var unit = Array.Find(Units, unit => unit.Name.Equals(trimmed[digits..].TrimStart(), StringComparison.OrdinalIgnoreCase));
        if (unit.Name is null
            || !decimal.TryParse(trimmed[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number <= 0 || number > (1L << 50) || number * unit.Bytes < 1 || number * unit.Bytes > (1L << 50))
        {
            return false;
        }

        bytes = (long)(number * unit.Bytes);
        return true;
    }

    /// <summary>Exact, in the largest binary unit that divides it: <c>8GiB</c>, <c>1500MiB</c>; else in bytes.</summary>
    public static string Text(long bytes)
    {
        var unit = Array.Find(Units, unit => unit.Name.EndsWith("iB", StringComparison.Ordinal) && bytes % unit.Bytes == 0 && bytes > 0);
        return unit.Name is null
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes}B")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / unit.Bytes}{unit.Name}");
    }

    /// <summary>For people, rounded: <c>7.8 GiB</c>.</summary>
    public static string Rounded(long bytes)
    {
        var unit = Array.Find(Units, unit => unit.Name.EndsWith("iB", StringComparison.Ordinal) && bytes >= unit.Bytes);
        return unit.Name is null
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes} B")
            : string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / unit.Bytes:0.#} {unit.Name}");
    }
}
