using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Auditing;

/// <summary>What the coordinator's own stream says of sweeps: which there are, and where their streams had come to when they were over.</summary>
internal sealed class CoordinatorAudit
{
    private readonly List<AuditFinding> _findings = [];
    private readonly Dictionary<SweepId, int> _forgotten = [];
    private readonly SortedSet<SweepId> _known = [];
    private readonly Dictionary<SweepId, StreamHead> _ended = [];
    private long _term;

    public IReadOnlyList<AuditFinding> Findings => _findings;

    public IReadOnlyCollection<SweepId> Known => _known;

    /// <summary>How many sweeps of that name were deleted.</summary>
    public int ForgottenOf(SweepId sweep) => _forgotten.GetValueOrDefault(sweep);

    /// <summary>The last event of the sweep's control stream when it was over; null where it is not, or nobody told.</summary>
    public StreamHead? EndOf(SweepId sweep) => _ended.TryGetValue(sweep, out var head) ? head : null;

    public void Broken(long number, string what) => _findings.Add(new(null, null, $"{Streams.Coordinator} {number}", what, AuditRemedy.Salvage));

    public void Take(long number, IMessage happened)
    {
        switch (happened)
        {
            case CoordinatorEvent.SweepRegistered registered:
                _known.Add(registered.Sweep);
                break;
            case CoordinatorEvent.SweepEnded { Control: { } head } ended:
                _ended[ended.Sweep] = head;
                break;
            case CoordinatorEvent.SweepForgotten forgotten:
                _known.Remove(forgotten.Sweep);
                _ended.Remove(forgotten.Sweep);
                _forgotten[forgotten.Sweep] = ForgottenOf(forgotten.Sweep) + 1;
                break;
            case CoordinatorEvent.TermBegan began when began.Term <= _term:
                _findings.Add(new(null, null, $"{Streams.Coordinator} {number}", $"Term {began.Term} began after term {_term}.", AuditRemedy.Salvage));
                break;
            case CoordinatorEvent.TermBegan began:
                _term = began.Term;
                break;
        }
    }
}
