using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Groups;
using MemCluster.Reporting.Report;
using MemCluster.Sweeps.Claims;
using Parquet;

namespace MemCluster.Reporting.Tests;

/// <summary>Trials whose examples are drawn: an example keeps its number, and those of several trials are never mixed up.</summary>
public sealed class DataSeedTests
{
    private const string Yaml = "sweep: s\ndata: { name: glyphs, train: 3, seed: per-seed }\nmeasures: { learning: every 1, el2n: last }\nseeds: 2\n";

    /// <summary>Of a file of ten trial 1 has examples 2, 5 and 9, trial 2 has 0, 5 and 6.</summary>
    private static IEnumerable<TrialArray> Arrays(int trial) => new[]
    {
        Finding.OfBits(0, ExampleNames.Drawn, [.. Enumerable.Range(0, 10).Select(number => (trial == 1 ? (int[])[2, 5, 9] : [0, 5, 6]).Contains(number))]),
        Finding.OfBits(0, ExampleNames.Corrupted, [true, false, false]),
        Finding.OfSingles(0, ExampleNames.Given, [3, 1, 2]),
        Finding.OfSingles(0, ExampleNames.True, [0, 1, 2]),
        Finding.OfBits(1, ExampleNames.Correct, [false, true, trial == 1]),
        Finding.OfSingles(1, "el2n", [0.5, 0.25, trial]),
    }.Select(found => new TrialArray(trial, found));

    [Fact]
    public async Task The_examples_file_says_of_each_its_place_in_the_training_file()
    {
        using var file = new MemoryStream();
        await ExamplesParquet.Write(file, Given.Spec(Yaml), Arrays(1).Concat(Arrays(2)).ToAsyncEnumerable());
        file.Position = 0;

        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(0);
        var numbers = new int[6];
        await group.ReadAsync<int>(reader.Schema.FindDataField("example"), numbers.AsMemory());
        Assert.Equal([2, 5, 9, 0, 5, 6], numbers);
    }

    [Fact]
    public async Task Those_left_out_of_a_draw_keep_their_numbers_too()
    {
        TrialArray[] arrays =
        [
            .. new[]
            {
                Finding.OfBits(0, ExampleNames.Drawn, [.. Enumerable.Range(0, 10).Select(number => number is 1 or 4 or 6 or 7)]),
                Finding.OfBits(0, ExampleNames.Corrupted, [false, true, false, true]), Finding.OfBits(0, ExampleNames.Kept, [false, true, true, false]),
                Finding.OfSingles(0, ExampleNames.Given, [5, 6, 7, 8]), Finding.OfSingles(0, ExampleNames.True, [5, 0, 7, 8]),
                Finding.OfSingles(1, "el2n", [0.5, 0.25]),
                Finding.OfBits(2, ExampleNames.CorrectAll, [true, true, false, false]), Finding.OfSingles(2, "el2n", [1, 2]),
            }.Select(found => new TrialArray(1, found)),
        ];
        var spec = Given.Spec("sweep: s\ndata: { name: glyphs, train: 4, seed: 3 }\nprune: random 0.5\nmeasures: { held-out: last, el2n: every 1 }\n");
        using var file = new MemoryStream();
        await ExamplesParquet.Write(file, spec, arrays.ToAsyncEnumerable());
        file.Position = 0;

        var sheets = await ExampleSheets.Of(arrays.ToAsyncEnumerable()).ToListAsync();
        Assert.Equal([4, 6], sheets[0].Examples);
        Assert.False(sheets[0].IsWhole);
        Assert.Equal([1, 4, 6, 7], sheets[1].Whole!.Drawn!);
        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(0);
        var numbers = new int[6];
        await group.ReadAsync<int>(reader.Schema.FindDataField("example"), numbers.AsMemory());
        Assert.Equal([4, 6, 1, 4, 6, 7], numbers);
    }

