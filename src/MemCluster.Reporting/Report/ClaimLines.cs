using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>The verdicts as lines for a terminal.</summary>
public static class ClaimLines
{
    public static IEnumerable<Line> Of(SweepReport report)
    {
        foreach (var row in report.Verdicts)
        {
            var (word, tone) = row.Verdict switch
            {
                Verdict.Holds => ("holds    ", Tone.Good),
                Verdict.Fails => ("fails    ", Tone.Bad),
                _ => ("undecided", Tone.Plain),
            };
            yield return new(Line.Fit($"  {word}  {row.Says}", Line.Width), tone);
            foreach (var part in row.Ours)
            {
                yield return new(Line.Fit(
                    $"             {(part.Label.Length > 0 ? part.Label + "  " : "")}{part.Ours}   {part.Threshold}{(part.Why.Length > 0 ? $"   ({part.Why})" : "")}", Line.Width), Tone.Faint);
            }

            if (row.Seeds.Length > 0)
            {
                yield return new(Line.Fit($"             {row.Seeds}", Line.Width), Tone.Faint);
            }

            if (row.Looks.Length > 0)
            {
                yield return new(Line.Fit($"             {row.Looks}", Line.Width), Tone.Faint);
            }
        }
    }
}
