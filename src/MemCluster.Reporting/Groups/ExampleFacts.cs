using MemCluster.Messages;
using MemCluster.Reporting.Files;

namespace MemCluster.Reporting.Groups;

/// <summary>What measures over several trials need to know of one: kept small, because all trials of a sweep are held at once.</summary>
internal sealed class ExampleFacts
{
    private readonly Dictionary<string, (double[] Sum, int Epochs)> _scores = [];

    /// <summary>Which examples were right after the first epoch; null if that was not measured.</summary>
    public bool[]? FirstCorrect { get; private set; }

    /// <summary>Which examples came out right, trained on or not, when that was measured last; null if it was not.</summary>
    public SubsetRun? Run { get; private set; }

    /// <summary>Numbers of the examples that scores are of, from 0, in file order.</summary>
    public int[] Examples { get; private init; } = [];

    /// <summary>Which examples are wrong.</summary>
    public bool[] Wrong { get; private init; } = [];

    /// <summary>Mean of a score over the epochs measured, by example; null if it was not measured.</summary>
    public double[]? Mean(string score) => _scores.TryGetValue(score, out var sums) ? Array.ConvertAll(sums.Sum, sum => sum / sums.Epochs) : null;

    /// <summary>Goes once through all arrays of a sweep.</summary>
    /// <param name="scores">Names of the scores wanted.</param>
    /// <returns>By trial.</returns>
    public static async Task<IReadOnlyDictionary<int, ExampleFacts>> Gather(ResultRows rows, IReadOnlyCollection<string> scores, CancellationToken cancel)
    {
        var facts = new Dictionary<int, ExampleFacts>();
        ExampleLabels? labels = null;
        await foreach (var sheet in ExampleSheets.Of(rows.Arrays(), cancel))
        {
            if (!facts.TryGetValue(sheet.Trial, out var of))
            {
                facts.Add(sheet.Trial, of = new() { Examples = sheet.Examples, Wrong = MislabelledExamples.Mask(sheet.Given, sheet.True, sheet.Corrupted) });
            }

            of.Add(sheet, scores);
            if (sheet.Whole is { } whole)
            {
                of.Run = SubsetRun.Of(whole, labels);
                labels = of.Run.Labels;
            }
        }

        return facts;
    }

    private void Add(ExampleSheet sheet, IReadOnlyCollection<string> scores)
    {
        // Where examples are left out, the first of one run is not the first of another.
        if (sheet is { Epoch: 1, IsWhole: true } && sheet.Scores.TryGetValue(ExampleNames.Correct, out var correct))
        {
            FirstCorrect = Array.ConvertAll(correct, bit => bit == 1);
        }

        foreach (var name in scores.Where(sheet.Scores.ContainsKey))
        {
            var (sum, epochs) = _scores.TryGetValue(name, out var known) ? known : (new double[sheet.Count], 0);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += sheet.Scores[name][i];
            }

            _scores[name] = (sum, epochs + 1);
        }
    }
}
