using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using MemCluster.Messages;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps.Tests;

/// <summary>Verdicts that are not better than what they rest on: chance, choice, and networks that diverged.</summary>
public sealed class ClaimStatisticsTests
{
    private const string Where = "where: { noise: none, capacity: 32 }";

    [Fact]
    public void A_diverged_network_guesses_and_is_not_left_out()
    {
        var last = Judge($"measure: train_accuracy, {Where}, holds: \">= 0.5\"", 3, (_, _) => 1, diverged: 0);
        var best = Judge($"measure: validation_accuracy_best, {Where}, holds: \">= 0.5\"", 3, (_, _) => 1, diverged: 0);
        var loss = Judge($"measure: train_loss, {Where}, holds: \"<= 0.5\"", 3, (_, _) => 0.1, diverged: 0);
        var time = Judge($"measure: convergence_epoch, {Where}, holds: \"<= 50\"", 3, (_, _) => 20, diverged: 0);

        Assert.Equal((1 + 1 + 0.1) / 3, last.Parts[0].Estimate.Value, 1e-12);
        Assert.All([last, best, loss, time], result => Assert.Equal(Verdict.Undecided, result.Verdict));
        Assert.Equal((3, 1), (best.Parts[0].Estimate.Count, best.Parts[0].Estimate.Censored));
        Assert.True(double.IsPositiveInfinity(time.Parts[0].Estimate.High));
    }

    [Fact]
    public void Accuracies_stay_between_0_and_1()
    {
        var found = Judge($"measure: validation_accuracy_best, {Where}, holds: \">= 0.5\"", 3, (_, seed) => new[] { 1, 0.99, 0.9 }[seed]).Parts[0].Estimate;
        Assert.InRange(found.Low, 0.8, 0.9);
        Assert.Equal(1, found.High);
    }

    /// <summary>10,000 validation examples: the same count three times still leaves a step of doubt.</summary>
    [Fact]
    public void Seeds_that_agree_to_the_last_example_have_an_interval_all_the_same()
    {
        var found = Judge($"measure: validation_accuracy_best, {Where}, holds: \">= 0.5\"", 3, (_, _) => 0.9).Parts[0].Estimate;
        Assert.Equal(4.302653 * 0.0001 / Math.Sqrt(12 * 3), found.High - 0.9, 1e-8);
    }

    [Fact]
    public void A_trend_is_what_a_step_along_the_axis_adds()
    {
        var found = Judge("measure: train_loss, where: { capacity: 32 }, across: { axis: noise, take: trend }, holds: \"> 0\"", 3, (configuration, seed) => (configuration / 2 * 0.1) + (0.3 * seed));
        Assert.Equal((Verdict.Holds, 0.1), (found.Verdict, Math.Round(found.Parts[0].Estimate.Value, 9)));
    }

    [Fact]
    public void One_number_may_choose_what_another_is_read_at()
    {
        const string claim = "measure: validation_accuracy_best, where: { capacity: 32 }, across: { axis: noise, take: min, chosen-by: { measure: train_loss, where: { capacity: 32 } } }, holds: \"> 0\"";
        var found = Judge(claim, 3, (configuration, seed) => 0.5 + (configuration * 0.1) + (0.001 * seed), loss: (configuration, _) => configuration == 2 ? 0.1 : 1);

        Assert.Equal(0.701, found.Parts[0].Estimate.Value, 1e-12);
        Assert.Contains("at the noise with the smallest train_loss", ClaimText.Of(found.Claim, ClaimSpecs.Spec(claim)), StringComparison.Ordinal);
        var wrong = SpecFile.ParseFile(ClaimSpecs.Text.Replace("  c:", $"  c: {{ {claim.Replace("take: min", "take: mean", StringComparison.Ordinal)} }}", StringComparison.Ordinal), "s.yaml", [], null);
        Assert.Contains("take 'max' or 'min' with it", Assert.Single(wrong.Problems).Sentence, StringComparison.Ordinal);
    }

