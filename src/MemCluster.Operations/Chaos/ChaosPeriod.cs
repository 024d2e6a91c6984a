using System.Globalization;
using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations.Chaos;

/// <summary>
/// How long the cluster is left alone between two faults. In times that it takes to recover: whatever the machine and the trials, work gets done between
/// them, and a run under faults comes to an end.
/// </summary>
/// <param name="Recoveries">Null where seconds were said.</param>
/// <param name="Seconds">Null where recoveries were said.</param>
public sealed record ChaosPeriod(double? Recoveries, double? Seconds)
{
    /// <summary>Less, and the next fault would meet a cluster that is still busy with the last.</summary>
    public const double Least = 1.5;

    /// <param name="text"><c>3</c> are three recoveries, <c>5s</c> are seconds, <c>1m</c> is a minute.</param>
    /// <exception cref="UserError">It is neither.</exception>
    public static ChaosPeriod Parse(string text) =>
        Number(text) is { } recoveries and > 0 and <= 1000 ? new(recoveries, null)
        : TimeLength.TryParse(text, out var length) ? new(null, length.TotalSeconds)
        : throw new UserError($"--every is a number of recovery times, like 3, or a time, like 20s or 1m; not '{text}'.");

    /// <param name="option">Whose value it is.</param>
    /// <exception cref="UserError">It is no time.</exception>
    public static TimeSpan Time(string option, string text) =>
        TimeLength.TryParse(text, out var length) ? length : throw new UserError($"{option} is a time, like 90s, 10m or 2h; not '{text}'.");

    /// <param name="recovery">How long one took, measured.</param>
    public TimeSpan Of(TimeSpan recovery) => recovery * Math.Max(Least, Recoveries ?? (Seconds!.Value / Math.Max(recovery.TotalSeconds, 0.001)));

    /// <summary>What it came to, a sentence.</summary>
    public string Said(TimeSpan recovery)
    {
        var (period, asked) = (Of(recovery), Recoveries is { } times ? recovery * times : TimeSpan.FromSeconds(Seconds!.Value));
        return $"It recovers within {Text(recovery)}; a fault {Text(period)} after the end of the one before"
            + (period > asked ? $", not {Text(asked)}: less than {Least.ToString(CultureInfo.InvariantCulture)} recoveries would leave it no time to work." : ".");
    }

    private static string Text(TimeSpan time) => time < TimeSpan.FromMinutes(1) ? $"{Numbers.Short(time.TotalSeconds)} s" : Numbers.Duration(time.TotalSeconds);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
