using System.Globalization;

namespace MemCluster.Reporting;

/// <summary>How numbers are written: round-trip and invariant for files, short for people.</summary>
public static class Numbers
{
    /// <summary>The shortest text that reads back as the same double; empty for NaN and infinities, which have words of their own (<see cref="Messages.Absences"/>).</summary>
    public static string RoundTrip(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    /// <summary>A share as papers print it: <c>.931</c>, <c>1.000</c>.</summary>
    public static string Share(double value)
    {
        var text = value.ToString("0.000", CultureInfo.InvariantCulture);
        return text.StartsWith("0.", StringComparison.Ordinal) ? text[1..]
            : text == "-0.000" ? ".000"
            : text.StartsWith("-0.", StringComparison.Ordinal) ? "-" + text[2..]
            : text;
    }

    /// <summary><c>12,345</c>.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>"1 trial", "135 trials".</summary>
    public static string Count(long value, string one, string many) => $"{Count(value)} {(value == 1 ? one : many)}";

    /// <summary>A rate or a cost with about two significant digits: <c>0.31</c>, <c>4.1</c>, <c>31</c>.</summary>
    public static string Short(double value) => value switch
    {
        < 0.001 => value.ToString("0.####", CultureInfo.InvariantCulture),
        < 0.095 => value.ToString("0.000", CultureInfo.InvariantCulture),
        < 0.995 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 9.95 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => Count((long)Math.Round(value)),
    };

    /// <summary>A time as one would say it: "4 s", "12 min", "3 h 20 min", "5 days 2 h".</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds > 1e11)
        {
            return "longer than a lifetime";
        }

        if (seconds < 59.5)
        {
            return seconds < 1 ? "under 1 s" : $"{Math.Round(seconds).ToString(CultureInfo.InvariantCulture)} s";
        }

        var minutes = (long)Math.Round(seconds / 60);
        if (minutes < 60)
        {
            return $"{minutes} min";
        }

        if (minutes < 48 * 60)
        {
            return minutes % 60 == 0 ? $"{minutes / 60} h" : $"{minutes / 60} h {minutes % 60} min";
        }

        var hours = (long)Math.Round(seconds / 3600);
        return hours % 24 == 0 ? $"{Count(hours / 24)} days" : $"{Count(hours / 24)} days {hours % 24} h";
    }

    /// <summary>Decimal units, as download pages use them: <c>9.9 MB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => $"{Short(bytes / 1e3)} kB",
        < 1_000_000_000 => $"{Short(bytes / 1e6)} MB",
        _ => $"{Short(bytes / 1e9)} GB",
    };

    /// <summary>The state as trials.csv has it: a trial that runs is not settled yet, so it counts as pending.</summary>
    public static string StateName(Messages.TrialState state) => state switch
    {
        Messages.TrialState.Finished => "finished",
        Messages.TrialState.Diverged => "diverged",
        Messages.TrialState.Failed => "failed",
        Messages.TrialState.Cancelled => "cancelled",
        _ => "pending",
    };
}
