namespace MemCluster.Sweeps;

/// <summary>What the scores of other trials say of a trial's training examples.</summary>
public abstract record Scored
{
    private Scored()
    {
    }

    /// <param name="Kept">As in <c>TrialAssignment.Kept</c>; null where the trial has no training examples (it sleeps).</param>
    public sealed record Found(byte[]? Kept) : Scored;

    /// <summary>They ended without scores: the trial can never run.</summary>
    /// <param name="Why">A sentence for the operator.</param>
    public sealed record Missing(string Why) : Scored;
}
