using MemCluster.Golden;

namespace MemCluster.Statistics.Tests;

public sealed class GoldenStatisticsTests
{
    private delegate void Check(GoldenCase given, GoldenCase expected);

    private static readonly Dictionary<string, Check> Kinds = new()
    {
        ["summary"] = (given, expected) => Same(expected, Summary.Of(given.Numbers("values"))),
        ["t_quantiles"] = (given, expected) =>
            GoldenAssert.Agrees(expected.Numbers("quantiles"), given.Wholes("degrees_of_freedom").Select(Summary.Quantile975), "quantiles"),
        ["paired"] = Paired,
        ["kolmogorov_smirnov_two_sample"] = TwoSample,
        ["correlation"] = Correlated,
        ["auroc"] = (given, expected) =>
            GoldenAssert.Agrees(expected.Number("auroc"), Auroc.Of(given.Numbers("scores"), given.Flags("positive")), "auroc"),
        ["time_to_convergence"] = TimeToConvergence,
        ["normalised_time"] = NormalisedTime,
        ["validation_curve"] = RiseAndFall,
        ["envelope"] = (given, expected) => GoldenAssert.Agrees(
            expected.Numbers("envelope"),
            given.Numbers("grid").Select(limit =>
                RegularizerEnvelope.At(given.Numbers("random_label_train_accuracy"), given.Numbers("real_validation_accuracy"), limit)),
            "envelope"),
    };

    [GoldenTheory]
    [GoldenCases("statistics")]
    public void Statistics_agree(string name)
    {
        var given = GoldenCase.Get("statistics", name);
        Kinds[given.Text("kind")](given, given.Expected);
    }

    [GoldenTheory]
    [GoldenCases("gini")]
    public void Gini_agrees(string name)
    {
        var given = GoldenCase.Get("gini", name);
        GoldenAssert.AgreesAbsolutely(given.Expected.Number("gini"), Gini.Of(given.Numbers("values")), 1e-12, name);
    }

    private static void Same(GoldenCase expected, Summary actual)
    {
        Assert.Equal(expected.Whole("n"), actual.Count);
        GoldenAssert.Agrees(expected.Number("mean"), actual.Mean, "mean");
        GoldenAssert.Agrees(expected.Number("sd"), actual.Deviation, "sd");
        GoldenAssert.Agrees(expected.Number("standard_error"), actual.StandardError, "standard error");
        GoldenAssert.Agrees(expected.Number("t_quantile_975"), actual.Quantile, "t quantile");
        GoldenAssert.Agrees(expected.Number("ci95_low"), actual.Low, "low");
        GoldenAssert.Agrees(expected.Number("ci95_high"), actual.High, "high");
    }

    private static void Paired(GoldenCase given, GoldenCase expected)
    {
        var actual = PairedComparison.Of(given.Numbers("first"), given.Numbers("second"));
        Same(expected, actual.Difference);
        GoldenAssert.Agrees(expected.Number("t_statistic"), actual.T, "t");
        GoldenAssert.AgreesAbsolutely(expected.Number("p_two_sided"), actual.P, 1e-8, "p");
    }

    private static void TwoSample(GoldenCase given, GoldenCase expected)
    {
        var actual = KolmogorovSmirnov.TwoSample(given.Numbers("first"), given.Numbers("second"));
        GoldenAssert.Agrees(expected.Number("statistic"), actual.Statistic, "statistic");
        GoldenAssert.AgreesAbsolutely(expected.Number("p_exact"), actual.Exact, 1e-8, "p exact");
        GoldenAssert.AgreesAbsolutely(expected.Number("p_asymptotic"), actual.Asymptotic, 1e-8, "p asymptotic");
        GoldenAssert.AgreesAbsolutely(expected.Number("p_asymptotic_stephens"), actual.Stephens, 1e-8, "p asymptotic (Stephens)");
    }

    private static void Correlated(GoldenCase given, GoldenCase expected)
    {
        var (first, second) = (given.Numbers("first"), given.Numbers("second"));
        var actual = RankCorrelation.Of(first, second);
        GoldenAssert.Agrees(expected.Number("pearson"), actual.Pearson, "pearson");
        GoldenAssert.Agrees(expected.Number("spearman"), actual.Spearman, "spearman");
        GoldenAssert.AgreesAbsolutely(expected.Number("spearman_p_two_sided_t"), actual.P, 1e-8, "p");
        Assert.Equal(expected.Numbers("ranks_first"), RankCorrelation.Ranks(first));
        Assert.Equal(expected.Numbers("ranks_second"), RankCorrelation.Ranks(second));
    }

    private static void TimeToConvergence(GoldenCase given, GoldenCase expected)
    {
        int?[] epochs = [.. given.Rows("correct_counts_after_epoch")
            .Select(run => Convergence.Epoch(Array.ConvertAll(run, count => (int)count), given.Whole("n_train")))];
        Assert.Equal(expected.WholesOrNull("epochs"), epochs);
        Assert.Equal(expected.Flags("censored"), epochs.Select(epoch => epoch is null));
        Assert.Equal(expected.Whole("reached_count"), epochs.Count(epoch => epoch is not null));
        GoldenAssert.Agrees(expected.Number("mean_of_reached"), Convergence.Mean(epochs).MeanOfReached, "mean of reached");
    }

    private static void NormalisedTime(GoldenCase given, GoldenCase expected)
    {
        var epochs = given.Child("epochs");
        var settings = epochs.Json.EnumerateObject().Select(setting => setting.Name).ToArray();
        var actual = Convergence.Normalised(settings.ToDictionary(double.Parse, setting => (IReadOnlyList<int?>)epochs.WholesOrNull(setting)));
        Assert.Equal(double.Parse(given.Text("smallest_setting")), actual.Keys.Min());
        foreach (var setting in settings)
        {
            GoldenAssert.Agrees(expected.Child("mean_of_reached_over_mean_at_smallest").Number(setting), actual[double.Parse(setting)].Ratio, setting);
            Assert.Equal(expected.Child("has_censored").Flag(setting), actual[double.Parse(setting)].HasCensored);
        }
    }

    private static void RiseAndFall(GoldenCase given, GoldenCase expected)
    {
        var curve = ValidationCurve.Of(given.Numbers("validation_accuracy"));
        Assert.Equal(expected.Whole("best_index_first"), curve.BestIndex);
        GoldenAssert.Agrees(expected.Number("best"), curve.Best, "best");
        GoldenAssert.Agrees(expected.Number("last"), curve.Last, "last");
        GoldenAssert.Agrees(expected.Number("drop"), curve.Drop, "drop");
        GoldenAssert.Agrees(expected.Number("train_accuracy_at_best"), curve.AtBest(given.Numbers("train_accuracy")), "train accuracy at best");
        GoldenAssert.Agrees(expected.Number("csr_last_over_csr_at_best"), curve.LastOverBest(given.Numbers("csr")), "CSR, last over best");
        GoldenAssert.Agrees(expected.Number("csr_plateau_mean_of_last_5"), ValidationCurve.Plateau(given.Numbers("csr")), "CSR plateau");
    }
}