    /// <summary>
    /// Claims about nothing, over 2,000 sweeps each: the largest of six equal settings, their spread, an order of equal neighbours that all lie on the margin, and the best
    /// among equal settings against one of them. Judged by the seeds that choose, and part by part, these "hold" or "fail" in 12 to 75 %.
    /// </summary>
    [Theory]
    [InlineData("across: { axis: capacity, take: max }, holds: \"> 0.5\"")]
    [InlineData("across: { axis: capacity, take: min }, holds: \"< 0.5\"")]
    [InlineData("across: { axis: capacity, take: spread }, holds: \"> 0\"")]
    [InlineData("of: { measure: train_loss, where: { noise: none }, across: { axis: capacity, take: max } }, minus: { measure: train_loss, where: { noise: none, capacity: first } }, holds: \"> 0\"")]
    [InlineData("envelope: { axis: capacity, x: { measure: validation_accuracy_best, where: { noise: none } }, y: { measure: train_loss, where: { noise: none } }, limit: 1 }, holds: \"> 0.5\"")]
    [InlineData("along: capacity, holds: increasing")]
    [InlineData("along: capacity, holds: non-decreasing")]
    [InlineData("each: capacity, holds: \"> 0.5\"")]
    public void Nothing_is_made_of_nothing(string claim)
    {
        claim = claim.StartsWith("of", StringComparison.Ordinal) || claim.StartsWith("envelope", StringComparison.Ordinal) ? claim : $"measure: train_loss, where: {{ noise: none }}, {claim}";
        foreach (var n in (int[])[3, 5, 10, 20])
        {
            const int Sweeps = 500;
            var text = ClaimSpecs.Text.Replace("[32, 128]", "[8, 16, 32, 64, 128, 256]", StringComparison.Ordinal).Replace("[none, label 0.2, label 0.4]", "[none]", StringComparison.Ordinal)
                .Replace("seeds: 3", $"seeds: {n}", StringComparison.Ordinal).Replace("  c:", $"  c: {{ {claim} }}", StringComparison.Ordinal);
            var spec = SpecFile.ParseFile(text, "s.yaml", [], null).Spec!;
            var read = SweepClaims.Of(spec).Claims.Single();
            var (draws, verdicts) = (new Xoshiro256StarStar(n, threadSafe: false), new Dictionary<Verdict, int>());
            for (var sweep = 0; sweep < Sweeps; sweep++)
            {
                var verdict = Judge(spec, read, (_, _) => Normal.Sample(draws, 0.5, 0.01), (_, _) => Normal.Sample(draws, 0.5, 0.01)).Verdict;
                verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
            }

            Assert.InRange(verdicts.GetValueOrDefault(Verdict.Holds) / (double)Sweeps, 0, 0.06);
            Assert.InRange(verdicts.GetValueOrDefault(Verdict.Fails) / (double)Sweeps, 0, 0.06);
        }
    }

    [Fact]
    public void A_claim_has_a_p_value_that_agrees_with_its_verdict()
    {
        foreach (var (bound, verdict) in new[] { (0.85, Verdict.Holds), (0.9, Verdict.Undecided), (0.95, Verdict.Fails) })
        {
            var found = Judge($"measure: validation_accuracy_best, {Where}, holds: \">= {bound}\"", 3, (_, seed) => 0.9 + (0.005 * seed));
            Assert.Equal((verdict, verdict != Verdict.Undecided), (found.Verdict, found.P < 0.05));
        }

        // Two parts of which one fails: its p-value counts twice.
        var parts = Judge("measure: validation_accuracy_best, where: { noise: none }, each: capacity, holds: \"<= 0.9\"", 3, (configuration, seed) => 0.8 + (0.2 * configuration) + (0.005 * seed));
        Assert.Equal(2 * parts.Parts[1].PFails, parts.P, 1e-12);
    }

    private static ClaimResult Judge(string text, int seeds, Func<int, int, double> value, Func<int, int, double>? loss = null, int diverged = -1)
    {
        var spec = ClaimSpecs.Spec(text, $"seeds={seeds}");
        return Judge(spec, SweepClaims.Of(spec).Claims.Single(), value, loss, diverged);
    }

    /// <param name="value">Of every measure but the loss, by configuration and seed.</param>
    private static ClaimResult Judge(SweepSpec spec, Claim claim, Func<int, int, double> value, Func<int, int, double>? loss = null, int diverged = -1)
    {
        var grid = new Grid(spec);
        var builder = new Observations.Builder(grid.Count, claim.Value.Measures, TrialScale.Of(spec, grid.SettingsAt));
        for (var place = 0; place < grid.Count; place++)
        {
            var (configuration, seed) = Math.DivRem(place, spec.Seeds.Count);
            var number = value(configuration, seed);
            builder.Add(new TrialRow(place + 1, [], 0, place == diverged ? TrialState.Diverged : TrialState.Finished, 100, new Dictionary<string, double>
            {
                [MeasureNames.ValidationAccuracyBest] = number,
                [MeasureNames.TrainAccuracy] = number,
                [MeasureNames.ConvergenceEpoch] = number,
                [MeasureNames.TrainLoss] = loss?.Invoke(configuration, seed) ?? number,
            }.ToImmutableSortedDictionary(), "", ""));
        }

        return ClaimVerdicts.Of(claim, spec, new TermValues(spec, builder.Build()));
    }
}
