using Akka.Actor;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Reading;

/// <summary>Answered with <see cref="RowsFlushed"/> when everything written before is in the read model, or after a second.</summary>
public sealed record FlushRows : INoSerializationVerificationNeeded;

/// <summary>Look at the whole journal once more: another coordinator may have written there. A <see cref="FlushRows"/> waits for it.</summary>
public sealed record LookAgain : INoSerializationVerificationNeeded;

/// <param name="Behind">Null when all is in the rows; else how far they are, and whoever still wants to wait asks again.</param>
public sealed record RowsFlushed(RowsBehind? Behind) : INoSerializationVerificationNeeded;
