using MemCluster.Messages;
using MemCluster.Statistics;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Groups;

/// <summary>
/// Correlations of two scores over examples (<see cref="ScoreCorrelation"/>). Their interval counts that both the trials and the examples could have been others
/// (<see cref="BlockJackknife"/>), as that of an ensemble's numbers does, and is cut off at −1 and 1.
/// </summary>
/// <param name="ensembleAt">The networks at these places together; null where they are no ensemble.</param>
internal sealed class CorrelationValues(Grid grid, IReadOnlyDictionary<int, ExampleFacts> facts, Func<IReadOnlyList<int>, Ensemble?> ensembleAt)
{
    /// <returns>Null where a trial has not told, or noise makes an example another one in each trial; not defined where a score is the same for all examples, or there is one trial only.</returns>
    public GroupValue? Of(ScoreCorrelation asked, IReadOnlyList<int> places)
    {
        if (Both(asked, places) is not (var first, var second, var examples))
        {
            return null;
        }

        var (all, other) = (Padded(first(-1), examples), Padded(second(-1), examples));
        var value = ExampleCorrelation.Spearman(all, other);
        var (low, high) = BlockJackknife.Interval(
            value,
            [.. Enumerable.Range(0, BlockJackknife.BlocksOf(places.Count)).Select(block => ExampleCorrelation.Spearman(Padded(first(block), examples), Padded(second(block), examples)))],
            [.. Enumerable.Range(0, BlockJackknife.BlocksOf(examples)).Select(block => ExampleCorrelation.Spearman(all, other, block))]);
        return double.IsFinite(low) && double.IsFinite(high) ? new(value, Math.Max(low, -1), Math.Min(high, 1)) : GroupValue.Absent(Missing.NotDefined);
    }

    /// <summary>The two scores of every example that has both, and which of these examples are wrong (<see cref="MislabelledExamples"/>).</summary>
    /// <returns>Null where <see cref="Of"/> has no correlation because a trial has not told.</returns>
    public ScorePairs? Pairs(ScoreCorrelation asked, IReadOnlyList<int> places)
    {
        if (Both(asked, places) is not (var first, var second, var examples))
        {
            return null;
        }

        var (one, other, wrong) = (Padded(first(-1), examples), Padded(second(-1), examples), new bool[examples]);
        foreach (var trial in places.Select(place => facts.GetValueOrDefault(place + 1)).OfType<ExampleFacts>())
        {
            for (var place = 0; place < trial.Examples.Length; place++)
            {
                wrong[trial.Examples[place]] |= trial.Wrong[place];
            }
        }

        int[] both = [.. Enumerable.Range(0, examples).Where(example => !double.IsNaN(one[example]) && !double.IsNaN(other[example]))];
        return new(Array.ConvertAll(both, example => one[example]), Array.ConvertAll(both, example => other[example]), Array.ConvertAll(both, example => wrong[example]));
    }

    private (Func<int, double[]> First, Func<int, double[]> Second, int Examples)? Both(ScoreCorrelation asked, IReadOnlyList<int> places) =>
        ScoresOf(asked.First, places) is { } first && ScoresOf(asked.Second, places) is { } second ? (first, second, Math.Max(first(-1).Length, second(-1).Length)) : null;

    /// <summary>A number for each example, without a block of trials; null where there is none to be had.</summary>
    private Func<int, double[]>? ScoresOf(string score, IReadOnlyList<int> places)
    {
        if (ScoreCorrelation.EnsembleOf(score) is { } together)
        {
            return ensembleAt(places) is { } ensemble && ensemble.Runs == places.Count && ensemble.Scores(together) is not null
                ? block => ByNumber(ensemble.Scores(together, block)!, ensemble.Labels.Drawn) : null;
        }

        var trials = places.Select(place => facts.GetValueOrDefault(place + 1)).ToArray();
        var moves = places.Count > 1 && grid.SettingsAt(places[0]) is { NoiseSeed: null } settings && settings.Noise != Noise.None;
        return moves || Array.Exists(trials, trial => trial?.Mean(score) is null) ? null : block => Mean(score, [.. trials.Where((_, trial) => BlockJackknife.BlockOf(trial, trials.Length) != block).Select(trial => trial!)]);
    }

    /// <summary>Of the trials that kept the example and have its score; NaN where none did. An example that one of them never learned has an infinite mean.</summary>
    private static double[] Mean(string score, ExampleFacts[] trials)
    {
        var examples = trials.Select(trial => trial.Examples[^1] + 1).DefaultIfEmpty(0).Max();
        var (sums, counts) = (new double[examples], new int[examples]);
        foreach (var trial in trials)
        {
            var scores = trial.Mean(score)!;
            for (var place = 0; place < scores.Length; place++)
            {
                if (ExampleSheets.IsNone(score, scores[place]))
                {
                    continue;
                }

                sums[trial.Examples[place]] += scores[place];
                counts[trial.Examples[place]]++;
            }
        }

        return [.. sums.Zip(counts, (sum, count) => count == 0 ? double.NaN : sum / count)];
    }

    /// <summary>By the examples' places in the file, as the scores of trials are.</summary>
    /// <param name="drawn">Theirs, where they were drawn; null where they are the first ones.</param>
    private static double[] ByNumber(double[] scores, int[]? drawn)
    {
        if (drawn is null)
        {
            return scores;
        }

        var placed = new double[drawn[^1] + 1];
        Array.Fill(placed, double.NaN);
        for (var place = 0; place < drawn.Length; place++)
        {
            placed[drawn[place]] = scores[place];
        }

        return placed;
    }

    private static double[] Padded(double[] scores, int examples) =>
        scores.Length == examples ? scores : [.. scores, .. Enumerable.Repeat(double.NaN, examples - scores.Length)];
}

/// <summary>Two scores of the same examples.</summary>
/// <param name="First">By example; infinite for "never".</param>
/// <param name="Second">Likewise.</param>
/// <param name="Wrong">Which examples are wrong.</param>
internal sealed record ScorePairs(double[] First, double[] Second, bool[] Wrong);