    [Theory]
    [InlineData("per-seed", Verdict.Undecided, "each seed has examples of its own (data.seed is per-seed), and it is of examples that all trials have")]
    [InlineData("3", Verdict.Holds, "")]
    public async Task What_the_examples_are_in_all_trials_together_is_undecided_where_each_has_its_own(string seed, Verdict verdict, string why)
    {
        var spec = Given.Spec($$"""
            sweep: s
            data: { name: glyphs, train: 3, seed: {{seed}} }
            measures: { learning: last }
            seeds: 2
            claims: { c: { group: first_epoch_dispersion_p, holds: "< 1" } }
            figures: { f: { x: examples, y: first_epoch_correct } }
            """);
        var report = await SweepReportBuilder.From(new ResultRows(
            spec, NumericsSettings.Version, () => Given.Rows(spec, trial => Given.Row(spec, trial, TrialState.Finished)).ToAsyncEnumerable(),
            AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, () => Arrays(1).Concat(seed == "3" ? Arrays(1).Select(array => array with { Trial = 2 }) : Arrays(2)).ToAsyncEnumerable()));

        Assert.Equal((verdict, why), (report.Verdicts.Single().Verdict, report.Verdicts.Single().Ours[0].Why));
        Assert.Equal(seed == "3", report.Figures.Any(figure => figure.Name == "f"));
    }

    [Theory]
    [InlineData("per-seed", false)]
    [InlineData("3", true)]
    public async Task An_ensemble_is_of_trials_with_the_same_examples_and_names_them_by_their_place_in_the_file(string seed, bool isOne)
    {
        var spec = Given.Spec($"sweep: s\ndata: {{ name: glyphs, train: 3, seed: {seed} }}\nmeasures: {{ held-out: last }}\nprune: random 0.3\nseeds: 3\n");
        var arrays = Enumerable.Range(1, 3).SelectMany(trial => Arrays(1).Take(4).Select(array => array.Found).Concat(
        [
            Finding.OfBits(0, ExampleNames.Kept, [trial != 1, trial != 2, trial != 3]), Finding.OfBits(1, ExampleNames.CorrectAll, [trial != 1, true, true]),
        ]).Select(found => new TrialArray(trial, found)));

        var (found, why) = await EnsembleExamples.Of(spec, "memorization", arrays.ToAsyncEnumerable());

        Assert.Equal(isOne, found is not null);
        Assert.Equal(isOne ? "" : "each seed has examples of its own, and these scores are of examples that all trials have; write 'data: { seed: 0 }' in the sweep file", why);
        Assert.Equal(isOne ? [2, 5, 9] : null, found?.Drawn);
    }

    [Theory]
    [InlineData("", "Intervals over seeds are over weights and order; data is the same for all seeds.")]
    [InlineData("noise: label 0.2", "Intervals over seeds are over weights, order and noise; data is the same for all seeds.")]
    [InlineData("noise: label 0.2\nnoise-seed: 0", "Intervals over seeds are over weights and order; noise and data are the same for all seeds.")]
    [InlineData("data: { name: glyphs, train: 10, seed: per-seed }\nnoise: label 0.2", "Intervals over seeds are over weights, order, noise and data.")]
    [InlineData("data: { name: glyphs, train: 10, seed: 4 }\nnoise: label 0.2", "Intervals over seeds are over weights, order and noise; data is the same for all seeds.")]
    [InlineData("data: { name: glyphs, train: 10 }\naxes: { data.seed: [none, per-seed] }", "Intervals over seeds are over weights, order and data (where data.seed is per-seed).")]
    [InlineData("axes: { noise: [none, label 0.2], noise-seed: [own, 3] }", "Intervals over seeds are over weights, order and noise (where noise-seed is own); data is the same for all seeds.")]
    [InlineData("seeds: 1", "There is one seed, so no interval is over seeds.")]
    [InlineData("network: { kind: sleep, seconds: 1 }", "")]
    public void A_report_says_what_its_intervals_are_over(string lines, string sentence)
    {
        var yaml = $"sweep: s\n{(lines.StartsWith("data:", StringComparison.Ordinal) ? "" : "data: glyphs\n")}{lines}\n{(lines.Contains("seeds:", StringComparison.Ordinal) ? "" : "seeds: 3\n")}";

        Assert.Equal(sentence, IntervalScope.Of(Given.Spec(yaml)));
    }

    [Fact]
    public async Task The_page_and_the_table_in_markdown_both_say_it()
    {
        var spec = Given.Spec(Yaml);
        var report = await SweepReportBuilder.From(new ResultRows(
            spec, NumericsSettings.Version, () => Given.Rows(spec, trial => Given.Row(spec, trial, TrialState.Finished)).ToAsyncEnumerable(),
            AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, AsyncEnumerable.Empty<TrialArray>));

        Assert.Contains("Intervals over seeds are over weights, order and data.", ReportHtml.Of(report), StringComparison.Ordinal);
        Assert.Contains("Intervals over seeds are over weights, order and data.", VerdictsMarkdown.Of(report), StringComparison.Ordinal);
    }
}
