using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting;

/// <summary>What a trial's measures say of its training examples at one epoch; all arrays in file order.</summary>
/// <param name="Scores">By name: <c>el2n</c>, <c>correct</c> (0 or 1) …; infinity is "never" where <see cref="ExampleSheets.IsNever"/>.</param>
public sealed record ExampleSheet(int Trial, int Epoch, double[] Given, double[] True, bool[] Corrupted, IReadOnlyDictionary<string, double[]> Scores)
{
    public int Count => Given.Length;

    /// <summary>
    /// Numbers of these examples, from 0: all of the trial's training set, or those that it kept. Where examples are drawn, their places in the training file; else in the
    /// training set, which is the beginning of the file.
    /// </summary>
    public required int[] Examples { get; init; }

    /// <summary>Numbers of the whole training set, before any were left out; null where it is not drawn.</summary>
    public int[]? Drawn { get; init; }

    /// <summary>The trial left no example out.</summary>
    public bool IsWhole => Count == (Drawn?.Length ?? Count) && Examples[^1] == (Drawn?[^1] ?? Count - 1);

    /// <summary>The examples that the trial left out and those that it kept; null unless <c>held-out</c> was measured at this epoch.</summary>
    public WholeSheet? Whole { get; init; }
}

/// <summary>Who came out right among all training examples, and among the validation examples; all arrays in file order.</summary>
/// <param name="Kept">Which were trained on.</param>
/// <param name="Correct">Whose prediction is the label given.</param>
/// <param name="Validation">Likewise; may be followed by up to seven that are filling. Empty where there are none.</param>
public sealed record WholeSheet(double[] Given, double[] True, bool[] Corrupted, bool[] Kept, bool[] Correct, bool[] Validation)
{
    /// <summary>As <see cref="ExampleSheet.Drawn"/>.</summary>
    public int[]? Drawn { get; init; }
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

    /// <summary>Whether trials of this sweep say which examples come out right that they left out.</summary>
    public static bool HasHeldOut(SweepSpec spec) => SettingsVariety.Of(spec, settings => settings.Measures?.HeldOut is not null).Contains(true);

    /// <summary>The score does not say a number but that it never came to it; any other infinity is a number that failed.</summary>
    public static bool IsNever(string name, double score) => double.IsPositiveInfinity(score) && MeasureKind.MayBeNever.Contains(name);

    /// <summary>The score is one that only some examples have, and this is none of them; any other NaN is a number that failed.</summary>
    public static bool IsNone(string name, double score) => double.IsNaN(score) && MeasureKind.OfSomeExamples.Contains(name);

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

            var isLabel = array.Found.Name is ExampleNames.Given or ExampleNames.True or ExampleNames.Corrupted or ExampleNames.Kept or ExampleNames.Drawn;
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
            var chosen = Bits(corrupted, given.Length);
            var kept = labels.TryGetValue(ExampleNames.Kept, out var bits) ? Bits(bits, bits.Length) : null;
            int[] places = kept is null ? [.. Enumerable.Range(0, given.Length)] : [.. Enumerable.Range(0, kept.Length).Where(place => kept[place])];
            int[]? drawn = labels.TryGetValue(ExampleNames.Drawn, out var file) ? [.. Enumerable.Range(0, file.Length).Where(number => file[number] == 1)] : null;
            var whole = scores.TryGetValue(ExampleNames.CorrectAll, out var right)
                ? new WholeSheet(
                    given, truth, chosen, kept?[..given.Length] ?? [.. Enumerable.Repeat(true, given.Length)], Bits(right, given.Length),
                    scores.TryGetValue(ExampleNames.CorrectValidation, out var scored) ? Bits(scored, scored.Length) : [])
                {
                    Drawn = drawn,
                }
                : null;

            // A trial that measures held-out tells the labels of all examples, also of those that it left out.
            var own = given.Length == places.Length ? (int[])[.. Enumerable.Range(0, given.Length)] : places;
            return new(
                trial, epoch, Array.ConvertAll(own, at => given[at]), Array.ConvertAll(own, at => truth[at]), Array.ConvertAll(own, at => chosen[at]),
                scores.Where(score => score.Key is not (ExampleNames.CorrectAll or ExampleNames.CorrectValidation))
                    .ToDictionary(score => score.Key, score => score.Value[..places.Length]))
            {
                Examples = drawn is null ? places : Array.ConvertAll(places, place => drawn[place]),
                Drawn = drawn,
                Whole = whole,
            };
        }
    }

    private static bool[] Bits(double[] numbers, int count) => Array.ConvertAll(numbers[..count], bit => bit == 1);
}
