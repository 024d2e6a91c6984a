using MemCluster.Messages;
using MemCluster.Statistics;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Groups;

/// <summary>
/// Numbers over all examples of an ensemble. Their interval counts both that the networks and that the examples could have been others: a jackknife over
/// <see cref="BlockJackknife.Blocks"/> blocks of each (<see cref="BlockJackknife"/>), cut off at the ends of what the number can be. With few networks a share of examples with
/// much memorization is too large, because chance puts some there; no interval shows that.
/// </summary>
internal sealed class EnsembleValues(Ensemble ensemble)
{
    private readonly Dictionary<EnsembleScore, (double[] All, double[][] Without)?> _scores = [];
    private readonly bool[] _wrong = MislabelledExamples.Mask(ensemble.Labels.Given, ensemble.Labels.True, ensemble.Labels.Corrupted);

    /// <returns>Null where these networks don't say it; not defined where there is no example to say it of, with all of them or without a block.</returns>
    public GroupValue? Of(EnsembleMeasure measure)
    {
        if (Scores(measure.Score) is not { } scores)
        {
            return null;
        }

        var value = Summarized(measure, scores.All, -1);
        if (!double.IsFinite(value))
        {
            return GroupValue.Absent(Missing.NotDefined);
        }

        var examples = BlockJackknife.BlocksOf(scores.All.Length);
        var (low, high) = BlockJackknife.Interval(
            value, [.. scores.Without.Select(without => Summarized(measure, without, -1))],
            [.. Enumerable.Range(0, examples).Select(block => Summarized(measure, scores.All, block))]);
        return double.IsFinite(low) && double.IsFinite(high)
            ? new(value, Math.Max(low, measure.Score == EnsembleScore.Memorization && measure.Summary is not (EnsembleSummary.ShareHigh or EnsembleSummary.CorruptedAuroc) ? -1 : 0), Math.Min(high, 1))
            : GroupValue.Absent(Missing.NotDefined);
    }

    private (double[] All, double[][] Without)? Scores(EnsembleScore score)
    {
        if (!_scores.TryGetValue(score, out var known))
        {
            known = ensemble.Scores(score) is { } all
                ? (all, [.. Enumerable.Range(0, ensemble.Blocks).Select(block => ensemble.Scores(score, block)!)])
                : null;
            _scores[score] = known;
        }

        return known;
    }

    /// <param name="without">Without this block of examples; −1: with all.</param>
    /// <returns>NaN where there is no example to say it of.</returns>
    private double Summarized(EnsembleMeasure measure, double[] scores, int without)
    {
        int[] taken = [.. Enumerable.Range(0, scores.Length).Where(example => double.IsFinite(scores[example]) && BlockJackknife.BlockOf(example, scores.Length) != without)];
        return measure.Summary switch
        {
            EnsembleSummary.Mean => Mean(taken),
            EnsembleSummary.CorruptedMean => Mean(taken.Where(example => _wrong[example])),
            EnsembleSummary.CleanMean => Mean(taken.Where(example => !_wrong[example])),
            EnsembleSummary.ShareHigh => taken.Length == 0 ? double.NaN : taken.Count(example => scores[example] >= SubsetMemorization.High) / (double)taken.Length,
            EnsembleSummary.CorruptedAuroc => Auroc.Of(
                Array.ConvertAll(taken, example => measure.Score == EnsembleScore.CScore ? -scores[example] : scores[example]), Array.ConvertAll(taken, example => _wrong[example])),
            _ => throw new NotSupportedException($"No rule for {measure.Summary}."),
        };

        double Mean(IEnumerable<int> examples) => examples.Select(example => scores[example]).DefaultIfEmpty(double.NaN).Average();
    }
}
