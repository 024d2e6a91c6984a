using MemCluster.Messages;
using MemCluster.Reporting.Files;
using Parquet;

namespace MemCluster.Reporting.Tests;

public sealed class ExamplesParquetTests
{
    private static readonly SweepSpec Spec = Given.Spec("sweep: s\ndata: glyphs\nmeasures: {learning: every 1, el2n: last}\nseeds: 2\n");

    private static IEnumerable<TrialArray> Arrays(int trial) => new[]
    {
        Finding.OfBits(0, ExampleNames.Corrupted, [true, false, false]),
        Finding.OfSingles(0, ExampleNames.Given, [3, 1, 2]),
        Finding.OfSingles(0, ExampleNames.True, [0, 1, 2]),
        Finding.OfBits(1, ExampleNames.Correct, [false, true, false]),
        Finding.OfMatrix(2, "class_sensitivity", [[1]]),
        Finding.OfBits(2, ExampleNames.Correct, [false, true, true]),
        Finding.OfSingles(2, "el2n", trial == 2 ? [double.NaN, double.PositiveInfinity, trial] : [0.5, 0.25, trial]),
        Finding.OfSingles(2, "first_learned", [double.PositiveInfinity, 1, 2]),
    }.Select(found => new TrialArray(trial, found));

    [Fact]
    public async Task Each_trial_epoch_and_example_has_a_row_and_what_was_not_measured_is_null_but_not_what_came_out_nan()
    {
        using var file = new MemoryStream();
        await ExamplesParquet.Write(file, Spec, Arrays(1).Concat(Arrays(2)).ToAsyncEnumerable());
        file.Position = 0;

        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(
            ["trial", "epoch", "example", "label_given", "label_true", "corrupted", "correct", .. MeasureKind.LearningScores, "el2n"],
            reader.Schema.DataFields.Select(field => field.Name));
        Same([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2], await Whole("trial"));
        Same([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2], await Whole("epoch"));
        Same([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], await Whole("example"));
        Same([3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2], await Whole("label_given"));
        Some([null, null, null, 0.5f, 0.25f, 1f, null, null, null, float.NaN, float.PositiveInfinity, 2f], await Singles("el2n"));
        Some([null, null, null, null, 1f, 2f], (await Singles("first_learned"))[..6]);

        static void Some(float?[] expected, float?[] actual) => Assert.Equal(expected, actual);

        static void Same(int[] expected, int[] actual) => Assert.Equal(expected, actual);

        async Task<int[]> Whole(string name)
        {
            using var group = reader.OpenRowGroupReader(0);
            var values = new int[12];
            await group.ReadAsync<int>(reader.Schema.FindDataField(name), values.AsMemory());
            return values;
        }

        async Task<float?[]> Singles(string name)
        {
            using var group = reader.OpenRowGroupReader(0);
            var values = new float?[12];
            await group.ReadAsync<float>(reader.Schema.FindDataField(name), values.AsMemory());
            return values;
        }
    }

    [Fact]
    public async Task A_trial_whose_labels_have_not_come_yet_has_no_rows()
    {
        var sheets = await ExampleSheets.Of(Arrays(1).Skip(3).ToAsyncEnumerable()).ToListAsync();

        Assert.Empty(sheets);
    }

    [Fact]
    public async Task A_sheet_has_no_more_examples_than_there_are_however_many_bits_a_byte_has()
    {
        var sheets = await ExampleSheets.Of(Arrays(1).ToAsyncEnumerable()).ToListAsync();

        Assert.Equal([1, 2], sheets.Select(sheet => sheet.Epoch));
        Assert.Equal([true, false, false], sheets[0].Corrupted);
        Assert.Equal([0, 1, 1], sheets[1].Scores[ExampleNames.Correct]);
    }
}
