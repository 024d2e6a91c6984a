using System.Collections.Immutable;
using MemCluster.Golden;
using MemCluster.Messages;
using MemCluster.Sweeps.Claims;

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
        var differences = Summary.Of([.. given.Numbers("first").Zip(given.Numbers("second"), (first, second) => first - second)]);
        Same(expected, differences);
        GoldenAssert.Agrees(expected.Number("t_statistic"), differences.T(0), "t");
        GoldenAssert.AgreesAbsolutely(expected.Number("p_two_sided"), differences.P(0), 1e-8, "p");
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
        var reached = new MeasureRef(MeasureNames.TrainAccuracy, At.FirstAtLeast, 1);
        Quantity[] epochs = [.. given.Rows("correct_counts_after_epoch").Select(counts =>
            Watched([reached], (MeasureNames.TrainAccuracy, [.. counts.Select(count => count / given.Whole("n_train"))])).Of(reached, 0))];
        Assert.Equal(expected.WholesOrNull("epochs"), epochs.Select(epoch => epoch.IsExact ? (int?)epoch.Low : null));
        Assert.Equal(expected.Flags("censored"), epochs.Select(epoch => double.IsPositiveInfinity(epoch.High)));
        Assert.Equal(expected.Whole("reached_count"), epochs.Count(epoch => epoch.IsExact));
        GoldenAssert.Agrees(expected.Number("mean_of_reached"), Summary.Of([.. epochs.Where(epoch => epoch.IsExact).Select(epoch => epoch.Low)]).Mean, "mean of reached");
    }

    /// <summary>The paper's way, which leaves out the runs that did not converge; the product's ranges keep them.</summary>
    private static void NormalisedTime(GoldenCase given, GoldenCase expected)
    {
        var epochs = given.Child("epochs");
        double MeanOfReached(string setting) => Summary.Of([.. epochs.WholesOrNull(setting).OfType<int>().Select(epoch => (double)epoch)]).Mean;
        foreach (var setting in epochs.Json.EnumerateObject().Select(setting => setting.Name))
        {
            GoldenAssert.Agrees(
                expected.Child("mean_of_reached_over_mean_at_smallest").Number(setting), MeanOfReached(setting) / MeanOfReached(given.Text("smallest_setting")), setting);
            Assert.Equal(expected.Child("has_censored").Flag(setting), epochs.WholesOrNull(setting).Contains(null));
        }
    }

    private static void RiseAndFall(GoldenCase given, GoldenCase expected)
    {
        var (validation, csr) = (MeasureNames.ValidationAccuracy, "csr_validation_r0.3");
        MeasureRef best = new(validation, At.Max), last = new(validation, At.Last), atBest = new(MeasureNames.TrainAccuracy, At.Best), place = new("place", At.Best),
            csrLast = new(csr, At.Last), csrAtBest = new(csr, At.Best), plateau = new(csr, At.Plateau, 5);
        var accuracies = given.Numbers("validation_accuracy");
        var found = Watched(
            [best, last, atBest, place, csrLast, csrAtBest, plateau], (validation, accuracies), (MeasureNames.TrainAccuracy, given.Numbers("train_accuracy")), (csr, given.Numbers("csr")),
            ("place", [.. Enumerable.Range(0, accuracies.Length).Select(index => (double)index)]));
        double Of(MeasureRef measure) => found.Of(measure, 0).Low;
        Assert.Equal(expected.Whole("best_index_first"), Of(place));
        GoldenAssert.Agrees(expected.Number("best"), Of(best), "best");
        GoldenAssert.Agrees(expected.Number("last"), Of(last), "last");
        GoldenAssert.Agrees(expected.Number("drop"), Of(best) - Of(last), "drop");
        GoldenAssert.Agrees(expected.Number("train_accuracy_at_best"), Of(atBest), "train accuracy at best");
        GoldenAssert.Agrees(expected.Number("csr_last_over_csr_at_best"), Of(csrLast) / Of(csrAtBest), "CSR, last over best");
        GoldenAssert.Agrees(expected.Number("csr_plateau_mean_of_last_5"), Of(plateau), "CSR plateau");
    }

    /// <summary>One finished trial with these curves over its epochs.</summary>
    private static Observations Watched(MeasureRef[] needed, params (string Measure, double[] Curve)[] curves)
    {
        var builder = new Observations.Builder(1, needed);
        builder.Add(new TrialRow(1, [], 0, TrialState.Finished, curves[0].Curve.Length, ImmutableSortedDictionary<string, double>.Empty, "", ""));
        for (var epoch = 0; epoch < curves[0].Curve.Length; epoch++)
        {
            foreach (var (measure, curve) in curves)
            {
                builder.Add(new MeasureRow(1, epoch + 1, measure, curve[epoch]));
            }
        }

        return builder.Build();
    }
}
