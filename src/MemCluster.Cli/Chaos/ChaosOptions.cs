using MemCluster.Messages;
using MemCluster.Operations.Chaos;

namespace MemCluster.Cli.Chaos;

/// <summary>A run under faults, as it was asked for.</summary>
/// <param name="For">Faults end after this, at the latest; null: with the sweep.</param>
/// <param name="Data">Where trainers look for data sets first; null: in the usual places.</param>
/// <param name="Journal">As <c>--journal</c>; null: a SQLite file, or as the environment says.</param>
internal sealed record ChaosOptions(SweepSpec Spec, string Home, ChaosSchedule Schedule, ChaosPeriod Every, TimeSpan? For, string? Data, string? Journal);
