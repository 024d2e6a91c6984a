using System.Globalization;

namespace MemCluster.Reporting.Report;

/// <summary>Numbers to places on an axis, and the ticks that people read them by.</summary>
public sealed record Scale(double Low, double High, bool Log, double From, double To)
{
    /// <summary>A scale that shows all of these, with a little room at the ends.</summary>
    public static Scale Over(IEnumerable<double> values, bool log, double from, double to, double room = 0.05)
    {
        double[] shown = [.. values.Where(value => double.IsFinite(value) && (!log || value > 0))];
        if (shown.Length == 0)
        {
            return new(log ? 1 : 0, log ? 10 : 1, log, from, to);
        }

        var (low, high) = (shown.Min(), shown.Max());
        if (log)
        {
            var factor = Math.Pow(Math.Max(high / low, 1.2), room);
            return new(low / factor, high * factor, true, from, to);
        }

        var span = Math.Max(high - low, Math.Max(Math.Abs(high), 1) * 1e-3);
        return new(low - room * span, high + room * span, false, from, to);
    }

    /// <summary>Never outside of the axis.</summary>
    public double At(double value)
    {
        var share = Log
            ? value <= 0 ? 0 : (Math.Log(value) - Math.Log(Low)) / (Math.Log(High) - Math.Log(Low))
            : (value - Low) / (High - Low);
        return From + Math.Clamp(share, 0, 1) * (To - From);
    }

    /// <summary>The number at a place of the axis: the reverse of <see cref="At"/>.</summary>
    public double ValueAt(double place)
    {
        var share = (place - From) / (To - From);
        return Log ? Low * Math.Pow(High / Low, share) : Low + share * (High - Low);
    }

    /// <summary>Round numbers, about so many.</summary>
    public IReadOnlyList<double> Ticks(int about)
    {
        if (Log && High / Low > 8)
        {
            var decades = Enumerable.Range((int)Math.Floor(Math.Log10(Low)), (int)(Math.Log10(High / Low)) + 3).Select(power => Math.Pow(10, power)).ToArray();
            double[] steps = Math.Log10(High / Low) > 2.5 ? [1] : [1, 2, 5];
            return Within(decades.SelectMany(decade => steps.Select(step => step * decade)), about);
        }

        var rough = (High - Low) / Math.Max(1, about);
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1.0, 2, 5, 10 }.First(round => round * magnitude >= rough * 0.999) * magnitude;
        var first = Math.Ceiling(Low / step - 1e-9);
        return Within(Enumerable.Range(0, (int)((High - Low) / step) + 2).Select(index => Math.Round((first + index) * step, 12)), about * 3);
    }

    /// <summary>A tick's text: short, and as precise as its neighbours need.</summary>
    public static string TextOf(double tick)
    {
        var size = Math.Abs(tick);
        return size >= 1e6 || (size < 1e-4 && size > 0) ? tick.ToString("0.#e0", CultureInfo.InvariantCulture)
            : size >= 1000 ? tick.ToString("#,0.##", CultureInfo.InvariantCulture)
            : tick.ToString("0.#####", CultureInfo.InvariantCulture);
    }

    private double[] Within(IEnumerable<double> ticks, int most)
    {
        double[] inside = [.. ticks.Where(tick => tick >= Low * (Low > 0 ? 0.999999 : 1.000001) && tick <= High * (High > 0 ? 1.000001 : 0.999999))];
        var every = Math.Max(1, (inside.Length + most - 1) / most);
        return [.. inside.Where((_, index) => index % every == 0)];
    }
}
