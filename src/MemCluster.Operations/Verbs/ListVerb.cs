using System.Globalization;
using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

internal static class ListVerb
{
    public static readonly VerbAnswer Answer = Answers.Of((answerer, _, cancel) => answerer.List(cancel), Lines);

    public static readonly Line None = "No sweep here yet. Begin one with: memcluster run SPEC";

    public static string DoneOf(TrialCounts counts) => $"{Numbers.Count(counts.Done)}/{Numbers.Count(counts.Trials)}";

    /// <summary>UTC: the reader may sit in another zone than the node that answers. Of a sweep that can't be read it is not known.</summary>
    public static string TimeOf(DateTimeOffset at) => at == DateTimeOffset.UnixEpoch ? "–" : at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static IEnumerable<Line> Lines(IReadOnlyList<SweepSummary> sweeps) => sweeps.Count == 0
        ? [None]
        : Answers.Table(
            [("SWEEP", false), ("STATE", false), ("DONE", true), ("SUBMITTED (UTC)", false), ("QUESTION", false)],
            sweeps.Select(sweep => (string[])[sweep.Sweep.Name, sweep.State, DoneOf(sweep.Counts), TimeOf(sweep.SubmittedAt), sweep.Question]))
            .Concat(sweeps.Where(sweep => sweep.Waiting is { Length: > 0 })
                .SelectMany(Why)
                .Select(text => new Line(text, Tone.Strong)));

    /// <summary>Why a sweep does not go on, as lines: a sentence for the operator is never cut.</summary>
    public static IEnumerable<string> Why(SweepSummary sweep) =>
        Answers.Wrapped(sweep.State == SweepSummary.CannotBeRead ? sweep.Waiting! : $"{sweep.Sweep} waits: {sweep.Waiting}");
}
