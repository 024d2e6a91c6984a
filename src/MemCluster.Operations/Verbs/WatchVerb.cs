using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Operations.Watching;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

/// <summary><c>watch [SWEEP]</c> in plain lines: each trial as it ends, how far the sweep is every few seconds, and how it ended.</summary>
public static class WatchVerb
{
    private static readonly TimeSpan JsonEvery = TimeSpan.FromSeconds(5);

    internal static IAsyncEnumerable<Line> Answer(IOperator answerer, VerbArguments said, CancellationToken cancel) =>
        said.Has(VerbArguments.Json) ? Statuses(answerer, said, cancel) : Lines(answerer, said, cancel);

    /// <summary>Whether there is anything to wait for.</summary>
    public static bool GoesOn(SweepSummary sweep) => sweep.Counts.Ended < sweep.Counts.Trials && sweep.State is not ("stopped" or SweepSummary.CannotBeRead);

    /// <returns>The last line, and whether something went wrong in the sweep.</returns>
    public static async Task<(Line Line, bool Failed)> End(IOperator answerer, SweepId sweep, CancellationToken cancel)
    {
        if (await answerer.Status(sweep, cancel) is not { Summary: var now })
        {
            return ($"{sweep} is deleted.", false);
        }

        var failed = now.Counts.Failed + now.Counts.Cancelled > 0;
        return (new Line($"{now.Sweep} is {now.State}: {SweepTableText.CountsOf(now.Counts)}.", failed ? Tone.Bad : Tone.Good), failed);
    }

    private static async IAsyncEnumerable<Line> Lines(IOperator answerer, VerbArguments said, [EnumeratorCancellation] CancellationToken cancel)
    {
        var sweep = await SweepChoice.Of(answerer, said[VerbArguments.Sweep], cancel);
        if (GoesOn(sweep))
        {
            var spec = await SweepChoice.SpecOf(answerer, sweep.Sweep, cancel);
            var timings = await answerer.Timings(cancel);
            using var news = new SweepNews(new EventFeed(answerer), [spec]);
            await foreach (var line in new SweepWatch(said.Door.Clock, answerer, [new(spec, Continued: true)], timings).Lines(news, cancel))
            {
                yield return line;
            }
        }

        yield return (await End(answerer, sweep.Sweep, cancel)).Line;
    }

    /// <summary>For programs: what <c>status --json</c> says, every few seconds and at the end.</summary>
    private static async IAsyncEnumerable<Line> Statuses(IOperator answerer, VerbArguments said, [EnumeratorCancellation] CancellationToken cancel)
    {
        var sweep = await SweepChoice.Of(answerer, said[VerbArguments.Sweep], cancel);
        while (await answerer.Status(sweep.Sweep, cancel) is { } status)
        {
            yield return Answers.Json(status);
            if (!GoesOn(status.Summary))
            {
                yield break;
            }

            await Task.Delay(JsonEvery, said.Door.Clock, cancel);
        }
    }
}
