namespace MemCluster.Statistics;

/// <summary>How one example was learned and forgotten over a run. Toneva et al. 2019, section 3.</summary>
/// <param name="Rows">How many epochs (or presentations) were looked at.</param>
/// <param name="ForgettingEvents">Changes from right to wrong between consecutive rows.</param>
/// <param name="FirstFit">The first row, from 0, in which it was right; null if never.</param>
/// <param name="LearningTime">The first row from which on it stayed right to the end; null if it ended wrong.</param>
/// <param name="CumulativeAccuracy">Share of the rows in which it was right.</param>
public readonly record struct LearningHistory(int Rows, int ForgettingEvents, int? FirstFit, int? LearningTime, double CumulativeAccuracy)
{
    public bool EverLearned => FirstFit is not null;

    /// <summary>Learned at least once and never forgotten.</summary>
    public bool Unforgettable => EverLearned && ForgettingEvents == 0;

    /// <summary>The events, or the number of rows for an example never learned: above all that were.</summary>
    public int RankingScore => EverLearned ? ForgettingEvents : Rows;

    /// <param name="correct">Row k: right or wrong at the k-th epoch, or at the k-th presentation in training.</param>
    /// <returns>One history per example.</returns>
    public static LearningHistory[] Of(BitMatrix correct)
    {
        var histories = new LearningHistory[correct.Columns];
        for (var example = 0; example < histories.Length; example++)
        {
            histories[example] = Of(correct, example);
        }

        return histories;
    }

    /// <summary>Ranking scores summed over seeds: rankings of single runs differ.</summary>
    /// <param name="seeds">The histories of the same examples, seed by seed.</param>
    public static int[] RankingSum(IReadOnlyList<LearningHistory[]> seeds) =>
        [.. Enumerable.Range(0, seeds[0].Length).Select(example => seeds.Sum(seed => seed[example].RankingScore))];

    private static LearningHistory Of(BitMatrix correct, int example)
    {
        var (events, before) = (0, false);
        int? first = null, stays = null;
        for (var row = 0; row < correct.Rows; row++)
        {
            var now = correct[row, example];
            if (now)
            {
                first ??= row;
                stays ??= row;
            }
            else
            {
                events += before ? 1 : 0;
                stays = null;
            }

            before = now;
        }

        return new(correct.Rows, events, first, stays, (double)correct.Count(example) / correct.Rows);
    }
}

/// <summary>What the histories of a whole set say.</summary>
/// <param name="UnforgettableShare">Share of all examples.</param>
/// <param name="MeanEventsOfLearned">Mean forgetting events of those learned at least once; NaN if none was.</param>
public readonly record struct ForgettingSummary(int NeverLearned, double UnforgettableShare, double MeanEventsOfLearned)
{
    public static ForgettingSummary Of(IReadOnlyCollection<LearningHistory> histories) => new(
        histories.Count(history => !history.EverLearned),
        (double)histories.Count(history => history.Unforgettable) / histories.Count,
        histories.Where(history => history.EverLearned).Select(history => (double)history.ForgettingEvents).DefaultIfEmpty(double.NaN).Average());
}
