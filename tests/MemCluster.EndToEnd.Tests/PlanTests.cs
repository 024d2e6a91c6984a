using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

public sealed class PlanTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_plan_of_a_million_trials_costs_little_and_writes_nothing()
    {
        using var here = new Workplace();
        here.Write("million.yaml", """
            sweep: million
            data: { name: glyphs, train: 1000, validation: 500 }
            training: { epochs: 10 }
            axes:
              noise: [none, label 0.1, label 0.2, label 0.3, label 0.4, label 0.5, label 0.6, label 0.7, label 0.8, label 0.9]
              capacity: [8, 16, 24, 32, 48, 64, 96, 128, 192, 256]
              rate: [0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01, 0.005, 0.002]
            seeds: 1000
            """);
        var before = here.Inventory();

        var plan = here.Start("plan", "million.yaml");
        var ended = await plan.Ends();

        output.WriteLine($"{ended.After.TotalSeconds:0.00} s, {plan.PeakMemory / 1e6:0} MB");
        Assert.True(ended.Code == 0, ended.All);
        Assert.Contains("1,000,000 trials", ended.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was run. Start it with: memcluster run million.yaml", ended.Output, StringComparison.Ordinal);
        Assert.InRange(plan.PeakMemory, 10_000_000, 300_000_000);
        // 2 s on an idle machine.
        Assert.InRange(ended.After.TotalSeconds, 0, 20);
        Assert.Equal(before, here.Inventory());
    }
}
