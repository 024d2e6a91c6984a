using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Report;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Tests;

/// <summary>How alike two scores order the examples, from the trials' arrays to a verdict.</summary>
public sealed class CorrelationValuesTests
{
    private const int Seeds = 12;
    private const int Examples = 200;

    private const string Own = """
        sweep: s
        data: { name: glyphs, train: 200, validation: 21 }
        measures: { el2n: last, grand: last, learning: every 1 }
        seeds: 12
        claims:
          alike: { group: spearman_el2n_with_grand, holds: ">= 0.8" }
          unlike: { group: spearman_el2n_with_aum, holds: "<= -0.8" }
          chance: { group: spearman_el2n_with_variability, holds: between -0.5 and 0.5 }
          late: { group: spearman_el2n_with_first_learned, holds: ">= 0.8" }
          nothing: { group: spearman_el2n_with_confidence, holds: ">= 0" }
        """;

    [Fact]
    public async Task Scores_of_single_trials_are_averaged_over_them_and_correlated_over_the_examples()
    {
        var report = await Report(Own, Enumerable.Range(1, Seeds).SelectMany(OwnArrays));

        Assert.All(report.Verdicts.Take(4), row => Assert.True(row.Verdict == Verdict.Holds, $"{row.Name}: {row.Ours[0].Ours} {row.Ours[0].Why}"));
        Assert.Equal("1.000 [1.000, 1.000]", report.Verdicts[0].Ours[0].Ours);
        Assert.Matches(@"^−?0\.\d+ \[−0\.\d+, 0\.\d+\]$", report.Verdicts[2].Ours[0].Ours);

        // One value for all examples.
        Assert.Equal(Verdict.Undecided, report.Verdicts[4].Verdict);
    }

    [Fact]
    public async Task Without_the_scores_of_every_trial_or_with_other_noise_in_each_nothing_is_decided()
    {
        var some = await Report(Own, Enumerable.Range(2, Seeds - 1).SelectMany(OwnArrays));
        var noisy = await Report(Own.Replace("seeds: 12", "noise: label 0.2\nseeds: 12", StringComparison.Ordinal), Enumerable.Range(1, Seeds).SelectMany(OwnArrays));
        var fixedNoise = await Report(Own.Replace("seeds: 12", "noise: label 0.2\nnoise-seed: 0\nseeds: 12", StringComparison.Ordinal), Enumerable.Range(1, Seeds).SelectMany(OwnArrays));

        Assert.All(some.Verdicts.Concat(noisy.Verdicts), row => Assert.Equal(Verdict.Undecided, row.Verdict));
        Assert.Equal(Verdict.Holds, fixedNoise.Verdicts[0].Verdict);
    }

    /// <summary>In each trial another half of the examples has the score: an example's is that of the trials that have one, and those without are not asked.</summary>
    [Fact]
    public async Task A_score_that_some_examples_have_is_of_these()
    {
        const string yaml = """
            sweep: s
            data: { name: glyphs, train: 200, validation: 21 }
            training: { epochs: 20, second-split: after 10 }
            measures: { el2n: last, second-split: every 1 }
            noise: label 0.5
            noise-seed: 0
            seeds: 12
            claims:
              alike: { group: spearman_el2n_with_second_split_forgetting, holds: "<= -0.8" }
              found: { group: corrupted_auroc_second_split_forgetting, holds: ">= 0.99" }
            """;
        var report = await Report(yaml, Enumerable.Range(1, Seeds).SelectMany(trial => new[]
        {
            Finding.OfBits(0, ExampleNames.Corrupted, [.. Enumerable.Range(0, Examples).Select(example => example >= 150)]),
            Finding.OfSingles(0, ExampleNames.Given, Enumerable.Range(0, Examples).Select(example => example >= 150 ? 1.0 : 0)),
            Finding.OfSingles(0, ExampleNames.True, new double[Examples]),
            Finding.OfSingles(3, "el2n", Enumerable.Range(0, Examples).Select(example => (double)example)),
            Finding.OfSingles(3, "second_split_forgetting", Enumerable.Range(0, Examples).Select(example =>
                Chance(trial, example) < 0.5 ? double.NaN : example < 20 ? double.PositiveInfinity : Examples - example)),
        }.Select(found => new TrialArray(trial, found))));

        Assert.All(report.Verdicts, row => Assert.True(row.Verdict == Verdict.Holds, $"{row.Name}: {row.Ours[0].Ours} {row.Ours[0].Why}"));
    }

