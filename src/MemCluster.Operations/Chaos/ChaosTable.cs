using MemCluster.Operations.Verbs;
using MemCluster.Reporting;

namespace MemCluster.Operations.Chaos;

/// <summary>What was done, and what it cost.</summary>
public static class ChaosTable
{
    public static IEnumerable<Line> Of(ChaosCosts costs)
    {
        var all = costs.All.OrderBy(entry => entry.Key).ToArray();
        return Answers.Table(
            [("FAULT", false), ("TIMES", true), ("ATTEMPTS LOST", true), ("EPOCHS AGAIN", true), ("LONGEST WITHOUT PROGRESS", true)],
            [
                .. all.Select(entry => Row(entry.Key.Name(), entry.Value)),
                Row("all", new(
                    all.Sum(entry => entry.Value.Times), all.Sum(entry => entry.Value.Lost), all.Sum(entry => entry.Value.Again),
                    all.Length == 0 ? TimeSpan.Zero : all.Max(entry => entry.Value.Longest))),
            ]);
    }

    private static IReadOnlyList<string> Row(string name, ChaosCost cost) =>
        [name, Numbers.Count(cost.Times), Numbers.Count(cost.Lost), Numbers.Count(cost.Again), Numbers.Duration(cost.Longest.TotalSeconds)];
}
