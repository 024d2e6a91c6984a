using System.Globalization;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Files;

/// <summary>What is written as a table of single examples that needs no other file beside it.</summary>
public enum ExampleTableForm
{
    Csv,
    Parquet,
}

/// <summary>
/// example-rows.csv, example-rows.parquet: a row for each trial, epoch measured and training example, as examples.parquet has them, with the trial's settings and seed in it.
/// Sheet after sheet, never all of them in memory.
/// </summary>
public static class ExampleTable
{
    private const string Name = "example-rows.";

    public static string NameOf(ExampleTableForm form) => Name + (form == ExampleTableForm.Csv ? "csv" : "parquet");

    internal static bool IsName(string file) => Enum.GetValues<ExampleTableForm>().Any(form => NameOf(form) == file);

    /// <summary>Whether trials of this sweep say anything of single examples.</summary>
    public static bool IsThere(SweepSpec spec) => ExampleSheets.Names(spec).Count > 0 || ExampleSheets.HasHeldOut(spec);

    /// <summary>
    /// Columns: trial, the axes, seed, epoch, example (from 0), labels, corrupted, then a column for each score. Bits are true or false; numbers have the fewest digits that give the same
    /// float32 again; empty is what was not measured, and "never"; a number that failed is NaN, Infinity or -Infinity.
    /// </summary>
    public static async Task WriteCsv(TextWriter to, SweepSpec spec, IAsyncEnumerable<TrialArray> arrays, CancellationToken cancel = default)
    {
        var (names, heldOut, grid) = (ExampleSheets.Names(spec), ExampleSheets.HasHeldOut(spec), new Grid(spec));
        await using var csv = Csv.Over(to);
        Csv.Row(csv,
        [
            SheetRows.Trial, .. spec.Axes.Select(axis => axis.Name), SheetRows.Seeds, SheetRows.Epoch, SheetRows.Example, ExampleNames.Given, ExampleNames.True, ExampleNames.Corrupted,
            .. heldOut ? (string[])[ExampleNames.Kept, ExampleNames.CorrectAll] : [], .. names,
        ]);
        await foreach (var sheet in ExampleSheets.Of(arrays, cancel))
        {
            var rows = SheetRows.Of(sheet, grid);
            string[] head = [Text(sheet.Trial), .. rows.Settings, rows.Seed.ToString(CultureInfo.InvariantCulture), Text(sheet.Epoch)];
            for (var row = 0; row < rows.Examples.Length; row++)
            {
                Csv.Row(csv,
                [
                    .. head, Text(rows.Examples[row]), Text((int)rows.Given[row]), Text((int)rows.True[row]), Text(rows.Corrupted[row]),
                    .. heldOut ? (string[])[Text(rows.Places[row] >= 0), sheet.Whole is { } whole ? Text(whole.Correct[row]) : ""] : [],
                    .. names.Select(name => rows.Score(name, row) is { } score ? name == ExampleNames.Correct ? Text(score == 1) : Text((float)score) : ""),
                ]);
            }

            await csv.FlushAsync(cancel);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(float number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(bool bit) => bit ? "true" : "false";
}
