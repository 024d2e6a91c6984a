using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>What the rules of the fleet note, as lines of the log and as measurements.</summary>
internal sealed class FleetLog(ILogger log)
{
    private readonly Dictionary<SweepId, Pace> _paces = [];

    public double EpochsPerSecond(SweepId sweep, TimeSpan now) => _paces.GetValueOrDefault(sweep)?.PerSecond(now) ?? 0;

    /// <param name="now">On the monotonic clock.</param>
    public void Tell(RosterNote note, TimeSpan now)
    {
        switch (note)
        {
            case RosterNote.TrainerJoined joined:
                log.TrainerJoined(joined.Trainer, joined.Host, joined.Slots, joined.Held);
                break;
            case RosterNote.TrainerRegisteredAgain again:
                log.TrainerRegisteredAgain(again.Trainer, again.Held);
                break;
            case RosterNote.TrainerRefused refused:
                log.TrainerRefused(refused.Trainer, refused.Why);
                break;
            case RosterNote.TrainerLeaves leaves:
                log.TrainerLeaves(leaves.Trainer, leaves.Why, leaves.Held);
                break;
            case RosterNote.TrainerLost lost:
                log.TrainerLost(lost.Trainer, lost.How, lost.Held);
                break;
            case RosterNote.TrainerReach { Reachable: true } reach:
                log.TrainerReachable(reach.Trainer);
                break;
            case RosterNote.TrainerReach reach:
                log.TrainerUnreachable(reach.Trainer, reach.Held);
                break;
            case RosterNote.TrainerDrained { Drained: true } drained:
                log.TrainerDrained(drained.Trainer);
                break;
            case RosterNote.TrainerDrained drained:
                log.TrainerUndrained(drained.Trainer);
                break;
            case RosterNote.TrainerSetAside aside:
                log.TrainerSetAside(aside.Trainer, aside.Pause.TotalSeconds, aside.Why);
                break;
            case RosterNote.TrainerWellAgain well:
                log.TrainerWellAgain(well.Trainer);
                break;
            case RosterNote.NoTrialFor none:
                log.NoTrialFor(none.Trainer, none.Sweep, none.Why);
                break;
            case RosterNote.TrialAssigned assigned:
                log.TrialAssigned(assigned.Key.Sweep, assigned.Trial, assigned.Key.Attempt, assigned.Label, assigned.Trainer);
                break;
            case RosterNote.Waited waited:
                CoordinatorMeters.Waited(waited.Wait, waited.Trials);
                break;
            case RosterNote.TrialEnded { Lease: var lease } ended:
                log.TrialEnded(lease.Key.Sweep, lease.Trial, lease.Key.Attempt, ended.Outcome.State, ended.Trainer, ended.Outcome.Epochs);
                break;
            case RosterNote.TrialFailed { Lease: var lease } failed:
                log.TrialFailed(lease.Key.Sweep, lease.Trial, lease.Key.Attempt, lease.Label, failed.Trainer, failed.Error);
                break;
            case RosterNote.TrialReleased { Lease: var lease } released:
                var loss = lease.Loss ?? Loss.TrainerLost;
                CoordinatorMeters.Lost(lease.Key.Sweep.Name, loss);
                log.TrialReleased(
                    loss == Loss.HandedBack ? LogLevel.Information : LogLevel.Warning, lease.Key.Sweep, lease.Trial, lease.Key.Attempt, lease.Label,
                    released.Epoch, released.Why);
                break;
            case RosterNote.EpochsWritten written:
                Pace(written.Sweep).Add(now, written.Epochs);
                CoordinatorMeters.Epochs(written.Sweep.Name, written.Epochs);
                break;
            case RosterNote.Acknowledged acknowledged:
                CoordinatorMeters.Answered(acknowledged.Kind, acknowledged.Repeat);
                break;
            case RosterNote.JournalLostEpochs lost:
                log.JournalLostEpochs(lost.Key.Sweep, lost.Trial, lost.Key.Attempt, lost.Why);
                break;
            case RosterNote.JournalLostTerms lost:
                log.JournalLostTerms(lost.Trainer, lost.Heard, lost.Term);
                break;
            case RosterNote.SweepOver { Counts: var counts } over:
                log.IsOver(over.Sweep, counts.Finished, counts.Diverged, counts.Failed, counts.Cancelled);
                break;
            case RosterNote.Controlled { Reply: SweepReply.Changed changed } controlled:
                log.Controlled(controlled.Verb, controlled.Sweep, changed.Trials);
                break;
            case RosterNote.Controlled { Reply: SweepReply.Refused refused } controlled:
                log.ControlRefused(controlled.Verb, controlled.Sweep, refused.Why);
                break;
            case RosterNote.NotLooked looked:
                log.NotLooked(looked.Sweep, looked.Why);
                break;
            case RosterNote.ScoresNotRead scores:
                log.ScoresNotRead(scores.Key.Sweep, scores.Trial, scores.Key.Attempt, scores.Why);
                break;
            default:
                throw new NotSupportedException($"Nobody tells of a {note.GetType().Name}.");
        }
    }

    private Pace Pace(SweepId sweep)
    {
        if (!_paces.TryGetValue(sweep, out var pace))
        {
            _paces[sweep] = pace = new();
        }

        return pace;
    }
}
