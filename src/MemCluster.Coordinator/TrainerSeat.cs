using Akka.Actor;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <summary>A trial in a trainer's hands, under a lease. Leases are memory only: a new coordinator gives every open trial one lease to be claimed again.</summary>
internal sealed class Hold(TrialKey key, int trial, string label, int epochs, long memory, DateTimeOffset since, TimeSpan leaseUntil)
{
    public TrialKey Key { get; } = key;

    public int Trial { get; } = trial;

    /// <summary>For people.</summary>
    public string Label { get; } = label;

    /// <summary>At most this many.</summary>
    public int Epochs { get; } = epochs;

    /// <summary>Bytes that its sweep asks for; 0 if it asks for none.</summary>
    public long Memory { get; } = memory;

    public DateTimeOffset Since { get; } = since;

    /// <summary>On the monotonic clock, since the coordinator began.</summary>
    public TimeSpan LeaseUntil { get; set; } = leaseUntil;

    /// <summary>The last epoch on disk.</summary>
    public int Epoch { get; set; }

    public double? TrainAccuracy { get; set; }

    public double? ValidationAccuracy { get; set; }

    /// <summary>Its end, or its release, is on the way to the journal: no second one need be sent.</summary>
    public bool Ending { get; set; }

    /// <summary>The trainer does not know of it yet: which examples it keeps is still being read.</summary>
    public bool Preparing { get; set; }

    /// <summary>Why it is being released, if it is.</summary>
    public Loss Loss { get; set; }

    public RunningTrial ToRunning(string trainer) =>
        new(Trial, Label, Key.Attempt, trainer, Since, Epoch, Epochs, TrainAccuracy, ValidationAccuracy);
}

/// <summary>How a trainer comes to hold a trial no longer without having ended it.</summary>
internal enum Loss
{
    /// <summary>It leaves in good order.</summary>
    HandedBack,

    /// <summary>It left the cluster, or was taken out of it.</summary>
    TrainerLost,

    /// <summary>It said nothing of the trial for a lease.</summary>
    LeaseExpired,

    /// <summary>Another process of its name came.</summary>
    TrainerRestarted,

    /// <summary>It lacks something that the trial needs.</summary>
    Unable,

    /// <summary>It was gone before the trial was on disk.</summary>
    NotReached,
}

/// <summary>
/// What the coordinator knows of a trainer. Who is connected right now is not history: none of it is written down.
/// </summary>
internal sealed class TrainerSeat(string name)
{
    public string Name { get; } = name;

    /// <summary>Null while its trials wait, after a restart of the coordinator, for the trainer to claim them.</summary>
    public IActorRef? Trainer { get; set; }

    public Guid Incarnation { get; set; }

    public TrainerCard? Card { get; set; }

    /// <summary>How many trials it would hold in all.</summary>
    public int Room { get; set; }

    public Dictionary<TrialKey, Hold> Held { get; } = [];

    /// <summary>Unreachable is not lost: it gets nothing new, and keeps what it has while its leases last.</summary>
    public bool Reachable { get; set; } = true;

    /// <summary>It said that it goes.</summary>
    public bool Leaving { get; set; }

    /// <summary>An operator wants it to get nothing new.</summary>
    public bool Drained { get; set; }

    /// <summary>The sweep through whose journal an assignment is on its way; null if none is.</summary>
    public SweepId? Asked { get; set; }

    /// <summary>For how many trials.</summary>
    public int AskedTrials { get; set; }

    public bool AskedForFingerprint { get; set; }

    /// <summary>Sweeps that it can't work on, with the reason, until it registers again.</summary>
    public Dictionary<SweepId, string> Refused { get; } = [];

    /// <summary>On the monotonic clock.</summary>
    public TimeSpan LastHeard { get; set; }

    /// <summary>When the trainer was last chosen for trials.</summary>
    public DateTimeOffset ChosenAt { get; set; }

    /// <summary>Since when it would take a trial more, on the monotonic clock; null while it would not.</summary>
    public TimeSpan? RoomSince { get; private set; }

    public void NoteRoom(TimeSpan now) =>
        RoomSince = Trainer is null || Leaving || Drained || !Reachable || Room <= Held.Count ? null : RoomSince ?? now;

    /// <summary>What keeps it from working on the sweep, whatever it offers.</summary>
    public Hindrance? HindranceFor(SweepId sweep) =>
        Refused.TryGetValue(sweep, out var why) ? new Hindrance.Refused(why)
        : Drained ? new Hindrance.Drained()
        : !Reachable ? new Hindrance.Unreachable()
        : null;

    public long MemoryTaken => Held.Values.Sum(hold => hold.Memory);

    public int Free => Trainer is null || Leaving || Drained || Asked is not null || !Reachable ? 0 : Math.Max(0, Room - Held.Count);

    public TrainerStatus ToStatus() => new(
        Name,
        Leaving ? "leaving" : Drained ? Held.Count > 0 ? "draining" : "drained" : !Reachable ? "unreachable" : Refused.Count > 0 ? Refused.Values.Last() : "connected",
        Card?.Slots ?? 0,
        Math.Min(Held.Count, Card?.Slots ?? 0),
        Card!);
}
