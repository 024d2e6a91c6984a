namespace MemCluster.Statistics;

/// <summary>When each example was learned and how often it was forgotten, told one row (an epoch measured) after the other. Toneva et al. 2019, section 3.</summary>
/// <param name="examples">How many there are in each row.</param>
public sealed class LearningTimes(int examples)
{
    /// <summary>How many rows were told.</summary>
    public int Measured { get; set; }

    /// <summary>Per example, forgetting events: changes from right to wrong between consecutive rows.</summary>
    public double[] Forgotten { get; } = new double[examples];

    /// <summary>Per example, the first epoch at which it was right; infinite if it never was.</summary>
    public double[] FirstRight { get; } = Never(examples);

    /// <summary>Per example, the first epoch from which on it has stayed right; infinite if it is wrong now.</summary>
    public double[] RightSince { get; } = Never(examples);

    /// <summary>Share of the examples that were learned and never forgotten.</summary>
    public double UnforgettableShare => Enumerable.Range(0, examples).Count(i => double.IsFinite(FirstRight[i]) && Forgotten[i] == 0) / (double)examples;

    /// <param name="correct">Which examples are right after this epoch, or at this presentation.</param>
    public void Add(double epoch, ReadOnlySpan<bool> correct)
    {
        Measured++;
        for (var i = 0; i < examples; i++)
        {
            if (!correct[i])
            {
                Forgotten[i] += double.IsFinite(RightSince[i]) ? 1 : 0;
                RightSince[i] = double.PositiveInfinity;
            }
            else if (!double.IsFinite(RightSince[i]))
            {
                RightSince[i] = epoch;
                FirstRight[i] = Math.Min(FirstRight[i], epoch);
            }
        }
    }

    /// <summary>
    /// Toneva's ranking: the forgetting events, and for an example that was never learned the number of rows, which is above the count of any that was. Such an
    /// example has no event, and would otherwise pass for one that is never forgotten.
    /// </summary>
    public double[] ForgettingScores() => [.. Forgotten.Select((events, i) => double.IsFinite(FirstRight[i]) ? events : Measured)];

    private static double[] Never(int count)
    {
        var never = new double[count];
        Array.Fill(never, double.PositiveInfinity);
        return never;
    }
}
