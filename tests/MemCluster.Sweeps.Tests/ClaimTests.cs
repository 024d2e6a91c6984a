using MemCluster.Messages;
using MemCluster.Sweeps.Claims;
using static MemCluster.Sweeps.Tests.ClaimSpecs;

namespace MemCluster.Sweeps.Tests;

public sealed class ClaimTests
{
    /// <summary>By noise, capacity and seed.</summary>
    private static double Falling(int noise, int capacity, int seed) => 0.9 - 0.1 * noise + 0.01 * capacity + 0.001 * seed;

    [Theory]
    [InlineData("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: \">= 0.85\"", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: \">= 0.95\"", Verdict.Fails)]
    [InlineData("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: \">= 0.901\"", Verdict.Undecided)]
    [InlineData("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: within 0.06 of 0.92", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: between 0.95 and 1", Verdict.Fails)]
    [InlineData("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, minus: { where: { noise: last } }, holds: within 1e-9 of 0.2", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, over: { where: { noise: label 0.4 } }, holds: \"> 1.25\"", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32 }, along: noise, holds: decreasing", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32 }, along: noise, holds: increasing", Verdict.Fails)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32 }, along: noise, holds: non-decreasing slack 0.2", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32 }, across: { axis: noise, take: spearman }, holds: \"< -0.9\"", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32 }, across: { axis: noise, take: spread }, holds: \"> 0.19\"", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, minus: { where: { capacity: first } }, where: { capacity: last }, each: noise, holds: \"> 0.009\"", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32 }, each: noise, holds: { label 0.2: \"> 0.7\", label 0.4: \"> 0.8\" }", Verdict.Fails)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32, noise: none }, seeds: every, holds: \"> 0.89\"", Verdict.Holds)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32, noise: none }, seeds: every, holds: \"> 0.8999\"", Verdict.Undecided)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32, noise: none }, seeds: bootstrap, holds: \"> 0.1\"", Verdict.Undecided)]
    [InlineData("measure: validation_accuracy_best, where: { capacity: 32, noise: none }, seeds: geometric-mean, holds: \"> 0.89\"", Verdict.Holds)]
    [InlineData("group: first_epoch_overdispersion, where: { capacity: 32, noise: none }, holds: \">= 4\"", Verdict.Undecided)]
    [InlineData("envelope: { axis: capacity, x: { measure: train_loss, where: { noise: none } }, y: { measure: validation_accuracy_best, where: { noise: none } }, limit: 0.5 }, holds: \"> 0.9\"", Verdict.Holds)]
    public void A_claim_is_judged_by_its_interval(string claim, Verdict verdict) => Assert.Equal(verdict, Judge(claim, Falling).Verdict);

    [Theory]
    [InlineData("y: first_epoch_correct, series: noise, where: { capacity: 32 }", "")]
    [InlineData("y: train_accuracy, series: noise, where: { capacity: 32 }", "over the examples a figure can draw 'first_epoch_correct'")]
    [InlineData("y: first_epoch_correct, series: noise", "does not say at which capacity")]
    public void A_figure_over_the_examples_is_of_what_was_right_after_the_first_epoch_in_the_runs_that_it_names(string figure, string problem)
    {
        var file = Text.Replace("claims:\n  c:\n", $"figures:\n  fig1: {{ x: examples, {figure} }}\n", StringComparison.Ordinal);
        var reading = SpecFile.ParseFile(file, "s.yaml", [], null);

        Assert.Equal(problem.Length == 0, reading.Spec is not null);
        Assert.Contains(problem, string.Join('\n', reading.Problems), StringComparison.Ordinal);
        Assert.True(reading.Spec is null || SweepClaims.FiguresOf(reading.Spec).Figures is [Figure.Examples { Series.Values.Length: 3 }]);
    }

    [Theory]
    [InlineData("dropout", 2)]
    [InlineData("dropout + adversarial", 3)]
    [InlineData("adversarial + dropout", 3)]
    [InlineData("dropout, adversarial + dropout", 5)]
    public void A_kind_of_regularizer_stands_for_its_values_and_a_combination_for_those_of_all_its_kinds(string among, int values)
    {
        var file = Text.Replace("capacity: [32, 128]", "regularizer: [none, dropout 0.3, dropout 0.5, dropout 0.1 + adversarial 0.2, dropout 0.1 + adversarial 0.7, dropout 0.3 + adversarial 0.7]", StringComparison.Ordinal)
            .Replace("  c:", $"  c: {{ measure: train_loss, where: {{ noise: none }}, each: {{ axis: regularizer, among: [{among}] }}, holds: \"> 1\" }}", StringComparison.Ordinal);

        Assert.Equal(values, SweepClaims.Of(SpecFile.ParseFile(file, "s.yaml", [], null).Spec!).Claims.Single().Each!.Values.Length);
    }

    [Fact]
    public void A_difference_is_paired_by_seed()
    {
        // The seeds differ by 0.3, the two selections always by 0.1: unpaired, nothing would be decided.
        var result = Judge("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, minus: { where: { noise: label 0.2 } }, holds: \">= 0.09\"",
            (noise, _, seed) => 0.9 - 0.1 * noise - 0.3 * seed);

        Assert.Equal(Verdict.Holds, result.Verdict);
        Assert.Equal(0.1, result.Parts[0].Estimate.Low, 9);
    }

    [Fact]
    public void One_seed_decides_nothing() =>
        Assert.Equal("one seed has no interval", Judge("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: \"> 0.1\"", Falling, "seeds=1").Parts[0].Why);

    [Theory]
    // Never reached within 100 epochs with label 0.2: longer than without noise for certain, but by how much is not known.
    [InlineData("over: { where: { noise: none } }, where: { noise: label 0.2, capacity: 32 }, holds: \"> 4\"", Verdict.Holds)]
    [InlineData("over: { where: { noise: none } }, where: { noise: label 0.2, capacity: 32 }, holds: \"> 6\"", Verdict.Undecided)]
    [InlineData("over: { where: { noise: none } }, where: { noise: label 0.2, capacity: 32 }, holds: \"< 4\"", Verdict.Fails)]
    [InlineData("over: { where: { noise: label 0.2 } }, where: { noise: none, capacity: 32 }, holds: \"< 0.25\"", Verdict.Holds)]
    [InlineData("over: { where: { noise: label 0.2 } }, where: { noise: label 0.4, capacity: 32 }, holds: \"> 0.1\"", Verdict.Undecided)]
    [InlineData("over: { where: { noise: label 0.2 } }, where: { noise: none, capacity: 32 }, seeds: geometric-mean, holds: \"< 0.25\"", Verdict.Holds)]
    [InlineData("over: { where: { noise: label 0.2 } }, where: { noise: none, capacity: 32 }, seeds: geometric-mean, holds: \"> 0.1\"", Verdict.Undecided)]
    [InlineData("where: { noise: label 0.2, capacity: 32 }, seeds: every, holds: \">= 100\"", Verdict.Holds)]
    [InlineData("where: { capacity: 32 }, across: { axis: noise, take: max }, holds: \"<= 50\"", Verdict.Fails)]
    [InlineData("where: { capacity: 32 }, across: { axis: noise, among: [none, label 0.2], take: spearman }, holds: \"> 0\"", Verdict.Holds)]
    [InlineData("where: { capacity: 32 }, across: { axis: noise, take: spearman }, holds: \"> 0\"", Verdict.Undecided)]
    public void What_is_censored_stays_censored(string claim, Verdict verdict) =>
        Assert.Equal(verdict, Judge("measure: convergence_epoch, " + claim, (noise, _, seed) => noise == 0 ? 20 + seed * .01 : double.NaN).Verdict);

    [Fact]
    public void A_trial_without_a_result_is_left_out_and_said_and_one_to_come_leaves_it_open()
    {
        const string claim = "measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: \"> 0.8\"";

        var failed = Judge(claim, Falling, state: place => place == 0 ? TrialState.Failed : TrialState.Finished);
        var running = Judge(claim, Falling, state: place => place == 0 ? TrialState.Running : TrialState.Finished);

        Assert.Equal((Verdict.Holds, "1 of 3 seeds without a value"), (failed.Verdict, failed.Parts[0].Why));
        Assert.Equal((Verdict.Undecided, "1 of 3 seeds still to come"), (running.Verdict, running.Parts[0].Why));
    }

    [Theory]
    [InlineData("last", 0.2)]
    [InlineData("best", 0.5)]
    [InlineData("3", 0.2)]
    [InlineData("max", 0.9)]
    [InlineData("min", 0.2)]
    [InlineData("plateau 2", 0.35)]
    [InlineData("first >= 0.6", 1)]
    [InlineData("first <= 0.5", 2)]
    public void A_measure_of_each_epoch_counts_at_the_epoch_named(string at, double value)
    {
        var spec = Spec($"measure: train_accuracy, at: {at}, where: {{ noise: none, capacity: 32 }}, holds: \"> 0\"");
        var claim = SweepClaims.Of(spec).Claims[0];
        var builder = new Observations.Builder(18, claim.Value.Measures);
        for (var trial = 1; trial <= 18; trial++)
        {
            builder.Add(Row(trial, TrialState.Finished, 0.5));
        }

        (double Train, double Validation)[] epochs = [(0.9, 0.3), (0.5, 0.4), (0.2, 0.4)];
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            builder.Add(new MeasureRow(1, epoch, MeasureNames.TrainAccuracy, epochs[epoch - 1].Train));
            builder.Add(new MeasureRow(1, epoch, MeasureNames.ValidationAccuracy, epochs[epoch - 1].Validation));
        }

        Assert.Equal(value, builder.Build().Of(claim.Value.Measures.First(), 0).Low, 9);
    }

    [Theory]
    [InlineData("measure: validation_acc, holds: \"> 1\"", "9:17  unknown measure 'validation_acc'; did you mean 'validation_loss'?")]
    [InlineData("measure: validation_accuracy, where: { noise: none, capacity: 32 }, holds: \"> 1\"", "9:17  validation_accuracy is measured after each epoch; say which counts, with 'at:' and last, best, an epoch such as 5, max, min, mean, 'plateau 5', 'first >= 0.99' or 'first <= 0.1'")]
    [InlineData("measure: train_loss, where: { noise: none }, holds: \"> 1\"", "9:6  claim 'c' does not say at which capacity; add 'where: { capacity: 32 }' (also first, last), or let the axis run")]
    [InlineData("measure: train_loss, where: { noise: label 0.3, capacity: 32 }, holds: \"> 1\"", "9:45  axis 'noise' has no value 'label 0.3'; it has none, label 0.2, label 0.4, also called first and last at its ends")]
    [InlineData("measure: train_loss, where: { noise: none, capacity: 32 }, holds: \"= 1\"", "9:74  holds '= 1' is no condition; write one of '>= 0.03', '< 0.02', 'between 0.5 and 2', 'within 0.06 of 0.82', or, with along, 'increasing', 'decreasing', 'non-increasing' or 'non-decreasing', also with 'margin 0.02' after it")]
    [InlineData("measure: train_loss, where: { noise: none, capacity: 32 }, holds: increasing", "9:74  claim 'c' is about an order; say of which axis, with 'along: AXIS'")]
    [InlineData("measure: train_loss, where: { noise: none, capacity: 32 }", "9:3  claim 'c' does not say when it holds; write 'holds:' with one of")]
    [InlineData("group: double_descent_height, where: { noise: none }, holds: \"> 1\"", "9:6  double_descent_height is about a curve; say along what, with 'through: capacity', another axis, or 'through: epoch'")]
    [InlineData("group: double_descent_height, through: capacity, where: { noise: none }, holds: \"> 1\"", "9:47  double_descent_height needs 3 values of capacity at least")]
    [InlineData("group: first_epoch_overdispersion, through: capacity, holds: \"> 1\"", "9:52  first_epoch_overdispersion does not run along anything; take 'through' out")]
    [InlineData("group: effective_model_complexity, where: { noise: none, capacity: 32 }, holds: \"> 1\"", "9:6  this sweep has no axis 'data.train'")]
    [InlineData("group: effective_model_complexity, through: capacity, where: { noise: none }, holds: \"> 1\"", "9:52  effective_model_complexity runs along data.train; write 'through: data.train'")]
    [InlineData("group: double_descent_peak, through: noise, holds: \"> 1\"", "9:6  claim 'c' does not say at which capacity")]
    [InlineData("mesure: train_loss, holds: \"> 1\"", "9:8  unknown key 'mesure' of a claim; did you mean 'measure'?")]
    public void A_mistake_in_a_claim_is_said_with_its_place(string claim, string problem)
    {
        var problems = SpecFile.ParseFile(Text.Replace("  c:", $"  c: {{ {claim} }}", StringComparison.Ordinal), "s.yaml", [], null).Problems;

        Assert.Contains(problems, said => said.ToString().StartsWith("s.yaml:" + problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_of_the_sweeps_own_measures_can_be_claimed_at_any_epoch_even_before_the_first()
    {
        const string claim = "measure: csr_validation_r0.3, at: last, over: { at: 0 }, where: { noise: none, capacity: 32 }, holds: \"> 1\"";
        var file = Text.Replace("  c:", $"  c: {{ {claim} }}", StringComparison.Ordinal);

        Assert.Contains("unknown measure 'csr_validation_r0.3'", Assert.Single(SpecFile.ParseFile(file, "s.yaml", [], null).Problems).Sentence);
        var spec = SpecFile.ParseFile("measures: { csr: { every: 10, at: [0] } }\n" + file, "s.yaml", [], null);
        Assert.Empty(spec.Problems);
        Assert.Single(SweepClaims.Of(spec.Spec!).Claims);
        var axis = SpecFile.ParseFile(file.Replace("axes:", "axes:\n  measures.csr: [every 10 at 0]", StringComparison.Ordinal), "s.yaml", [], null);
        Assert.Empty(axis.Problems);
        Assert.Single(SweepClaims.Of(axis.Spec!).Claims);
    }

    [Fact]
    public void A_sweep_cut_down_on_the_command_line_sets_claims_about_the_rest_aside()
    {
        var spec = Spec("measure: train_loss, where: { noise: label 0.4, capacity: 32 }, holds: \"> 1\"", "axes.noise=[none]");

        Assert.Equal(new SetAside("c", "this sweep has no noise 'label 0.4'"), Assert.Single(SweepClaims.Of(spec).Aside));
    }

    [Fact]
    public void A_curve_that_is_cut_down_to_two_points_is_set_aside()
    {
        var spec = Spec("group: double_descent_peak, through: noise, where: { capacity: 32 }, holds: \"> 1\"", "axes.noise=[none, label 0.2]");

        Assert.Equal(new SetAside("c", "this sweep has fewer than 3 values of noise"), Assert.Single(SweepClaims.Of(spec).Aside));
    }

    [Fact]
    public void A_claim_that_a_later_version_wrote_does_not_keep_a_journal_from_being_read()
    {
        var spec = SpecFile.FromCanonical(Spec("measure: train_loss, where: { noise: none, capacity: 32 }, holds: \"> 1\"").Canonical
            .Replace("train_loss", "train_mystery", StringComparison.Ordinal));

        Assert.Empty(SweepClaims.Of(spec).Claims);
        Assert.Contains("unknown measure 'train_mystery'", SweepClaims.Of(spec).Aside[0].Why);
    }

    private static ClaimResult Judge(string text, Func<int, int, int, double> value, string? set = null, Func<int, TrialState>? state = null)
    {
        var spec = Spec(text, set is null ? [] : [set]);
        var claim = Assert.Single(SweepClaims.Of(spec).Claims);
        var builder = new Observations.Builder(new Grid(spec).Count, claim.Value.Measures);
        for (var place = 0; place < new Grid(spec).Count; place++)
        {
            var (configuration, seed) = Math.DivRem(place, spec.Seeds.Count);
            builder.Add(Row(place + 1, state?.Invoke(place) ?? TrialState.Finished, value(configuration / 2, configuration % 2, seed)));
        }

        return ClaimVerdicts.Of(claim, spec, new TermValues(spec, builder.Build()));
    }
}
