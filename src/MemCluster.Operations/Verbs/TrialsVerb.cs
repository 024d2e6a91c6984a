using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

internal static class TrialsVerb
{
    /// <summary>Row by row: the widths come from the spec, so nothing waits for the last of a million rows.</summary>
    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments arguments, [EnumeratorCancellation] CancellationToken cancel)
    {
        var sweep = await SweepChoice.Of(answerer, arguments[OperatorCatalogue.Sweep], cancel);
        var spec = await SweepChoice.SpecOf(answerer, sweep.Sweep, cancel);
        var selection = new TrialSelection(spec, arguments);
        var rows = selection.Of(answerer.Trials(sweep.Sweep, cancel), cancel);
        if (arguments.Has(OperatorCatalogue.Json))
        {
            await foreach (var row in rows)
            {
                yield return JsonSerializer.Serialize(row, MessageJson.Options);
            }

            yield break;
        }

        var table = new TextTable(
        [
            (Math.Max("TRIAL".Length, Numbers.Count(sweep.Counts.Trials).Length), true),
            .. spec.Axes.Select(axis => (axis.Values.Append(axis.Name).Max(text => text.Length), false)),
            (Math.Max("SEED".Length, spec.Seeds.IsListed ? 8 : Numbers.Count(spec.Seeds.Count).Length), true),
            ("cancelled".Length, false), ("EPOCHS".Length, true), ("BEST".Length + 1, true), ("LAST".Length + 1, true),
        ]);
        yield return new(table.Row(
            ["TRIAL", .. spec.Axes.Select(axis => axis.Name.ToUpperInvariant()), "SEED", "STATE", "EPOCHS", "BEST", "LAST"]), Tone.Faint);
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

    private static List<string> Cells(TrialRow row) =>
    [
        row.Trial.ToString(CultureInfo.InvariantCulture), .. row.Settings, row.Seed.ToString(CultureInfo.InvariantCulture),
        TrialColumn.StateOf(row),
        row.Epochs > 0 ? row.Epochs.ToString(CultureInfo.InvariantCulture) : "",
        Accuracy(row, MeasureNames.ValidationAccuracyBest), Accuracy(row, MeasureNames.ValidationAccuracyLast),
    ];

    private static string Accuracy(TrialRow row, string name) => row.Measures.TryGetValue(name, out var value) ? Numbers.Share(value) : "";
}
