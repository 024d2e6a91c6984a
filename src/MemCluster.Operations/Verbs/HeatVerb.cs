using System.Runtime.CompilerServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

internal static class HeatVerb
{
    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments arguments, [EnumeratorCancellation] CancellationToken cancel)
    {
        var sweep = await SweepChoice.Of(answerer, arguments[OperatorCatalogue.Sweep], cancel);
        var spec = await SweepChoice.SpecOf(answerer, sweep.Sweep, cancel);
        var column = TrialColumn.Find(spec, arguments[OperatorCatalogue.Measure] ?? MeasureNames.ValidationAccuracyBest);
        var measures = FinalColumns.Of(spec);
        if (column.Name != "epochs" && !measures.Contains(column.Name))
        {
            throw new UserError($"{column.Name} is no measure; expected one of epochs, {string.Join(", ", measures)}.");
        }

        var conditions = arguments.All(OperatorCatalogue.Where);
        var filter = TrialFilter.Of(spec, arguments[OperatorCatalogue.Regularizer] is { } regularizer
            ? [.. conditions, $"regularizer={regularizer}"]
            : conditions);
        var builder = new HeatMapBuilder(spec, column.Name, column.Number);
        await foreach (var row in answerer.Trials(sweep.Sweep, cancel))
        {
            // What ran when its coordinator stopped does not run now.
            var now = row.State == TrialState.Running && sweep.Counts.Running == 0 ? row with { State = TrialState.Pending } : row;
            if (filter.Takes(now))
            {
                builder.Add(now);
            }
        }

        var map = builder.Build();
        if (arguments.Has(OperatorCatalogue.Json))
        {
            yield return JsonSerializer.Serialize(map, MessageJson.Options);
            yield break;
        }

        foreach (var line in HeatMapText.Lines(map))
        {
            yield return line;
        }
    }
}
