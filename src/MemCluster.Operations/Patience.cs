namespace MemCluster.Operations;

/// <summary>How long a question may wait for a coordinator that is moving to another node, or is being started.</summary>
/// <param name="Limit">From the first time that nobody answered; a take-over needs some 20 s.</param>
/// <param name="Tell">Hears one sentence when the waiting begins.</param>
public sealed record Patience(TimeProvider Clock, TimeSpan Limit, Action<string> Tell)
{
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);
}
