using MemCluster.Messages;

namespace MemCluster.Cli;

/// <summary>One trial to be trained here, for itself: no node, no journal.</summary>
/// <param name="Kept">As in <see cref="TrialAssignment.Kept"/>.</param>
/// <param name="Data">Folder to look for data sets in first; null: the usual places.</param>
/// <param name="Measured">Called on the training thread after each epoch.</param>
public sealed record Retraining(TrialSettings Settings, byte[]? Kept, string? Data, Action<EpochMeasures> Measured);
