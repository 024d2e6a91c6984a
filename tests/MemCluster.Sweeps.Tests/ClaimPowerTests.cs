using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using MemCluster.Messages;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps.Tests;

/// <summary>How many seeds a claim takes: against the books, and against sweeps that are drawn seed by seed and judged.</summary>
public sealed class ClaimPowerTests
{
    private const string Where = "where: { noise: none, capacity: 32 }";

    /// <summary>
    /// The t test of one sample, both sides at .05, power .80: 34 cases at a difference of half a deviation, 15 at .8 of one, 10 at one (Cohen 1988; Faul et al. 2007).
    /// </summary>
    [Theory]
    [InlineData(0.5, 34)]
    [InlineData(0.8, 15)]
    [InlineData(1, 10)]
    public void If_all_is_as_seen_it_takes_what_the_books_say(double difference, int seeds)
    {
        foreach (var holds in new[] { $"\">= {-difference}\"", $"\">= {difference}\"" })
        {
            var power = ClaimPowers.Of(Judge($"measure: train_loss, {Where}, holds: {holds}", 3, (_, seed) => seed - 1), 3, known: 0);
            Assert.InRange(power.AsSeen!.Value, seeds - Math.Ceiling(seeds * 0.06), seeds + Math.Ceiling(seeds * 0.06));
            Assert.True(power.Averaged is null || power.Averaged > 2 * seeds, $"{power.Averaged}");
        }
    }

    /// <summary>
    /// Another program drew 20,000 sweeps seed by seed: as seen 9 seeds decide it in .815, 8 in .755; averaged 30 in .80, 20 in .747 and 40 in .824.
    /// </summary>
    [Fact]
    public void Seeds_that_are_known_count()
    {
        var power = ClaimPowers.Of(Judge($"measure: train_loss, {Where}, holds: \">= 0\"", 3, (_, seed) => seed), 20);
        Assert.InRange(power.AsSeen!.Value, 8, 10);
        Assert.InRange(power.Averaged!.Value, 25, 36);
        Assert.Equal(0.747, power.Asked.Holds + power.Asked.Fails, 0.025);
    }

    /// <summary>Three seeds are known, five are drawn, and the claim is judged: 600 times, by the rules of reports.</summary>
    [Theory]
    [InlineData("where: { noise: none, capacity: 32 }, holds: \">= 0.89\"")]
    [InlineData("where: { noise: none, capacity: 32 }, holds: within 0.02 of 0.9")]
    [InlineData("where: { noise: none, capacity: 32 }, seeds: every, holds: \">= 0.87\"")]
    [InlineData("where: { noise: label 0.2, capacity: 32 }, over: { where: { noise: none } }, seeds: geometric-mean, holds: \"<= 0.99\"")]
    [InlineData("where: { capacity: 32 }, each: noise, holds: \">= 0.85\"")]
    [InlineData("where: { capacity: 32 }, each: noise, holds: \">= 0.87\"")]
    [InlineData("where: { capacity: 32 }, along: noise, holds: decreasing")]
    [InlineData("where: { capacity: 32 }, across: { axis: noise, take: max }, holds: \">= 0.89\"")]
    [InlineData("where: { capacity: 32 }, across: { axis: noise, take: max }, holds: \"<= 0.915\"")]
    [InlineData("across: { axis: noise, take: spread }, each: capacity, holds: \"> 0.015\"")]
    [InlineData("minus: { where: { capacity: first } }, where: { capacity: last }, each: noise, holds: \"<= 0.02\"")]
    public void A_verdict_is_as_probable_as_it_is_frequent(string claim)
    {
        const int Sweeps = 600, Seeds = 8;
        var pilot = Pilot(3);
        var wanted = Read($"measure: train_loss, {claim}", Seeds);
        var predicted = ClaimPowers.Of(Judge($"measure: train_loss, {claim}", 3, (configuration, seed) => pilot[configuration][seed]), Seeds).Asked;
        var (chance, verdicts) = (new Xoshiro256StarStar(5, threadSafe: false), new Dictionary<Verdict, int>());
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var further = Further(pilot, Seeds - 3, chance);
            var verdict = Judge(wanted, (configuration, seed) => seed < 3 ? pilot[configuration][seed] : further[configuration][seed - 3]).Verdict;
            verdicts[verdict] = verdicts.GetValueOrDefault(verdict) + 1;
        }

