using System.Globalization;

namespace MemCluster.Messages;

/// <summary>A length of time as people write it: <c>2h</c>, <c>5m</c>, <c>1.5h</c>, <c>30s</c>, <c>2d</c>.</summary>
public static class TimeLength
{
    public const string Expected = "a length of time such as 2h, 5m or 30s";

    private static readonly TimeSpan Most = TimeSpan.FromDays(365);

    private static readonly (string Name, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <returns>False for anything else, a number without a unit, less than a millisecond, and more than a year.</returns>
    public static bool TryParse(string text, out TimeSpan length)
    {
        ArgumentNullException.ThrowIfNull(text);
        length = TimeSpan.Zero;
        var trimmed = text.Trim();
        var unit = Array.Find(Units, unit => trimmed.EndsWith(unit.Name, StringComparison.OrdinalIgnoreCase));
        if (unit.Name is null
            || !decimal.TryParse(trimmed[..^unit.Name.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > (decimal)(Most / unit.Length) || (long)(number * unit.Length.Ticks) < TimeSpan.TicksPerMillisecond)
        {
            return false;
        }

        length = TimeSpan.FromTicks((long)(number * unit.Length.Ticks));
        return true;
    }

    /// <summary>Exact, in the largest unit that divides it: <c>90m</c>; else in seconds.</summary>
    public static string Text(TimeSpan length)
    {
        var unit = Array.Find(Units, unit => length.Ticks % unit.Length.Ticks == 0 && length > TimeSpan.Zero);
        return unit.Name is null
            ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0.#######}s")
            : string.Create(CultureInfo.InvariantCulture, $"{length.Ticks / unit.Length.Ticks}{unit.Name}");
    }
}
