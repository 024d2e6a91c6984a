using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Whether a sweep's own actor has said how the sweep stands.</summary>
public enum DeskStage
{
    /// <summary>Its stream is being read.</summary>
    Opening,

    Open,

    /// <summary>Registered, but nothing of it was ever written.</summary>
    Empty,

    /// <summary>Begun by a version that this one does not understand; nothing will be done with it.</summary>
    Unreadable,
}

/// <summary>What the coordinator knows of a sweep: the state that the sweep last said, and what is on the way to it. It changes nothing of that state itself.</summary>
/// <param name="Grid">Null until the sweep is recovered, or begun.</param>
/// <param name="State">The sweep's own word, whole; null until there is one.</param>
public sealed record SweepDesk(SweepId Sweep, DeskStage Stage = DeskStage.Opening, Grid? Grid = null, SweepState? State = null)
{
    /// <summary>The last event that is in the state; null where streams have no chain.</summary>
    public StreamHead? Head { get; init; }

    /// <summary>Its metric stream has been read.</summary>
    public bool MetricsOpen { get; init; }

    /// <summary>Why its trials may not be handed out; null if they may.</summary>
    public string? Problem { get; init; }

    /// <summary>What operators asked before it was known what is under way.</summary>
    public ImmutableList<SweepRequest> Waiting { get; init; } = [];

    /// <summary>Requests of operators that the sweep has not answered yet: what it will say may be another state.</summary>
    public int Unanswered { get; init; }

    /// <summary>Epochs on disk of attempts that were under way when the last coordinator stopped.</summary>
    public ImmutableDictionary<TrialKey, int> RecoveredEpochs { get; init; } = ImmutableDictionary<TrialKey, int>.Empty;

    /// <summary>The state that its claims are being looked at in; null while nobody looks.</summary>
    public SweepState? Looked { get; init; }

    public SweepNeeds Needs { get; init; } = new(Requirement.None, "");

    /// <summary>Since when it has trials to give out, on the monotonic clock; null while it has none.</summary>
    public TimeSpan? WorkSince { get; init; }

    public bool IsOpen => Stage != DeskStage.Opening && MetricsOpen;

    /// <summary>Trials that can be handed out.</summary>
    public int Ready => State is null || Problem is not null || State.Hold != Holds.None ? 0 : State.Counts().Ready;

    /// <summary>Its trials compute with tensors, so the machines must agree on their arithmetic.</summary>
    public bool UsesTensors => Needs.InstructionSet.Length > 0;
}
