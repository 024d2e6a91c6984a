using System.Collections.Immutable;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Files;

/// <summary>The rows of a sheet: the examples that the trial kept, or all of them where it says something of those left out.</summary>
/// <param name="Settings">Of the trial: a value for each axis, in the sweep's order; empty where a trial that computes scores has none.</param>
/// <param name="Places">Of each example's scores in the sheet; −1 where it was left out.</param>
internal sealed record SheetRows(
    ExampleSheet Sheet, ImmutableArray<string> Settings, ulong Seed, int[] Examples, int[] Places, double[] Given, double[] True, bool[] Corrupted)
{
    /// <summary>The columns before the scores, but for settings and seed.</summary>
    public const string Trial = "trial", Seeds = "seed", Epoch = "epoch", Example = "example";

    public static SheetRows Of(ExampleSheet sheet, Grid grid)
    {
        var (settings, seed) = (grid.ValuesAt(sheet.Trial - 1), grid.SeedAt(sheet.Trial - 1));
        if (sheet.Whole is not { } whole)
        {
            return new(sheet, settings, seed, sheet.Examples, [.. Enumerable.Range(0, sheet.Count)], sheet.Given, sheet.True, sheet.Corrupted);
        }

        var next = 0;
        int[] places = [.. whole.Kept.Select(kept => kept ? next++ : -1)];
        return new(sheet, settings, seed, whole.Drawn ?? [.. Enumerable.Range(0, places.Length)], places, whole.Given, whole.True, whole.Corrupted);
    }

    /// <summary>Of one score, by row: null where it was not measured, and for "never".</summary>
    public double? Score(string name, int row) =>
        Places[row] is var place and >= 0 && Sheet.Scores.TryGetValue(name, out var scores) && !ExampleSheets.IsNever(name, scores[place]) && !ExampleSheets.IsNone(name, scores[place]) ? scores[place] : null;
}
