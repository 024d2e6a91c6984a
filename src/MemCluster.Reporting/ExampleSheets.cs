using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting;

/// <summary>What a trial's measures say of its training examples at one epoch; all arrays in file order.</summary>
/// <param name="Scores">By name: <c>el2n</c>, <c>correct</c> (0 or 1) …; infinity is "never".</param>
public sealed record ExampleSheet(int Trial, int Epoch, double[] Given, double[] True, bool[] Corrupted, IReadOnlyDictionary<string, double[]> Scores)
{
    public int Count => Given.Length;

    /// <summary>Numbers of these examples in the training set, from 0: all of them, or those that the trial kept.</summary>
    public required int[] Examples { get; init; }
}

/// <summary>Puts arrays that belong together side by side.</summary>
public static class ExampleSheets
{
    /// <summary>Names of the per-example scores that trials of this sweep have, those that compute scores for others included.</summary>
    public static IReadOnlyList<string> Names(SweepSpec spec) =>
    [
        .. SettingsVariety.Of(spec, settings => settings.Measures ?? new())
            .SelectMany(plan => MeasureKind.All.Where(kind => kind.Get(plan) is not null).SelectMany(kind => kind.Examples))
            .Concat(new Grid(spec).Works.SelectMany(work => MeasureKind.All.First(kind => kind.Name == work.Measure).Examples)).Distinct(),
    ];

    /// <summary>A sheet for each trial and epoch that has scores.</summary>
    /// <param name="arrays">By trial and epoch, as they are read.</param>
    public static async IAsyncEnumerable<ExampleSheet> Of(IAsyncEnumerable<TrialArray> arrays, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var (labels, scores) = (new Dictionary<string, double[]>(), new Dictionary<string, double[]>());
        var (trial, epoch) = (0, 0);
        await foreach (var array in arrays.Where(array => array.Found.Form != FindingForms.Matrix).WithCancellation(cancel))
        {
            if ((array.Trial, array.Found.Epoch) != (trial, epoch))
            {
                if (Sheet() is { } whole)
                {
                    yield return whole;
                }

                scores = [];
                labels = array.Trial == trial ? labels : [];
                (trial, epoch) = (array.Trial, array.Found.Epoch);
            }

            var isLabel = array.Found.Name is ExampleNames.Given or ExampleNames.True or ExampleNames.Corrupted or ExampleNames.Kept;
            (isLabel ? labels : scores)[array.Found.Name] = array.Found.ToNumbers();
        }

        if (Sheet() is { } last)
        {
            yield return last;
        }

        // A trial under way may have told its scores in part only: what it has not told of all examples is left out.
        ExampleSheet? Sheet()
        {
            if (scores.Count == 0 || !labels.TryGetValue(ExampleNames.Given, out var given) || !labels.TryGetValue(ExampleNames.True, out var truth)
                || !labels.TryGetValue(ExampleNames.Corrupted, out var corrupted))
            {
                return null;
            }

            // Bits come in bytes of eight: what is beyond the last example is filling.
            return new(
                trial, epoch, given, truth, [.. corrupted.Take(given.Length).Select(bit => bit == 1)],
                scores.ToDictionary(score => score.Key, score => score.Value[..given.Length]))
            {
                Examples = labels.TryGetValue(ExampleNames.Kept, out var kept)
                    ? [.. Enumerable.Range(0, kept.Length).Where(example => kept[example] == 1)]
                    : [.. Enumerable.Range(0, given.Length)],
            };
        }
    }
}