    /// <summary>Trials leave out different examples, and may have drawn them from a larger file: a score is of an example, not of a place.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("3")]
    public async Task A_score_is_put_beside_what_the_ensemble_says_of_the_same_example(string draw)
    {
        var yaml = $$"""
            sweep: s
            data: { name: glyphs, train: 200, validation: 21, seed: {{draw}} }
            measures: { held-out: last, el2n: last }
            prune: random 0.3
            seeds: 40
            claims:
              together: { group: spearman_el2n_with_memorization, holds: ">= 0.4" }
              apart: { group: spearman_el2n_with_c_score, holds: "<= -0.4" }
            """;
        var report = await Report(yaml, Enumerable.Range(1, 40).SelectMany(trial =>
        {
            bool[] kept = [.. Enumerable.Range(0, Examples).Select(example => Chance(trial, example) >= 0.3)];
            bool[] hard = [.. Enumerable.Range(0, Examples).Select(example => example % 3 == 0)];
            var drawn = Finding.OfBits(0, ExampleNames.Drawn, [.. Enumerable.Range(0, 2000).Select(number => number % 7 == 3 && number / 7 < Examples)]);
            return ((Finding[])
            [
                .. draw == "none" ? (Finding[])[] : [drawn],
                Finding.OfBits(0, ExampleNames.Corrupted, new bool[Examples]), Finding.OfBits(0, ExampleNames.Kept, kept),
                Finding.OfSingles(0, ExampleNames.Given, new double[Examples]), Finding.OfSingles(0, ExampleNames.True, new double[Examples]),
                Finding.OfBits(1, ExampleNames.CorrectAll, [.. hard.Zip(kept, (one, isKept) => !one || isKept)]),
                Finding.OfBits(1, ExampleNames.CorrectValidation, new bool[21]),
                Finding.OfSingles(1, "el2n", Enumerable.Range(0, Examples).Where(example => kept[example]).Select(example => (hard[example] ? 1.0 : 0) + (0.1 * Chance(trial, example + 1000)))),
            ]).Select(found => new TrialArray(trial, found));
        }));

        Assert.All(report.Verdicts, row => Assert.True(row.Verdict == Verdict.Holds, $"{row.Name}: {row.Ours[0].Ours} {row.Ours[0].Why}"));
    }

    private static IEnumerable<TrialArray> OwnArrays(int trial)
    {
        double[] hardness = [.. Enumerable.Range(0, Examples).Select(example => example + (20 * Chance(trial, example)))];
        return new[]
        {
            Finding.OfBits(0, ExampleNames.Corrupted, new bool[Examples]),
            Finding.OfSingles(0, ExampleNames.Given, new double[Examples]), Finding.OfSingles(0, ExampleNames.True, new double[Examples]),
            Finding.OfSingles(3, "el2n", hardness),
            Finding.OfSingles(3, "grand", hardness.Select(Math.Sqrt)),
            Finding.OfSingles(3, "aum", hardness.Select(hard => -hard)),
            Finding.OfSingles(3, "variability", Enumerable.Range(0, Examples).Select(example => Chance(trial, example + 500))),
            Finding.OfSingles(3, "first_learned", hardness.Select(hard => hard > 150 ? double.PositiveInfinity : Math.Floor(hard / 10) + 1)),
            Finding.OfSingles(3, "confidence", Enumerable.Repeat(0.5, Examples)),
        }.Select(found => new TrialArray(trial, found));
    }

    /// <summary>Numbers from 0 to 1 that are the same every time.</summary>
    private static double Chance(int trial, int example)
    {
        var mixed = unchecked(((ulong)trial << 32) + (ulong)example) * 0x9e3779b97f4a7c15;
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94d049bb133111eb);
        return ((mixed ^ (mixed >> 31)) >> 11) * Math.Pow(2, -53);
    }

    private static Task<SweepReport> Report(string yaml, IEnumerable<TrialArray> arrays)
    {
        var spec = Given.Spec(yaml);
        return SweepReportBuilder.From(new ResultRows(
            spec, NumericsSettings.Version, () => Given.Rows(spec, trial => Given.Row(spec, trial, TrialState.Finished)).ToAsyncEnumerable(),
            AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, () => arrays.ToAsyncEnumerable()));
    }
}
