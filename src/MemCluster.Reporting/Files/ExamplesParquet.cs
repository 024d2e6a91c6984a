using MemCluster.Messages;
using MemCluster.Sweeps;
using Parquet;
using Parquet.Schema;

namespace MemCluster.Reporting.Files;

/// <summary>
/// examples.parquet: a row for each trial, epoch measured and training example, with the labels and every per-example score of the spec. What was
/// not measured at that epoch is null, and so is "never" (never learned, never for good); what came out NaN or infinite stands there as it is. A sweep that measures <c>held-out</c> has rows of the examples left
/// out too, where it was measured, and says in two more columns which were kept and which came out right; all other scores are null there. As a table that needs
/// no other file (<see cref="ExampleTable"/>) it has a column for each axis and the seed behind the trial's number.
/// </summary>
public static class ExamplesParquet
{
    private const int RowsInGroup = 200_000;

    public static Task Write(Stream to, SweepSpec spec, IAsyncEnumerable<TrialArray> arrays, CancellationToken cancel = default) => Write(to, spec, arrays, settings: false, cancel);

    /// <param name="settings">With the trial's settings and its seed in each row.</param>
    public static async Task Write(Stream to, SweepSpec spec, IAsyncEnumerable<TrialArray> arrays, bool settings, CancellationToken cancel = default)
    {
        var names = ExampleSheets.Names(spec);
        var grid = new Grid(spec);
        string[] axes = settings ? [.. spec.Axes.Select(axis => axis.Name)] : [];
        string[] whole = [SheetRows.Epoch, SheetRows.Example, ExampleNames.Given, ExampleNames.True];
        DataField[] fields =
        [
            new DataField<int>(SheetRows.Trial), .. axes.Select(axis => new DataField(axis, typeof(string), isNullable: false)),
            .. settings ? (DataField[])[new DataField<long>(SheetRows.Seeds)] : [],
            .. whole.Select(name => new DataField<int>(name)), new DataField<bool>(ExampleNames.Corrupted),
            .. ExampleSheets.HasHeldOut(spec) ? (DataField[])[new DataField<bool>(ExampleNames.Kept), new DataField<bool?>(ExampleNames.CorrectAll)] : [],
            .. names.Select(name => name == ExampleNames.Correct ? (DataField)new DataField<bool?>(name) : new DataField<float?>(name)),
        ];
        await using var file = await ParquetWriter.CreateAsync(new ParquetSchema(fields), to, cancellationToken: cancel);
        var group = new List<SheetRows>();
        await foreach (var sheet in ExampleSheets.Of(arrays, cancel))
        {
            group.Add(SheetRows.Of(sheet, grid));
            if (group.Sum(one => one.Examples.Length) >= RowsInGroup)
            {
                await WriteGroup(file, fields, axes, group, cancel);
                group.Clear();
            }
        }

        if (group.Count > 0)
        {
            await WriteGroup(file, fields, axes, group, cancel);
        }
    }

    private static async Task WriteGroup(ParquetWriter file, DataField[] fields, string[] axes, List<SheetRows> sheets, CancellationToken cancel)
    {
        using var rows = file.CreateRowGroup();
        foreach (var field in fields)
        {
            await (field.Name switch
            {
                var name when Array.IndexOf(axes, name) is var axis and >= 0 => rows.WriteAsync(
                    field, sheets.SelectMany(sheet => Enumerable.Repeat(sheet.Settings[axis], sheet.Examples.Length)).ToArray()),
                SheetRows.Seeds => rows.WriteAsync<long>(
                    field, sheets.SelectMany(sheet => Enumerable.Repeat((long)sheet.Seed, sheet.Examples.Length)).ToArray(), cancellationToken: cancel),
                SheetRows.Trial => Whole(sheet => Enumerable.Repeat(sheet.Sheet.Trial, sheet.Examples.Length)),
                SheetRows.Epoch => Whole(sheet => Enumerable.Repeat(sheet.Sheet.Epoch, sheet.Examples.Length)),
                SheetRows.Example => Whole(sheet => sheet.Examples),
                ExampleNames.Given => Whole(sheet => sheet.Given.Select(label => (int)label)),
                ExampleNames.True => Whole(sheet => sheet.True.Select(label => (int)label)),
                ExampleNames.Corrupted => rows.WriteAsync<bool>(field, sheets.SelectMany(sheet => sheet.Corrupted).ToArray(), cancellationToken: cancel),
                ExampleNames.Kept => rows.WriteAsync<bool>(field, sheets.SelectMany(sheet => sheet.Places.Select(place => place >= 0)).ToArray(), cancellationToken: cancel),
                ExampleNames.CorrectAll => rows.WriteAsync<bool>(
                    field, sheets.SelectMany(sheet => sheet.Sheet.Whole?.Correct.Select(one => (bool?)one) ?? Enumerable.Repeat((bool?)null, sheet.Examples.Length)).ToArray(),
                    cancellationToken: cancel),
                ExampleNames.Correct => rows.WriteAsync<bool>(field, Scores(field.Name, number => number == 1), cancellationToken: cancel),
                _ => rows.WriteAsync<float>(field, Scores(field.Name, number => (float)number), cancellationToken: cancel),
            });

            Task Whole(Func<SheetRows, IEnumerable<int>> of) => rows.WriteAsync<int>(field, sheets.SelectMany(of).ToArray(), cancellationToken: cancel);
        }

        T?[] Scores<T>(string name, Func<double, T> of) where T : struct =>
            [.. sheets.SelectMany(sheet => sheet.Examples.Select((_, row) => sheet.Score(name, row) is { } score ? of(score) : (T?)null))];
    }
}
