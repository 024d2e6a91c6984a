using System.Diagnostics;
using MemCluster.Messages;
using MemCluster.Reporting.Plans;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Tests;

public sealed class PlanTests
{
    [Fact]
    public void A_plan_reads_like_this()
    {
        var spec = Given.Spec(Given.NoiseByCapacity);
        var timings = SettingsVariety.Of(spec, WorkShape.Of)
            .Select(shape => new WorkTiming(shape, 1, 100, shape.Width switch { 32 => 6, 128 => 10, _ => 31 })).ToArray();

        Assert.Equal(
            """
            noise-by-capacity    Does label noise raise the width that a network needs?
              noise         5   none · label 0.2 · label 0.4 · label 0.8 · input 0.5
              capacity      3   32 · 128 · 512                                   units per hidden layer
              regularizer   3   none · dropout 0.5 · weight-decay 0.001
              seeds         3   0 · 1 · 2
              135 trials × ≤ 100 epochs    mnist 5,000 train / 5,000 validation
              at most about 18 min on 2 slots (measured: 0.060–0.31 s per epoch)
            """.ReplaceLineEndings("\n"),
            string.Join('\n', PlanText.Lines(SweepPlan.Of(spec, timings), 2)));
    }

    [Fact]
    public void The_cost_is_the_sum_over_all_trials()
    {
        var spec = Given.Spec("sweep: s\nnetwork: sleep 2\naxes: { noise: [none, label 0.2], training.epochs: [1, 5] }\nseeds: 10\n");
        var plan = SweepPlan.Of(spec, []);

        Assert.Equal(40, plan.Trials);
        Assert.Equal(40 * 2.005, plan.SlotSeconds, 6);
        Assert.Equal(plan.SlotSeconds / 4, plan.SecondsOn(4), 6);
        Assert.Equal(2.005, plan.SecondsOn(1000), 6);
    }

    [Fact]
    public void Where_other_shapes_were_measured_the_arithmetic_is_scaled_by_them()
    {
        var spec = Given.Spec(Given.NoiseByCapacity);
        var shapes = SettingsVariety.Of(spec, WorkShape.Of);
        var unmeasured = SweepPlan.Of(spec, []);
        var (first, _) = new WorkModel([]).EpochOf(shapes[0]);
        var scaled = SweepPlan.Of(spec, [new WorkTiming(shapes[0], 1, 100, 300 * first)]);

        Assert.Equal(CostBasis.Estimated, unmeasured.Basis);
        Assert.Equal(CostBasis.Scaled, scaled.Basis);
        Assert.Equal(3, scaled.SlowestEpoch / unmeasured.SlowestEpoch, 6);
    }

    [Fact]
    public void A_cnn_costs_by_its_filters_and_the_pixels_that_they_pass_over()
    {
        var work = new WorkModel([]);
        var whole = new TrialSettings { Data = new() { Name = "cifar10", Train = 1000, Validation = 0 }, Network = new() { Kind = "cnn" } };
        double Epoch(NetworkSettings network) => work.EpochOf(WorkShape.Of(whole with { Network = network })).Seconds;

        Assert.InRange(Epoch(whole.Network) / Epoch(whole.Network with { Multiplier = 0.5 }), 3, 4);
        Assert.InRange(Epoch(whole.Network) / Epoch(whole.Network with { PoolStride = 3, Padding = "valid" }), 8, 9);
        Assert.Null(WorkShape.Of(whole with { Network = new() }).Cnn);
    }

    [Fact]
    public void Measures_cost_by_how_often_they_are_taken_until_just_these_were_timed()
    {
        const string Sweep = "sweep: s\ndata: { name: mnist, train: 1000, validation: 1000, pool: 2 }\nnetwork: { depth: 2, width: 32 }\ntraining: { epochs: 100, batch: 32, rate: 0.05 }\naxes: { noise: [none] }\n";
        double Seconds(string measures, params WorkTiming[] timings) => SweepPlan.Of(Given.Spec(Sweep + measures), timings).SlotSeconds;
        var bare = Seconds("");
        var often = Seconds("measures: { csr: { every: 10 } }") - bare;

        Assert.Equal(often / 10, Seconds("measures: { csr: last }") - bare, 6);
        Assert.Equal(often / 5, Seconds("measures: { csr: { at: last, radii: [0.3, 1] } }") - bare, 6);
        Assert.InRange(Seconds("measures: { csr: last }") - bare, 0.01, 0.1);

        // 3,200 steps of 3 ms: what was timed for 50 losses.
        Assert.InRange(Seconds("measures: { loss-sensitivity: last }") - bare, 5, 20);
        var settings = new Grid(Given.Spec(Sweep + "measures: { csr: last }")).SettingsAt(0);
        Assert.Equal(200.005, Seconds("measures: { csr: last }", new WorkTiming(WorkShape.Of(settings), 1, 100, 200)), 3);
    }

    [Fact]
    public void A_class_for_each_example_costs_as_many_outputs_and_no_validation()
    {
        SweepPlan Plan(string labels) => SweepPlan.Of(Given.Spec(
            $"sweep: s\ndata: {{ name: mnist, train: 1000, validation: 1000, pool: 2{labels} }}\nnetwork: {{ depth: 2, width: 32 }}\ntraining: {{ epochs: 1000, batch: 1000 }}\naxes: {{ noise: [none] }}\n"), []);
        var (given, unique) = (Plan(""), Plan(", labels: unique"));

        // Multiplications: 7.6 thousand an image with 10 outputs, 39 thousand with 1,000; five times forward an image with validation, four without.
        var step = 1000 * 170e-6;
        Assert.Equal(39.3 * 4 / (7.6 * 5), (unique.SlotSeconds - step) / (given.SlotSeconds - step), 0.1);
        Assert.Equal(["mnist 1,000 train, each a class of its own"], unique.Data);
    }

    [Fact]
    public void A_million_trials_are_planned_in_no_time_and_fit_the_screen()
    {
        var spec = Given.Spec($"""
            sweep: million
            data: glyphs
            axes:
              noise: [{string.Join(", ", Enumerable.Range(1, 100).Select(n => $"label 0.{n:0000}1"))}]
              capacity: [{string.Join(", ", Enumerable.Range(1, 100))}]
              rate: [{string.Join(", ", Enumerable.Range(1, 10).Select(n => $"0.0{n}1"))}]
            seeds: 10
            """);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var lines = PlanText.Lines(SweepPlan.Of(spec, []), 2);

        // Four bytes a trial, less than any object for each would take, however busy the machine; on an idle one a fraction of a second.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        Assert.Contains(lines, line => line.Text.Contains("1,000,000 trials"));
        Assert.All(lines, line => Assert.True(line.Text.Length <= Line.Width, line.Text));
    }

    [Fact]
    public void Variety_counts_every_trial_once()
    {
        var spec = Given.Spec(Given.NoiseByCapacity);
        var widths = SettingsVariety.Counted(spec, settings => settings.Network.Width);

        Assert.Equal([(32, 45L), (128, 45L), (512, 45L)], widths);
        Assert.Equal([("mnist", 135L)], SettingsVariety.Counted(spec, settings => settings.Data.Name));
    }
}
