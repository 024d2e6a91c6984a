using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

internal static class HeatVerb
{
    public static readonly VerbAnswer Answer = Answers.Of(Map, HeatMapText.Lines);

    private static async Task<HeatMap> Map(IOperator answerer, VerbArguments said, CancellationToken cancel)
    {
        var (_, spec) = await SweepChoice.WithSpec(answerer, said[VerbArguments.Sweep], cancel);
        var column = TrialColumn.Find(spec, said[VerbArguments.Measure] ?? MeasureNames.ValidationAccuracyBest);
        var measures = FinalColumns.Of(spec);
        if (column.Name != "epochs" && !measures.Contains(column.Name))
        {
            throw new UserError($"{column.Name} is no measure; expected one of epochs, {string.Join(", ", measures)}.");
        }

        string[] conditions =
        [
            .. said.All(VerbArguments.Where),
            .. said[VerbArguments.Regularizer] is { } regularizer ? [$"regularizer={regularizer}"] : (string[])[],
        ];
        var builder = new HeatMapBuilder(spec, column.Name, column.Number);
        await foreach (var row in answerer.Trials(spec, new TrialQuery(conditions), cancel))
        {
            builder.Add(row);
        }

        return builder.Build();
    }
}
