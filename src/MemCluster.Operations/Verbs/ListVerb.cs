using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

internal static class ListVerb
{
    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments arguments, [EnumeratorCancellation] CancellationToken cancel)
    {
        var sweeps = await answerer.List(cancel);
        if (arguments.Has(OperatorCatalogue.Json))
        {
            yield return JsonSerializer.Serialize(sweeps, MessageJson.Options);
            yield break;
        }

        if (sweeps.Count == 0)
        {
            yield return "No sweep here yet. Begin one with: memcluster run SPEC";
            yield break;
        }

        IReadOnlyList<string>[] rows =
        [
            ["SWEEP", "STATE", "DONE", "SUBMITTED (UTC)", "QUESTION"],
            .. sweeps.Select(sweep => (IReadOnlyList<string>)
                [sweep.Sweep.Name, sweep.State, DoneOf(sweep.Counts), TimeOf(sweep.SubmittedAt), sweep.Question]),
        ];
        var text = TextTable.Of(rows, [false, false, true, false, false]);
        for (var line = 0; line < text.Count; line++)
        {
            yield return new(text[line], line == 0 ? Tone.Faint : Tone.Plain);
        }

        foreach (var part in sweeps.Where(sweep => sweep.Waiting is { Length: > 0 })
                     .SelectMany(sweep => StatusVerb.Wrapped($"{sweep.Sweep} waits: {sweep.Waiting}")))
        {
            yield return new(part, Tone.Strong);
        }
    }

    public static string DoneOf(TrialCounts counts) => $"{Numbers.Count(counts.Done)}/{Numbers.Count(counts.Trials)}";

    /// <summary>UTC: the reader may sit in another zone than the node that answers.</summary>
    public static string TimeOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
