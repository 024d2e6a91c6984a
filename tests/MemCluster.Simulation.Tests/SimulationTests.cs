using Xunit.Abstractions;

namespace MemCluster.Simulation.Tests;

/// <summary>Everything that is ours to get right, played from a seed: coordinators that move, trainers, sweeps and journal, in virtual time, with all that can go wrong.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Schedules = 2000;

    /// <summary>Lines of a failure's history that are printed; MEMCLUSTER_HISTORY asks for more.</summary>
    private static readonly int Tail = int.TryParse(Environment.GetEnvironmentVariable("MEMCLUSTER_HISTORY"), out var lines) ? lines : 40;

    /// <summary>MEMCLUSTER_SEED plays one again, MEMCLUSTER_SCHEDULES more of them.</summary>
    private static IEnumerable<int> Seeds() =>
        int.TryParse(Environment.GetEnvironmentVariable("MEMCLUSTER_SEED"), out var seed) ? [seed] : Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("MEMCLUSTER_SCHEDULES"), out var more) ? more : Schedules);

    [Fact]
    public void Whatever_happens_every_trial_ends_once_and_as_if_nothing_had_happened()
    {
        var broken = Seeds().AsParallel().Select(seed => (Seed: seed, Broken: Simulation.Play(Schedule.Of((ulong)seed)))).Where(run => run.Broken is not null)
            .OrderBy(run => run.Seed).ToArray();
        output.WriteLine($"{broken.Length} of {Schedules} schedules broke a promise.");
        foreach (var (seed, what) in broken.Take(8))
        {
            output.WriteLine($"{seed}: {what}");
        }

        if (broken.Length > 0)
        {
            var (schedule, why) = Simulation.Shrink(Schedule.Of((ulong)broken[0].Seed), broken[0].Broken!);
            Assert.Fail($"{why}\n{schedule}\n{string.Join("\n", Simulation.HistoryOf(schedule).TakeLast(Tail))}");
        }
    }

    /// <summary>A simulation that finds nothing proves nothing: each of these is put into the rules, and must show.</summary>
    [Theory]
    [MemberData(nameof(Planted))]
    public void A_rule_broken_on_purpose_is_found(string bug)
    {
        var planted = Enum.Parse<Bug>(bug);
        var tried = 0;
        var found = Enumerable.Range(1, 4 * Schedules).AsParallel().AsUnordered().Select(seed =>
        {
            Interlocked.Increment(ref tried);
            return (Seed: seed, Broken: Simulation.Play(Schedule.Of((ulong)seed), planted));
        }).FirstOrDefault(run => run.Broken is not null);

        Assert.True(found.Broken is not null, $"{bug} is not found in {4 * Schedules} schedules.");
        var (schedule, why) = Simulation.Shrink(Schedule.Of((ulong)found.Seed), found.Broken, planted);
        output.WriteLine($"found after {tried} schedules: {why}\n{schedule}");
    }

    public static TheoryData<string> Planted => [.. Enum.GetNames<Bug>()];
}
