using System.Collections.Immutable;
using MathNet.Numerics.Random;
using MemCluster.Messages;
using MemCluster.Sweeps.Claims;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Sweeps.Tests.Replicates;

/// <summary>What became of many simulated sweeps of one spec.</summary>
/// <param name="Seeds">Mean over the sweeps, of the configuration that was asked for most.</param>
internal readonly record struct Outcomes(int Runs, int Holds, int Fails, double Seeds)
{
    /// <summary>Share of the sweeps with a verdict.</summary>
    public double Decided => (Holds + Fails) / (double)Runs;
}

/// <summary>Simulated sweeps through the rule that looks: it asks, gets numbers for what it asked and nothing else, and is asked again until it wants no more.</summary>
internal static class ManyAskedSweeps
{
    /// <param name="draw">The number of a trial, by its configuration.</param>
    public static Outcomes Play(SweepSpec spec, int runs, int seed, Func<Xoshiro256StarStar, int, double> draw, Func<Xoshiro256StarStar, ClaimLooks, bool>? isFalse = null)
    {
        var draws = new Xoshiro256StarStar(seed, threadSafe: false);
        var claim = ReplicateRule.ClaimsOf(spec).Single();
        var (holds, fails, seeds) = (0, 0, 0L);
        for (var run = 0; run < runs; run++)
        {
            var (looks, asked) = Play(spec, claim, configuration => draw(draws, configuration));
            seeds += asked;
            var verdict = !looks.IsDecided || isFalse?.Invoke(draws, looks) == false ? Verdict.Undecided : looks.Looks[^1].Result.Verdict;
            holds += verdict == Verdict.Holds ? 1 : 0;
            fails += verdict == Verdict.Fails ? 1 : 0;
        }

        return new(runs, holds, fails, seeds / (double)runs);
    }

    private static (ClaimLooks Looks, int Asked) Play(SweepSpec spec, Claim claim, Func<int, double> draw)
    {
        var rows = new List<TrialRow>();
        var asked = new int[new Grid(spec).Configurations];
        while (true)
        {
            var builder = new Observations.Builder(asked.Length * spec.Seeds.Count, claim.Value.Measures);
            rows.ForEach(builder.Add);
            var looks = ReplicateRule.Look(claim, spec, builder.Build());
            var wanted = ReplicateRule.Wanted(spec, [looks]);
            if (!wanted.Where((seeds, configuration) => seeds > asked[configuration]).Any())
            {
                return (looks, asked.Max());
            }

            for (var configuration = 0; configuration < asked.Length; configuration++)
            {
                for (; asked[configuration] < wanted[configuration]; asked[configuration]++)
                {
                    var number = draw(configuration);
                    rows.Add(new((configuration * spec.Seeds.Count) + asked[configuration] + 1, [], 0, TrialState.Finished, 10,
                        ImmutableSortedDictionary<string, double>.Empty.Add(MeasureNames.TrainLoss, number).Add(MeasureNames.ValidationAccuracyBest, number), "", ""));
                }
            }
        }
    }
}
