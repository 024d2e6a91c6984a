using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What it means for others that a scoring trial ended without scores: they can never run, and their end says why.</summary>
internal static class ScoringRules
{
    /// <summary>The ends that follow from what has just happened; none as long as every score that somebody waits for can still come.</summary>
    /// <param name="sweep">With what has happened applied.</param>
    /// <param name="scoringPlaces">Scoring trials that may be to blame.</param>
    public static IEnumerable<SweepEvent> EndsAfter(SweepState sweep, IEnumerable<int> scoringPlaces, DateTimeOffset now)
    {
        var ended = new HashSet<int>();
        foreach (var score in scoringPlaces.Where(score => HowLost(sweep, score) is not null))
        {
            foreach (var place in sweep.Shape.PrunedBy(score).Where(place => sweep.Trials[place] == TrialState.Waiting && ended.Add(place)))
            {
                yield return Failed(sweep, place, $"trial {score + 1}, which computes its scores, {HowLost(sweep, score)}", now);
            }
        }

        // Further runs for the same trials are work for nobody.
        foreach (var score in ended.SelectMany(place => sweep.Shape.ScoresOf(place)).Distinct().Order().Where(score => sweep.StateOf(score) == TrialState.Pending).ToArray())
        {
            if (sweep.Shape.PrunedBy(score).All(place => sweep.Trials[place] != TrialState.Waiting || ended.Contains(place)))
            {
                yield return Failed(sweep, score, "no trial waits for its scores any more", now);
            }
        }
    }

    /// <summary>Those that can't run after a retry, because what they wait for was not retried.</summary>
    public static IEnumerable<SweepEvent> EndsAfterRetry(SweepState sweep, DateTimeOffset now) => sweep.Scores.Count == 0
        ? []
        : EndsAfter(sweep, Enumerable.Range(sweep.Trials.Count, sweep.Scores.Count), now);

    private static string? HowLost(SweepState sweep, int score) => sweep.StateOf(score) switch
    {
        TrialState.Failed => "failed",
        TrialState.Diverged => "diverged",
        TrialState.Cancelled => "was cancelled",
        _ => null,
    };

    private static SweepEvent.TrialFailed Failed(SweepState sweep, int place, string why, DateTimeOffset now) =>
        new(sweep.NextKey(place), place + 1, why, TimeSpan.Zero, now);
}
