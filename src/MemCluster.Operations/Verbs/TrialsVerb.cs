using System.Globalization;
using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

internal static class TrialsVerb
{
    /// <summary>Row by row: the widths come from the spec, so nothing waits for the last of a million rows.</summary>
    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments said, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (sweep, spec) = await SweepChoice.WithSpec(answerer, said[VerbArguments.Sweep], cancel);
        var rows = answerer.Trials(spec, QueryOf(said), cancel);
        if (said.Has(VerbArguments.Json))
        {
            await foreach (var row in rows)
            {
                yield return Answers.Json(row);
            }

            yield break;
        }

        var table = TableOf(spec, sweep.Counts.LastTrial);
        yield return new(
            table.Row(["TRIAL", .. spec.Axes.Select(axis => axis.Name.ToUpperInvariant()), "SEED", "STATE", "EPOCHS", "BEST", "LAST"]), Tone.Faint);
        var shown = 0;
        await foreach (var row in rows)
        {
            shown++;
            yield return new(table.Row(Cells(row)), row.State switch
            {
                TrialState.Failed => Tone.Bad,
                TrialState.Pending => Tone.Faint,
                _ => Tone.Plain,
            });
        }

        if (shown == 0)
        {
            yield return new($"None of {Numbers.Count(sweep.Counts.Trials, "trial", "trials")} is so.", Tone.Faint);
        }
    }

    /// <exception cref="UserError">The limit is no number.</exception>
    private static TrialQuery QueryOf(VerbArguments said)
    {
        int? limit = null;
        if (said[VerbArguments.Limit] is { } text)
        {
            limit = int.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : throw TrialSelection.LimitProblem(text);
        }

        return new(said.All(VerbArguments.Where), said[VerbArguments.Sort], limit);
    }

    private static TextTable TableOf(SweepSpec spec, int trials) => new(
    [
        (Math.Max("TRIAL".Length, Numbers.Count(trials).Length), true),
        .. spec.Axes.Select(axis => (axis.Values.Append(axis.Name).Max(text => text.Length), false)),
        (Math.Max("SEED".Length, spec.Seeds.IsListed ? 8 : Numbers.Count(spec.Seeds.Count).Length), true),
        ("cancelled".Length, false), ("EPOCHS".Length, true), ("BEST".Length + 1, true), ("LAST".Length + 1, true),
    ]);

    private static List<string> Cells(TrialRow row) =>
    [
        row.Trial.ToString(CultureInfo.InvariantCulture), .. row.Settings, row.Seed.ToString(CultureInfo.InvariantCulture),
        TrialColumn.StateOf(row),
        row.Epochs > 0 ? row.Epochs.ToString(CultureInfo.InvariantCulture) : "",
        Accuracy(row, MeasureNames.ValidationAccuracyBest), Accuracy(row, MeasureNames.ValidationAccuracyLast),
    ];

    private static string Accuracy(TrialRow row, string name) => row.Measures.TryGetValue(name, out var value) ? Numbers.Share(value) : "";
}
