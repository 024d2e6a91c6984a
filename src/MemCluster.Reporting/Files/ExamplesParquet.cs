using MemCluster.Messages;
using Parquet;
using Parquet.Schema;

namespace MemCluster.Reporting.Files;

/// <summary>
/// examples.parquet: a row for each trial, epoch measured and training example, with the labels and every per-example score of the spec. What was
/// not measured at that epoch is null, and so is "never" (never learned, never for good).
/// </summary>
public static class ExamplesParquet
{
    private const int RowsInGroup = 200_000;

    public static async Task Write(Stream to, SweepSpec spec, IAsyncEnumerable<TrialArray> arrays, CancellationToken cancel = default)
    {
        var names = ExampleSheets.Names(spec);
        var whole = (string[])["trial", "epoch", "example", ExampleNames.Given, ExampleNames.True];
        DataField[] fields =
        [
            .. whole.Select(name => new DataField<int>(name)), new DataField<bool>(ExampleNames.Corrupted),
            .. names.Select(name => name == ExampleNames.Correct ? (DataField)new DataField<bool?>(name) : new DataField<float?>(name)),
        ];
        await using var file = await ParquetWriter.CreateAsync(new ParquetSchema(fields), to, cancellationToken: cancel);
        var group = new List<ExampleSheet>();
        await foreach (var sheet in ExampleSheets.Of(arrays, cancel))
        {
            group.Add(sheet);
            if (group.Sum(one => one.Count) >= RowsInGroup)
            {
                await WriteGroup(file, fields, group, cancel);
                group.Clear();
            }
        }

        if (group.Count > 0)
        {
            await WriteGroup(file, fields, group, cancel);
        }
    }

    private static async Task WriteGroup(ParquetWriter file, DataField[] fields, List<ExampleSheet> sheets, CancellationToken cancel)
    {
        using var rows = file.CreateRowGroup();
        int[][] whole =
        [
            [.. sheets.SelectMany(sheet => Enumerable.Repeat(sheet.Trial, sheet.Count))],
            [.. sheets.SelectMany(sheet => Enumerable.Repeat(sheet.Epoch, sheet.Count))],
            [.. sheets.SelectMany(sheet => sheet.Examples)],
            [.. sheets.SelectMany(sheet => sheet.Given.Select(label => (int)label))],
            [.. sheets.SelectMany(sheet => sheet.True.Select(label => (int)label))],
        ];
        for (var column = 0; column < whole.Length; column++)
        {
            await rows.WriteAsync<int>(fields[column], whole[column], cancellationToken: cancel);
        }

        await rows.WriteAsync<bool>(fields[whole.Length], sheets.SelectMany(sheet => sheet.Corrupted).ToArray(), cancellationToken: cancel);
        foreach (var field in fields[(whole.Length + 1)..])
        {
            await (field.Name == ExampleNames.Correct
                ? rows.WriteAsync<bool>(field, Column(field.Name, number => number == 1), cancellationToken: cancel)
                : rows.WriteAsync<float>(field, Column(field.Name, number => (float)number), cancellationToken: cancel));
        }

        T?[] Column<T>(string name, Func<double, T> of) where T : struct => [.. sheets.SelectMany(sheet => sheet.Scores.TryGetValue(name, out var scores)
            ? scores.Select(score => double.IsFinite(score) ? of(score) : (T?)null)
            : Enumerable.Repeat((T?)null, sheet.Count))];
    }
}
