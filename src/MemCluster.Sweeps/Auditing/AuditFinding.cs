using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Something in a journal, or made from one, that is not as it was written.</summary>
/// <param name="Sweep">Null where it concerns none, or nobody can tell which.</param>
/// <param name="Trial">Its place in the grid, from 1; null where it concerns none.</param>
/// <param name="Where">The stream, table or file, with the event's number where there is one.</param>
/// <param name="What">A sentence.</param>
/// <param name="Remedy">What to do about it, a sentence.</param>
public sealed record AuditFinding(SweepId? Sweep, int? Trial, string Where, string What, string Remedy);

/// <summary>What was read of a sweep, and what it came to.</summary>
/// <param name="Whole">Trials with a result that is proved: one end, every epoch before it, and the numbers that follow from them.</param>
/// <param name="Epochs">Of all attempts.</param>
/// <param name="Unchained">Events of versions that had no chain: what is in them is not proved.</param>
public sealed record AuditedSweep(SweepId Sweep, TrialCounts Counts, int Whole, long Events, long Epochs, long Unchained);
