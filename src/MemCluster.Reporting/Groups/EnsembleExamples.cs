using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Groups;

/// <summary>What the networks of a sweep say together of each training example.</summary>
/// <param name="Given">The label given.</param>
/// <param name="Corrupted">Whether the noise chose it.</param>
/// <param name="Scores">NaN where the networks can't say: an example that all of them, or none, were trained on.</param>
/// <param name="Trials">How many networks.</param>
public sealed record EnsembleExamples(int[] Given, int[] True, bool[] Corrupted, double[] Scores, int Trials)
{
    /// <summary>The examples' places in the training file; null where they are its first ones.</summary>
    public int[]? Drawn { get; init; }

    /// <summary>The first of the networks' trials, counted from 1: it has the labels, and what noise there is, as all of them.</summary>
    public required int First { get; init; }

    private static readonly Setting? Prunes = SettingsSchema.Find("prune");

    private static readonly Dictionary<string, EnsembleScore> ByName = new() { ["memorization"] = EnsembleScore.Memorization, ["c_score"] = EnsembleScore.CScore };

    /// <summary>Names of the scores that the trials of this sweep have together: none unless they measure <c>held-out</c> and leave examples out.</summary>
    public static IReadOnlyCollection<string> Names(SweepSpec spec) => ExampleSheets.HasHeldOut(spec) && Grid.Prunes(spec) ? ByName.Keys : [];

    /// <returns>Null, with a sentence that says why, where these trials are no ensemble for this score.</returns>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="arrays">Of the trials that count, by trial and epoch.</param>
    public static async Task<(EnsembleExamples? Found, string Why)> Of(SweepSpec spec, string name, IAsyncEnumerable<TrialArray> arrays, CancellationToken cancel = default)
    {
        var grid = new Grid(spec);
        var runs = new SortedDictionary<int, SubsetRun>();
        ExampleLabels? labels = null;
        await foreach (var sheet in ExampleSheets.Of(arrays, cancel))
        {
            if (sheet.Whole is { } whole && sheet.Trial <= grid.Count)
            {
                var run = runs[sheet.Trial - 1] = SubsetRun.Of(whole, labels);
                labels = run.Labels;
            }
        }

        int[] places = [.. runs.Keys.Where(place => grid.SettingsAt(place).Prune != Prune.None)];
        var score = ByName[name];
        if (Several(grid, places, score == EnsembleScore.CScore) is { } several)
        {
            return (null, $"{name} is of trials that differ in nothing but their seeds{(score == EnsembleScore.CScore ? " and in how much they left out" : "")}; choose one {several.Axis} with --where \"{several.Axis}={several.Value}\"");
        }

        var (ensemble, why) = Ensemble.Of(grid, places, runs.GetValueOrDefault);
        return ensemble is null
            ? (null, why)
            : (new(ensemble.Labels.Given, ensemble.Labels.True, ensemble.Labels.Corrupted, ensemble.Scores(score)!, ensemble.Runs) { First = places[0] + 1, Drawn = ensemble.Labels.Drawn }, "");
    }

    /// <summary>An axis at which they have several values.</summary>
    private static (string Axis, string Value)? Several(Grid grid, int[] places, bool pools)
    {
        var axes = grid.Spec.Axes;
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (!(pools && SettingsSchema.Find(axes[axis].Name) == Prunes) && places.Select(place => grid.ValueIndexAt(place, axis)).Distinct().Count() > 1)
            {
                return (axes[axis].Name, axes[axis].Values[grid.ValueIndexAt(places[0], axis)]);
            }
        }

        return null;
    }
}
