using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Cluster;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Telemetry;

namespace MemCluster.Coordinator;

/// <summary>
/// What the coordinator in office knows, to be looked at by whoever exports it. Its meter ends with it: of several coordinator nodes one speaks, and
/// sums over nodes count nothing twice. The actor shows; the exporter's thread only reads what was shown.
/// </summary>
internal sealed class CoordinatorGauges : IDisposable
{
    private readonly Meter _meter = new(Signals.Name);
    private readonly ObservableGauge<long> _trials;
    private readonly Cluster? _cluster;
    private volatile Shown _shown = new([], 0, 0, []);

    /// <param name="inCluster">False for a coordinator alone, as in tests: it has no nodes to tell of.</param>
    public CoordinatorGauges(ActorSystem system, bool inCluster)
    {
        _cluster = inCluster ? Cluster.Get(system) : null;
        _trials = _meter.CreateObservableGauge("memcluster.trials", Trials, "{trial}", "Trials of the sweeps that are open, by state.");
        _meter.CreateObservableGauge("memcluster.slots", Slots, "{slot}", "Slots of the registered trainers.");
        _meter.CreateObservableGauge("memcluster.nodes", Nodes, "{node}", "Coordinator nodes and trainers, by role and state.");
    }

    /// <summary>Somebody looks.</summary>
    public bool IsOn => _trials.Enabled;

    /// <param name="busy">Slots at work, of <paramref name="slots"/>.</param>
    public void Show(IEnumerable<(SweepId Sweep, TrialCounts Counts)> sweeps, int slots, int busy, IEnumerable<Presence> trainers) =>
        _shown = new([.. sweeps], slots, busy, [.. trainers]);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Trials() => _shown.Sweeps.SelectMany(entry => new[]
    {
        Of(entry.Counts.Pending, entry.Sweep, "pending"), Of(entry.Counts.Running, entry.Sweep, "running"), Of(entry.Counts.Finished, entry.Sweep, "finished"),
        Of(entry.Counts.Diverged, entry.Sweep, "diverged"), Of(entry.Counts.Failed, entry.Sweep, "failed"), Of(entry.Counts.Cancelled, entry.Sweep, "cancelled"),
    });

    private static Measurement<long> Of(long trials, SweepId sweep, string state) => new(trials, new("sweep", sweep.Name), new("state", state));

    private IEnumerable<Measurement<long>> Slots()
    {
        var shown = _shown;
        return [new(shown.Busy, new KeyValuePair<string, object?>("state", "busy")), new(shown.Slots - shown.Busy, new KeyValuePair<string, object?>("state", "free"))];
    }

    private IEnumerable<Measurement<long>> Nodes()
    {
        var trainers = _shown.Trainers.Select(presence => (
            role: Roles.Trainer, state: presence switch { Presence.Unreachable => "unreachable", Presence.Leaving => "leaving", _ => "up" }));
        var members = _cluster?.State is not { } state
            ? []
            : state.Members.Where(member => member.HasRole(Roles.Coordinator))
                .Select(member => (role: Roles.Coordinator, state: state.Unreachable.Contains(member) ? "unreachable" : member.Status.ToString().ToLowerInvariant()));
        return members.Concat(trainers)
            .CountBy(entry => entry)
            .Select(entry => new Measurement<long>(entry.Value, new("role", entry.Key.role), new("state", entry.Key.state)));
    }

    private sealed record Shown(IReadOnlyList<(SweepId Sweep, TrialCounts Counts)> Sweeps, int Slots, int Busy, IReadOnlyList<Presence> Trainers);
}
