namespace MemCluster.Messages;

/// <summary>An array that a trial's measures found.</summary>
public sealed record TrialArray(int Trial, Finding Found);
