using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Groups;
using MemCluster.Reporting.Report;
using MemCluster.Sweeps.Claims;
using Parquet;

namespace MemCluster.Reporting.Tests;

/// <summary>Networks trained on random parts of the examples, from what each says of all examples to a verdict.</summary>
public sealed class EnsembleTests
{
    private const int Seeds = 40;
    private const int Examples = 203;

    private const string Yaml = """
        sweep: s
        data: { name: glyphs, train: 203, validation: 21 }
        noise: label 0.1
        noise-seed: 0
        measures: { held-out: last }
        axes: { prune: [random 0.3, random 0.5] }
        seeds: 40
        claims:
          wrong: { group: memorization_corrupted_mean, where: { prune: random 0.3 }, holds: ">= 0.9" }
          right: { group: memorization_clean_mean, each: prune, holds: "<= 0.1" }
          found: { group: memorization_corrupted_auroc, where: { prune: random 0.3 }, holds: ">= 0.95" }
          share: { group: memorization_share, where: { prune: random 0.3 }, holds: between 0.02 and 0.25 }
          helped: { group: influence_share, where: { prune: random 0.3 }, holds: between 0 and 0.5 }
          consistent: { group: c_score_clean_mean, through: prune, holds: ">= 0.9" }
          inconsistent: { group: c_score_corrupted_mean, through: { axis: prune, among: [random] }, holds: "<= 0.1" }
          c-found: { group: c_score_corrupted_auroc, through: prune, holds: ">= 0.95" }
        """;

    [Fact]
    public async Task Wrong_labels_that_only_those_know_who_were_trained_on_them_are_told_from_right_ones()
    {
        var report = await Report(Yaml, Enumerable.Range(1, 2 * Seeds).SelectMany(trial => Arrays(trial)));

        Assert.All(report.Verdicts, row => Assert.True(row.Verdict == Verdict.Holds, $"{row.Name}: {row.Ours[0].Ours} {row.Ours[0].Why}"));
        Assert.StartsWith("1.00", report.Verdicts[0].Ours[0].Ours, StringComparison.Ordinal);

        // One of 21 validation examples is right where, and only where, the first training example was in; three bits are filling.
        Assert.StartsWith("0.048", report.Verdicts[4].Ours[0].Ours, StringComparison.Ordinal);
        Assert.Equal("c_score_clean_mean over random 0.3, random 0.5; all seeds together", report.Verdicts[5].Statistic);
    }

    [Fact]
    public async Task Without_the_arrays_of_every_trial_nothing_is_decided()
    {
        var report = await Report(Yaml, Enumerable.Range(2, (2 * Seeds) - 1).SelectMany(trial => Arrays(trial)));

        Assert.All(report.Verdicts.Where(row => row.Name != "right"), row => Assert.Equal(Verdict.Undecided, row.Verdict));
    }

    /// <summary>Otherwise an example has a right label in one trial and a wrong one in the next, and means of both mean nothing.</summary>
    [Fact]
    public async Task Where_each_seed_has_noise_of_its_own_nothing_is_decided()
    {
        var report = await Report(Yaml.Replace("noise-seed: 0\n", "", StringComparison.Ordinal), Enumerable.Range(1, 2 * Seeds).SelectMany(trial => Arrays(trial)));

        Assert.All(report.Verdicts, row => Assert.Equal(Verdict.Undecided, row.Verdict));
    }

    [Fact]
    public async Task A_figure_shows_a_measure_of_all_seeds_with_its_own_interval_and_not_as_a_bound()
    {
        var report = await Report(Yaml + "\nfigures: { f: { x: prune, y: { group: memorization_share } } }", Enumerable.Range(1, 2 * Seeds).SelectMany(trial => Arrays(trial)));

        var points = Assert.IsType<ReportFigure.Chart>(report.Figures.Single()).Panels[0].Series[0].Points;
        Assert.Equal(2, points.Length);
        Assert.All(points, point => Assert.True(!point.Bound && point.Low < point.Y && point.Y < point.High));
    }

    [Fact]
    public async Task Examples_are_ranked_by_what_the_trials_say_together_and_trials_that_differ_are_not_mixed()
    {
        var spec = Given.Spec(Yaml);
        TrialArray[] arrays = [.. Enumerable.Range(1, 2 * Seeds).SelectMany(trial => Arrays(trial))];

        var (found, _) = await EnsembleExamples.Of(spec, "memorization", arrays.Where(array => array.Trial <= Seeds).ToAsyncEnumerable());
        var (scores, _) = await EnsembleExamples.Of(spec, "c_score", arrays.ToAsyncEnumerable());
        var (mixed, why) = await EnsembleExamples.Of(spec, "memorization", arrays.ToAsyncEnumerable());

        Assert.Equal((1.0, 0.0, Seeds, 7, 0), (found!.Scores[0], found.Scores[101], found.Trials, found.Given[0], found.True[0]));
        Assert.Equal((0.0, 1.0, 2 * Seeds), (scores!.Scores[0], scores.Scores[101], scores.Trials));
        Assert.Null(mixed);
        Assert.Equal("memorization is of trials that differ in nothing but their seeds; choose one prune with --where \"prune=random 0.3\"", why);
    }