        Assert.Equal(verdicts.GetValueOrDefault(Verdict.Holds) / (double)Sweeps, predicted.Holds, 0.07);
        Assert.Equal(verdicts.GetValueOrDefault(Verdict.Fails) / (double)Sweeps, predicted.Fails, 0.07);
    }

    [Fact]
    public void With_as_many_seeds_as_it_takes_four_of_five_sweeps_decide_it()
    {
        const string claim = $"measure: train_loss, {Where}, holds: \">= 0.885\"";
        var pilot = Pilot(4);
        var power = ClaimPowers.Of(Judge(claim, 4, (configuration, seed) => pilot[configuration][seed]), 4);
        Assert.Equal(1, power.Asked.Undecided);
        Assert.InRange(power.Averaged!.Value, power.AsSeen!.Value, 100);

        var (chance, wanted) = (new Xoshiro256StarStar(6, threadSafe: false), Read(claim, power.Averaged.Value));
        var decided = Enumerable.Range(0, 600).Count(_ =>
        {
            var further = Further(pilot, power.Averaged.Value - 4, chance);
            return Judge(wanted, (configuration, seed) => seed < 4 ? pilot[configuration][seed] : further[configuration][seed - 4]).Verdict != Verdict.Undecided;
        });
        Assert.InRange(decided / 600.0, 0.74, 0.87);
    }

    [Fact]
    public void A_probability_told_after_three_seeds_comes_true_as_often_as_it_says() => Calibrate(150);

    /// <summary>The same, twenty times as sharp.</summary>
    [Fact]
    [Trait("Category", "Experiment")]
    public void It_does_so_over_thousands_of_pilots() => Calibrate(3000);

    [Fact]
    public void Seeds_that_are_all_known_leave_nothing_to_chance()
    {
        foreach (var (bound, asked) in new[] { (0.7, new Prospect(1, 0)), (0.9, new Prospect(0, 0)), (1.1, new Prospect(0, 1)) })
        {
            Assert.Equal(asked, ClaimPowers.Of(Judge($"measure: train_loss, {Where}, holds: \">= {bound}\"", 5, (_, seed) => 0.89 + 0.005 * seed), 5).Asked);
        }
    }

    [Fact]
    public void The_part_that_takes_most_is_named_and_the_same_question_has_the_same_answer()
    {
        ClaimPower Ask() => ClaimPowers.Of(Judge("measure: train_loss, where: { capacity: 32 }, each: noise, holds: \">= 0.5\"", 3,
            (configuration, seed) => (configuration / 2 == 1 ? 0.5 : 0.9) + 0.01 * ((seed * seed + configuration) % 5)), 5);
        Assert.Equal("label 0.2", Ask().LeastSure);
        Assert.Equal(Ask(), Ask());
    }

    [Fact]
    public void Where_a_further_seed_may_lie_on_either_side_no_number_of_seeds_is_enough()
    {
        var power = ClaimPowers.Of(Judge($"measure: train_loss, {Where}, seeds: every, holds: \">= 0\"", 5, (_, seed) => seed - 1.5), 5);
        Assert.True(power.IsNever);
        Assert.Null(power.AsSeen);
        Assert.False(ClaimPowers.Of(Judge($"measure: train_loss, {Where}, holds: \">= 0\"", 5, (_, seed) => seed - 1.5), 5).IsNever);
    }

    [Theory]
    [InlineData($"measure: train_loss, {Where}, holds: \">= 0\"", 1, "one seed shows no spread")]
    [InlineData($"measure: train_loss, {Where}, holds: \"> 1\"", 3, "the seeds show no spread")]
    [InlineData($"measure: train_loss, {Where}, seeds: bootstrap, holds: \">= 1\"", 6, "its interval is a bootstrap's")]
    [InlineData($"measure: train_loss, {Where}, minus: 1, seeds: geometric-mean, holds: \">= 1\"", 3, "not every value is above 0")]
    [InlineData($"measure: convergence_epoch, {Where}, holds: \">= 150\"", 3, "censored")]
    [InlineData($"group: first_epoch_overdispersion, {Where}, holds: \">= 1\"", 3, "it is over examples, or a curve")]
    public void What_can_not_be_told_says_why(string claim, int seeds, string why)
    {
        var power = ClaimPowers.Of(Judge(claim, seeds, (_, _) => 1), seeds);
        Assert.Equal(why, power.Why);
        Assert.True(double.IsNaN(power.Asked.Holds) && power.AsSeen is null && power.Averaged is null);
    }

    /// <summary>An accuracy over 10,000 examples that is the same in all seeds may be off by a step in more of them.</summary>
    [Fact]
    public void Seeds_that_agree_to_the_last_example_vary_by_a_step()
    {
        var power = ClaimPowers.Of(Judge($"measure: validation_accuracy_best, {Where}, holds: \">= 0.89996\"", 3, (_, _) => 0.9), 10);
        Assert.Equal("", power.Why);
        Assert.InRange(power.Averaged!.Value, 4, 30);
    }

    /// <summary>
    /// True means and spreads are drawn, a pilot of three seeds from them, then the whole sweep of eight: of the sweeps for which "holds" was told with some
    /// probability, that share holds.
    /// </summary>
    private static void Calibrate(int sets)
    {
        const string claim = $"measure: train_loss, {Where}, holds: \">= 0.5\"";
        var (chance, few, many) = (new Xoshiro256StarStar(7, threadSafe: false), Read(claim, 3), Read(claim, 8));
        var bins = new (int Count, double Told, double Variance, int True)[3];
        for (var set = 0; set < sets; set++)
        {
            var (deviation, mean) = (Math.Exp(chance.NextDouble() * 2) / 100, 0.4 + 0.2 * chance.NextDouble());
            double[] seeds = [.. Enumerable.Range(0, 8).Select(_ => Normal.Sample(chance, mean, deviation))];
            var told = ClaimPowers.Of(Judge(few, (_, seed) => seeds[seed]), 8).Asked.Holds;
            var bin = told < 1 / 3.0 ? 0 : told < 2 / 3.0 ? 1 : 2;
            bins[bin].Count++;
            bins[bin].Told += told;
            bins[bin].Variance += told * (1 - told);
            bins[bin].True += Judge(many, (_, seed) => seeds[seed]).Verdict == Verdict.Holds ? 1 : 0;
        }

        Assert.All(bins, bin => Assert.True(Math.Abs(bin.Told - bin.True) <= 3 * Math.Sqrt(bin.Variance) + 0.02 * bin.Count,
            $"Of {bin.Count} sweeps {bin.Told:0.0} were told to hold, and {bin.True} did."));
        Assert.All(bins, bin => Assert.True(bin.Count > sets / 20));
    }

    /// <summary>By configuration and seed: what falls with the noise by 0.02 a step and rises with the width by 0.01, with a deviation of 0.01.</summary>
    private static double[][] Pilot(int seeds)
    {
        var chance = new Xoshiro256StarStar(3, threadSafe: false);
        return [.. Enumerable.Range(0, 6).Select(configuration => Enumerable.Range(0, seeds)
            .Select(_ => Normal.Sample(chance, 0.9 - 0.02 * (configuration / 2) + 0.01 * (configuration % 2), 0.01)).ToArray())];
    }

    /// <summary>Seeds to come, from what the pilot leaves open: a spread, a mean, and then seed by seed, all configurations of a seed together.</summary>
    private static double[][] Further(double[][] pilot, int count, Random chance)
    {
        var seen = pilot[0].Length;
        double[] Normals() => [.. Enumerable.Range(0, seen).Select(_ => Normal.Sample(chance, 0, 1))];
        var scale = Math.Sqrt((seen - 1) / Enumerable.Range(1, seen - 1).Sum(_ => Math.Pow(Normal.Sample(chance, 0, 1), 2)));
        var (truth, each) = (Normals(), Enumerable.Range(0, count).Select(_ => Normals()).ToArray());
        return Array.ConvertAll(pilot, values =>
        {
            var mean = values.Average();
            double Along(double[] weights) => scale * values.Select((value, place) => (value - mean) * weights[place]).Sum() / Math.Sqrt(seen - 1);
            return each.Select(weights => mean + Along(truth) / Math.Sqrt(seen) + Along(weights)).ToArray();
        });
    }

    private static (SweepSpec Spec, Claim Claim) Read(string text, int seeds)
    {
        var spec = ClaimSpecs.Spec(text, $"seeds={seeds}");
        return (spec, SweepClaims.Of(spec).Claims.Single());
    }

    private static ClaimResult Judge(string text, int seeds, Func<int, int, double> value) => Judge(Read(text, seeds), value);

    /// <param name="value">Of every measure, by configuration and seed; a time is never reached.</param>
    private static ClaimResult Judge((SweepSpec Spec, Claim Claim) wanted, Func<int, int, double> value)
    {
        var grid = new Grid(wanted.Spec);
        var builder = new Observations.Builder(grid.Count, wanted.Claim.Value.Measures, TrialScale.Of(wanted.Spec, grid.SettingsAt));
        for (var place = 0; place < grid.Count; place++)
        {
            var (configuration, seed) = Math.DivRem(place, wanted.Spec.Seeds.Count);
            var number = value(configuration, seed);
            builder.Add(new TrialRow(place + 1, [], 0, TrialState.Finished, 100, new Dictionary<string, double>
            {
                [MeasureNames.ValidationAccuracyBest] = number,
                [MeasureNames.TrainLoss] = number,
            }.ToImmutableSortedDictionary(), "", ""));
        }

        return ClaimVerdicts.Of(wanted.Claim, wanted.Spec, new TermValues(wanted.Spec, builder.Build()));
    }
}
