using System.Text.Json.Serialization;

namespace MemCluster.Messages;

/// <summary>
/// How many seeds a sweep asks for where its claims say how many are enough: each configuration gets <paramref name="AtLeast"/> of them, and those that a claim
/// needs get more until it is decided. No part of a cell's identity: a trial is the same whoever asked for it.
/// </summary>
/// <param name="AtLeast">Seeds that every configuration gets, from 2.</param>
/// <param name="AtMost">Seeds of a configuration at most; the sweep's list of seeds has so many.</param>
/// <param name="Claims">Names of the claims that ask for seeds, with commas between; empty: all that can.</param>
public sealed record ReplicatePlan(int AtLeast, int AtMost, string Claims = "")
{
    public const int UsualAtLeast = 3;

    /// <summary>An interval over seeds needs two.</summary>
    public const int LeastSeeds = 2;

    /// <summary>More of them decide nothing that matters.</summary>
    public const int MostSeeds = 10_000;

    private const string Between = ", ";

    /// <summary>Empty: all that can.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Names => Claims.Length == 0 ? [] : Claims.Split(Between);

    public static ReplicatePlan Of(int atLeast, int atMost, IEnumerable<string> claims) => new(atLeast, atMost, string.Join(Between, claims));
}

/// <summary>Neighbouring configurations of which as many seeds are asked for.</summary>
/// <param name="First">Place among the configurations, from 1.</param>
/// <param name="Last">Likewise; not below the first.</param>
/// <param name="Seeds">The first so many of the sweep's list of seeds.</param>
public sealed record SeedsOf(int First, int Last, int Seeds)
{
    [JsonIgnore]
    public long Trials => (Last - First + 1L) * Seeds;

    /// <param name="seeds">By configuration.</param>
    public static IReadOnlyList<SeedsOf> Runs(ReadOnlySpan<int> seeds)
    {
        var runs = new List<SeedsOf>();
        for (var place = 0; place < seeds.Length; place++)
        {
            if (runs.Count > 0 && runs[^1].Seeds == seeds[place])
            {
                runs[^1] = runs[^1] with { Last = place + 1 };
            }
            else
            {
                runs.Add(new(place + 1, place + 1, seeds[place]));
            }
        }

        return runs;
    }

    /// <returns>By configuration; 0 where nothing is said.</returns>
    public static int[] Each(IEnumerable<SeedsOf> runs, int configurations)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var seeds = new int[configurations];
        foreach (var run in runs)
        {
            seeds.AsSpan(run.First - 1, run.Last - run.First + 1).Fill(run.Seeds);
        }

        return seeds;
    }
}
