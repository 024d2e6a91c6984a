using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

// Words between actors of one process; they never cross the wire and are never written down.

/// <summary>An event that stands in the journal: told to the read model and, through it, to whoever watches.</summary>
/// <param name="Number">The event's sequence number in its stream; no gaps.</param>
/// <param name="Link">In the chain of its stream; empty for an event of versions that had none.</param>
public sealed record Written(string Stream, long Number, IMessage Event, string Link = "") : INoSerializationVerificationNeeded;

/// <summary>Take up this sweep, or go on with it; answered with a <see cref="SubmitReply"/>.</summary>
public sealed record Submit(SweepSpec Spec, bool AcceptVersion) : INoSerializationVerificationNeeded;

/// <summary>Answered with a <see cref="ControlReply"/> (without a summary), or <see cref="NotThere"/>.</summary>
public sealed record ControlSweep(SweepId Sweep, SweepCommand.Control Command) : INoSerializationVerificationNeeded;

/// <summary>No new trials for this trainer, or again; answered with a <see cref="TrainerStatus"/>, or <see cref="NotThere"/>.</summary>
public sealed record DrainTrainer(string Trainer, bool Drained) : INoSerializationVerificationNeeded;

/// <summary>No sweep, or no connected trainer, has this name.</summary>
public sealed class NotThere : INoSerializationVerificationNeeded
{
    public static readonly NotThere Instance = new();

    private NotThere()
    {
    }
}

/// <summary>What only the coordinator's memory knows; answered with a <see cref="LiveAnswer"/>.</summary>
public sealed record AskLive : INoSerializationVerificationNeeded;

/// <param name="Running">By sweep.</param>
/// <param name="EpochsPerSecond">By sweep, over the last seconds.</param>
/// <param name="Waiting">By sweep: why pending trials are not handed out; absent when they are.</param>
public sealed record LiveAnswer(
    long Term,
    ILookup<SweepId, RunningTrial> Running,
    IReadOnlyDictionary<SweepId, double> EpochsPerSecond,
    IReadOnlyDictionary<SweepId, string> Waiting,
    IReadOnlyList<TrainerStatus> Trainers) : INoSerializationVerificationNeeded;

/// <summary>The singleton's own last word: finish the writes under way, then stop.</summary>
public sealed class StopCoordinator : INoSerializationVerificationNeeded
{
    public static readonly StopCoordinator Instance = new();

    private StopCoordinator()
    {
    }
}
