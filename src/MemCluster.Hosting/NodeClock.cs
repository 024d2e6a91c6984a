using System.Globalization;

namespace MemCluster.Hosting;

/// <summary>The clock that a node's own process goes by.</summary>
public static class NodeClock
{
    /// <summary>
    /// For tests (<c>memcluster chaos</c> sets it): a wall clock that is off by so many seconds, as on a machine whose clock is wrong. Durations are
    /// measured as ever, and no result depends on either. Log lines keep the machine's own time.
    /// </summary>
    public const string Variable = "MEMCLUSTER_CLOCK_SKEW";

    /// <summary>The machine's own, unless this process's environment says otherwise.</summary>
    /// <exception cref="FormatException">The variable is no number; a sentence.</exception>
    public static TimeProvider Here() => Of(Environment.GetEnvironmentVariable(Variable));

    /// <param name="seconds">Null or empty: not off at all.</param>
    /// <inheritdoc cref="Here"/>
    public static TimeProvider Of(string? seconds)
    {
        if (string.IsNullOrWhiteSpace(seconds))
        {
            return TimeProvider.System;
        }

        // No more than ten years: beyond them there are dates that no calendar has.
        return double.TryParse(seconds, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var off) && Math.Abs(off) <= 315_360_000
            ? new Skewed(TimeSpan.FromSeconds(off))
            : throw new FormatException($"{Variable} is a number of seconds, at most ten years, like -7200, not '{seconds}'. It is for tests; unset it otherwise.");
    }

    private sealed class Skewed(TimeSpan off) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + off;
    }
}