    [Fact]
    public async Task The_examples_file_has_rows_of_those_left_out_where_something_is_said_of_them()
    {
        var spec = Given.Spec("sweep: s\ndata: { name: glyphs, train: 4 }\nprune: random 0.5\nmeasures: { held-out: last, el2n: every 1 }\n");
        TrialArray[] arrays =
        [
            .. new[]
            {
                Finding.OfBits(0, ExampleNames.Corrupted, [false, true, false, true]), Finding.OfBits(0, ExampleNames.Kept, [false, true, true, false]),
                Finding.OfSingles(0, ExampleNames.Given, [5, 6, 7, 8]), Finding.OfSingles(0, ExampleNames.True, [5, 0, 7, 8]),
                Finding.OfSingles(1, "el2n", [0.5, 0.25]),
                Finding.OfBits(2, ExampleNames.CorrectAll, [true, true, false, false]), Finding.OfBits(2, ExampleNames.CorrectValidation, [true]), Finding.OfSingles(2, "el2n", [1, 2]),
            }.Select(found => new TrialArray(1, found)),
        ];
        using var file = new MemoryStream();
        await ExamplesParquet.Write(file, spec, arrays.ToAsyncEnumerable());
        file.Position = 0;

        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(0);
        Assert.Equal(["trial", "epoch", "example", "label_given", "label_true", "corrupted", "kept", "correct_all", "el2n"], reader.Schema.DataFields.Select(field => field.Name));
        Same<int>([1, 2, 0, 1, 2, 3], await Column<int>("example"));
        Same<int>([6, 7, 5, 6, 7, 8], await Column<int>("label_given"));
        Same<bool>([true, false, false, true, false, true], await Column<bool>("corrupted"));
        Same<bool>([true, true, false, true, true, false], await Column<bool>("kept"));
        Same<bool?>([null, null, true, true, false, false], await Some<bool>("correct_all"));
        Same<float?>([0.5f, 0.25f, null, 1f, 2f, null], await Some<float>("el2n"));

        static void Same<T>(T[] expected, T[] actual) => Assert.Equal(expected, actual);

        async Task<T[]> Column<T>(string name) where T : struct
        {
            var values = new T[6];
            await group.ReadAsync<T>(reader.Schema.FindDataField(name), values.AsMemory());
            return values;
        }

        async Task<T?[]> Some<T>(string name) where T : struct
        {
            var values = new T?[6];
            await group.ReadAsync<T>(reader.Schema.FindDataField(name), values.AsMemory());
            return values;
        }
    }

    /// <summary>Every tenth example has a wrong label, which comes out right only where it was trained on. Trials behind the fortieth leave out a half.</summary>
    private static TrialArray[] Arrays(int trial)
    {
        bool[] kept = [.. Enumerable.Range(0, Examples).Select(example => Mixed(((ulong)trial << 32) + (ulong)example) % 100 >= (trial <= Seeds ? 30u : 50u))];
        bool[] wrong = [.. Enumerable.Range(0, Examples).Select(example => example % 10 == 0)];
        return
        [
            .. new[]
            {
                Finding.OfBits(0, ExampleNames.Corrupted, wrong), Finding.OfBits(0, ExampleNames.Kept, kept),
                Finding.OfSingles(0, ExampleNames.Given, wrong.Select(one => one ? 7.0 : 1)), Finding.OfSingles(0, ExampleNames.True, wrong.Select(one => one ? 0.0 : 1)),
                Finding.OfBits(1, ExampleNames.CorrectAll, [.. wrong.Zip(kept, (one, isKept) => !one || isKept)]),
                Finding.OfBits(1, ExampleNames.CorrectValidation, [.. Enumerable.Range(0, 21).Select(example => example == 0 ? kept[0] : example % 2 == 0)]),
            }.Select(found => new TrialArray(trial, found)),
        ];
    }

    /// <summary>SplitMix64: coin flips that are the same every time.</summary>
    private static ulong Mixed(ulong number)
    {
        var mixed = unchecked(number * 0x9e3779b97f4a7c15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94d049bb133111eb);
        return mixed ^ (mixed >> 31);
    }

    private static Task<SweepReport> Report(string yaml, IEnumerable<TrialArray> arrays)
    {
        var spec = Given.Spec(yaml);
        return SweepReportBuilder.From(new ResultRows(
            spec, NumericsSettings.Version, () => Given.Rows(spec, trial => Given.Row(spec, trial, TrialState.Finished)).ToAsyncEnumerable(),
            AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, () => arrays.ToAsyncEnumerable()));
    }
}
