using Xunit.Abstractions;

namespace MemCluster.Simulation.Tests;

/// <summary>The same as <see cref="SimulationTests"/>, a hundred times as many.</summary>
[Trait("Category", "Chaos")]
public sealed class ManySchedulesTests(ITestOutputHelper output)
{
    private const int Schedules = 200_000;

    [Fact]
    public void Two_hundred_thousand_schedules_break_no_promise()
    {
        var broken = Enumerable.Range(10_001, Schedules).AsParallel().Select(seed => (Seed: seed, Broken: Simulation.Play(Schedule.Of((ulong)seed))))
            .Where(run => run.Broken is not null).OrderBy(run => run.Seed).ToArray();
        foreach (var (seed, what) in broken.Take(50))
        {
            output.WriteLine($"{seed}: {what}");
        }

        Assert.True(broken.Length == 0, $"{broken.Length} of {Schedules} schedules broke a promise; play one again with MEMCLUSTER_SEED.");
    }
}
