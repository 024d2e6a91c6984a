using Akka.Actor;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <summary>What the coordinator needs of a sweep to match it with trainers; the truth stands in the sweep's own actor.</summary>
internal sealed class SweepDesk(SweepId sweep, IActorRef rules, IActorRef metrics)
{
    public SweepId Sweep { get; } = sweep;

    /// <summary>The <see cref="SweepActor"/>, below its supervisor.</summary>
    public IActorRef Rules { get; } = rules;

    /// <summary>The <see cref="MetricsActor"/>, below its supervisor.</summary>
    public IActorRef Metrics { get; } = metrics;

    /// <summary>Null until the sweep is recovered, or begun.</summary>
    public Grid? Grid { get; private set; }

    public TrialCounts? Counts { get; set; }

    /// <summary>Recovered at least once: what was under way is known.</summary>
    public bool RulesOpen { get; set; }

    public bool MetricsOpen { get; set; }

    public bool IsOpen => RulesOpen && MetricsOpen;

    /// <summary>Submissions that came before it was known what is under way.</summary>
    public List<(Submit Submit, IActorRef Asker)> Submits { get; } = [];

    /// <summary>What operators asked meanwhile.</summary>
    public List<(SweepCommand.Control Command, IActorRef Asker)> Controls { get; } = [];

    public string? VersionProblem { get; set; }

    /// <summary>One of <see cref="Holds"/>.</summary>
    public string Hold { get; set; } = Holds.None;

    public int Priority { get; set; }

    /// <summary>Told to the journal once.</summary>
    public bool EndTold { get; set; }

    /// <summary>Epochs on disk of attempts that were under way when the last coordinator stopped.</summary>
    public Dictionary<TrialKey, int> RecoveredEpochs { get; } = [];

    public Pace Pace { get; } = new();

    public bool HasWork => Grid is not null && VersionProblem is null && Hold == Holds.None && Counts is { Ready: > 0 };

    /// <summary>Since when it has trials to give out, on the monotonic clock; null while it has none.</summary>
    public TimeSpan? WorkSince { get; private set; }

    public void NoteWork(TimeSpan now) => WorkSince = HasWork ? WorkSince ?? now : null;

    /// <summary>Its trials compute with tensors, so the machines must agree on their arithmetic.</summary>
    public bool UsesTensors => Needs.InstructionSet.Length > 0;

    public SweepNeeds Needs { get; private set; } = new(Requirement.None, "");

    public void Learn(SweepSpec spec)
    {
        Grid = new(spec);
        Needs = new(spec.Requires, SweepShape.Of(Grid).InstructionSet);
    }
}
