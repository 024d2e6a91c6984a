using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

/// <summary>How far each value of each axis is, a line or a few for an axis: <c>noise  none 9/9 · label 0.2 4/9</c>.</summary>
internal static class AxisLines
{
    /// <summary>More values than these say nothing to a reader.</summary>
    private const int MostValues = 24;

    public static IEnumerable<Line> Of(IReadOnlyList<AxisProgress> axes)
    {
        var names = axes.Select(axis => axis.Axis.Length).DefaultIfEmpty().Max();
        foreach (var axis in axes.Where(axis => axis.Values.Count > 1))
        {
            var line = "  " + axis.Axis.PadRight(names);
            var first = true;
            var hidden = axis.Values.Count - MostValues;
            var parts = axis.Values.Take(MostValues).Select(value => $"{value.Value} {Numbers.Count(value.Ended)}/{Numbers.Count(value.Trials)}");
            foreach (var part in hidden > 0 ? parts.Append($"… and {Numbers.Count(hidden)} values more") : parts)
            {
                if (!first && line.Length + 3 + part.Length > Line.Width)
                {
                    yield return line;
                    line = new string(' ', names + 2);
                    first = true;
                }

                line += (first ? "  " : " · ") + part;
                first = false;
            }

            yield return Line.Fit(line, Line.Width);
        }
    }
}
