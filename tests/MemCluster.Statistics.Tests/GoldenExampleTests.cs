using MemCluster.Golden;

namespace MemCluster.Statistics.Tests;

public sealed class GoldenExampleTests
{
    [GoldenTheory]
    [GoldenCases("forgetting")]
    public void Forgetting_agrees(string name)
    {
        var given = GoldenCase.Get("forgetting", name);
        var expected = given.Expected;
        if (given.Has("correct_per_seed"))
        {
            var seeds = given.Children("correct_per_seed").Select(seed => Told(
                [.. seed.Json.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetInt32() != 0).ToArray())]).ForgettingScores());
            Assert.Equal(expected.Wholes("ranking_score_sum"), OverEpochs.Sum([.. seeds]).Select(sum => (int)sum));
            return;
        }

        var rows = given.FlagRows("correct");
        var times = Told(rows);
        Assert.Equal(expected.Wholes("forgetting_events"), times.Forgotten.Select(events => (int)events));
        Assert.Equal(expected.Flags("ever_learned"), times.FirstRight.Select(double.IsFinite));
        Assert.Equal(expected.Flags("unforgettable"), times.FirstRight.Select((first, i) => double.IsFinite(first) && times.Forgotten[i] == 0));
        Assert.Equal(expected.WholesOrNull("first_fit_epoch_index"), times.FirstRight.Select(Index));
        Assert.Equal(expected.WholesOrNull("learning_time_index"), times.RightSince.Select(Index));
        if (expected.Has("ranking_score"))
        {
            Assert.Equal(expected.Wholes("ranking_score"), times.ForgettingScores().Select(score => (int)score));
            Assert.Equal(expected.Whole("never_learned_count"), times.FirstRight.Count(double.IsPositiveInfinity));
            GoldenAssert.Agrees(expected.Number("unforgettable_share"), times.UnforgettableShare, "unforgettable share");
            GoldenAssert.Agrees(
                expected.Number("mean_forgetting_events_of_learned"),
                times.Forgotten.Where((_, i) => double.IsFinite(times.FirstRight[i])).DefaultIfEmpty(double.NaN).Average(), "mean events");
        }
    }

    private static LearningTimes Told(bool[][] rows)
    {
        var times = new LearningTimes(rows[0].Length);
        foreach (var (epoch, row) in rows.Index())
        {
            times.Add(epoch, row);
        }

        return times;
    }

    private static int? Index(double time) => double.IsFinite(time) ? (int)time : null;

    [GoldenTheory]
    [GoldenCases("subset-training")]
    public void Subset_training_agrees(string name)
    {
        var given = GoldenCase.Get("subset-training", name);
        var expected = given.Expected;
        if (given.Has("ratios"))
        {
            var score = CScore.Of([.. given.Children("member").Zip(given.Children("correct"), (member, correct) => (Matrix(member), Matrix(correct)))]);
            GoldenAssert.Agrees(expected.Numbers("held_out_correct_per_ratio"), score.HeldOut.SelectMany(row => row), "held out");
            GoldenAssert.Agrees(expected.Numbers("c_score_null_if_any_ratio_missing"), score.Strict, "strict");
            GoldenAssert.Agrees(expected.Numbers("c_score_mean_over_available_ratios"), score.Available, "available");
            return;
        }

        var member = BitMatrix.FromRows(given.FlagRows("member"));
        var estimates = SubsetMemorization.Of(member, BitMatrix.FromRows(given.FlagRows("correct_train")));
        var influence = SubsetMemorization.Influence(member, BitMatrix.FromRows(given.FlagRows("correct_test")));
        Assert.Equal(expected.Wholes("runs_with"), estimates.Select(estimate => estimate.RunsWith));
        GoldenAssert.Agrees(expected.Numbers("correct_with"), estimates.Select(estimate => estimate.CorrectWith), "correct with");
        GoldenAssert.Agrees(expected.Numbers("correct_without"), estimates.Select(estimate => estimate.CorrectWithout), "correct without");
        GoldenAssert.Agrees(expected.Numbers("memorization"), estimates.Select(estimate => estimate.Memorization), "memorization");
        GoldenAssert.Agrees(expected.Numbers("standard_error"), estimates.Select(estimate => estimate.StandardError), "standard error");
        GoldenAssert.Agrees(expected.Numbers("influence"), influence.SelectMany(row => row), "influence");
        GoldenAssert.Agrees(expected.Number("share_at_least_0.25"), SubsetMemorization.ShareAtLeast(estimates), "share");
    }

    [GoldenTheory]
    [GoldenCases("label-noise-and-dispersion")]
    public void Label_noise_and_dispersion_agree(string name)
    {
        var given = GoldenCase.Get("label-noise-and-dispersion", name);
        (given.Has("correct") ? (Action<GoldenCase>)Overdispersion : given.Has("runs") ? Null : LabelNoise)(given);
    }

    private static void Overdispersion(GoldenCase given)
    {
        var expected = given.Expected;
        var actual = Dispersion.Of(BitMatrix.FromRows(given.FlagRows("correct")));
        GoldenAssert.Agrees(expected.Numbers("p_correct"), actual.Correct, "P(correct)");
        GoldenAssert.Agrees(expected.Numbers("sorted"), actual.Sorted, "sorted");
        GoldenAssert.Agrees(expected.Number("mean"), actual.Mean, "mean");
        GoldenAssert.Agrees(expected.Number("sd_population"), actual.Deviation, "sd");
        GoldenAssert.Agrees(expected.Number("sd_sample"), actual.SampleDeviation, "sample sd");
        GoldenAssert.Agrees(expected.Number("overdispersion_population"), actual.Overdispersion, "overdispersion");
        GoldenAssert.Agrees(expected.Number("overdispersion_sample"), actual.SampleOverdispersion, "sample overdispersion");
        GoldenAssert.Agrees(expected.Number("share_always_right"), actual.AlwaysRight, "always right");
        GoldenAssert.Agrees(expected.Number("share_always_wrong"), actual.AlwaysWrong, "always wrong");
        var distance = KolmogorovSmirnov.TwoSample(actual.Correct, [.. given.Numbers("null_counts").Select(count => count / actual.Runs)]);
        var test = expected.Child("ks_against_null_draws");
        GoldenAssert.Agrees(test.Number("statistic"), distance.Statistic, "Kolmogorov–Smirnov");
        GoldenAssert.AgreesAbsolutely(test.Number("p_asymptotic"), distance.Asymptotic, 1e-8, "p");
    }

    private static void Null(GoldenCase given)
    {
        var expected = given.Expected;
        var actual = new BinomialNull(given.Whole("runs"), given.Number("p"));
        GoldenAssert.Agrees(expected.Numbers("pmf"), actual.Mass, "pmf");
        GoldenAssert.Agrees(expected.Numbers("cdf"), actual.Cumulative, "cdf");
        GoldenAssert.Agrees(expected.Number("mean"), actual.P, "mean");
        GoldenAssert.Agrees(expected.Number("sd"), actual.Deviation, "sd");
        GoldenAssert.Agrees(expected.Numbers("sorted_curve_at_midpoints"), actual.SortedCurve(given.Whole("examples")), "curve");
    }

    /// <summary>What noise does to labels is drawn by the product, and held against this case in Learning's CorruptionTests.</summary>
    private static void LabelNoise(GoldenCase given) => Assert.NotEmpty(given.Expected.Children("rows"));

    private static BitMatrix Matrix(GoldenCase rows) => BitMatrix.FromRows(
        [.. rows.Json.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetInt32() != 0).ToArray())]);
}
