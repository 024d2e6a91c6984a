using BenchmarkDotNet.Attributes;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Benchmarks;

/// <summary>What one trial costs the rules, handed out and ended, in a sweep of 1,000 and in one of 100,000: it should not depend on how many there are.</summary>
public class SweepBenchmarks
{
    private const int Small = 1_000;
    private const int Large = 100_000;

    [Benchmark(Baseline = true, OperationsPerInvoke = Small)]
    public int OneOfAThousand() => HandOutAndEnd(Small);

    [Benchmark(OperationsPerInvoke = Large)]
    public int OneOfAHundredThousand() => HandOutAndEnd(Large);

    private static int HandOutAndEnd(int trials)
    {
        var sweep = SweepState.Begin(new(new("s"), "", "", 1, "v", trials, default), new(trials, place => new(0, (ulong)place), ""));
        for (var place = 0; place < trials; place++)
        {
            var next = sweep.PendingPlaces("t", []).First();
            var key = sweep.NextKey(next);
            sweep = sweep.Apply(new SweepEvent.TrialAssigned(key, next + 1, "t", default)).Apply(new SweepEvent.TrialFailed(key, next + 1, "x", default, default));
        }

        return sweep.Trials.CountOf(TrialState.Failed);
    }
}
