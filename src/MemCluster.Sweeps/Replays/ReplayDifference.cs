namespace MemCluster.Sweeps;

/// <summary>Something that came out other than it is recorded when a trial was trained again.</summary>
/// <param name="Epoch">After which it was measured, 0 before training; null: it belongs to the trial's outcome.</param>
/// <param name="What"><c>weights</c>, or the name of a measure; of an array with the entry, counted from 0: <c>el2n[17]</c>.</param>
/// <param name="Recorded">As text that tells any two values apart; "nothing" where nothing is recorded.</param>
/// <param name="Replayed">Likewise.</param>
public sealed record ReplayDifference(int? Epoch, string What, string Recorded, string Replayed);
