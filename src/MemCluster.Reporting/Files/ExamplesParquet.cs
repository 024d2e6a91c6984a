using MemCluster.Messages;
using Parquet;
using Parquet.Schema;

namespace MemCluster.Reporting.Files;

/// <summary>
/// examples.parquet: a row for each trial, epoch measured and training example, with the labels and every per-example score of the spec. What was
/// not measured at that epoch is null, and so is "never" (never learned, never for good); what came out NaN or infinite stands there as it is. A sweep that measures <c>held-out</c> has rows of the examples left
/// out too, where it was measured, and says in two more columns which were kept and which came out right; all other scores are null there.
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
            .. ExampleSheets.HasHeldOut(spec) ? (DataField[])[new DataField<bool>(ExampleNames.Kept), new DataField<bool?>(ExampleNames.CorrectAll)] : [],
            .. names.Select(name => name == ExampleNames.Correct ? (DataField)new DataField<bool?>(name) : new DataField<float?>(name)),
        ];
        await using var file = await ParquetWriter.CreateAsync(new ParquetSchema(fields), to, cancellationToken: cancel);
        var group = new List<Rows>();
        await foreach (var sheet in ExampleSheets.Of(arrays, cancel))
        {
            group.Add(Rows.Of(sheet));
            if (group.Sum(one => one.Examples.Length) >= RowsInGroup)
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

    private static async Task WriteGroup(ParquetWriter file, DataField[] fields, List<Rows> sheets, CancellationToken cancel)
    {
        using var rows = file.CreateRowGroup();
        foreach (var field in fields)
        {
            await (field.Name switch
            {
                "trial" => Whole(sheet => Enumerable.Repeat(sheet.Sheet.Trial, sheet.Examples.Length)),
                "epoch" => Whole(sheet => Enumerable.Repeat(sheet.Sheet.Epoch, sheet.Examples.Length)),
                "example" => Whole(sheet => sheet.Examples),
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

            Task Whole(Func<Rows, IEnumerable<int>> of) => rows.WriteAsync<int>(field, sheets.SelectMany(of).ToArray(), cancellationToken: cancel);
        }

        T?[] Scores<T>(string name, Func<double, T> of) where T : struct => [.. sheets.SelectMany(sheet => sheet.Sheet.Scores.TryGetValue(name, out var scores)
            ? sheet.Places.Select(place => place >= 0 && !ExampleSheets.IsNever(name, scores[place]) ? of(scores[place]) : (T?)null)
            : Enumerable.Repeat((T?)null, sheet.Examples.Length))];
    }

    /// <summary>The rows of a sheet: the examples that the trial kept, or all of them where it says something of those left out.</summary>
    /// <param name="Places">Of each example's scores in the sheet; −1 where it was left out.</param>
    private sealed record Rows(ExampleSheet Sheet, int[] Examples, int[] Places, double[] Given, double[] True, bool[] Corrupted)
    {
        public static Rows Of(ExampleSheet sheet)
        {
            if (sheet.Whole is not { } whole)
            {
                return new(sheet, sheet.Examples, [.. Enumerable.Range(0, sheet.Count)], sheet.Given, sheet.True, sheet.Corrupted);
            }

            var next = 0;
            int[] places = [.. whole.Kept.Select(kept => kept ? next++ : -1)];
            return new(sheet, whole.Drawn ?? [.. Enumerable.Range(0, places.Length)], places, whole.Given, whole.True, whole.Corrupted);
        }
    }
}
