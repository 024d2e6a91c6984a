using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Trials that leave examples out by scores of others: which they keep travels with the assignment.</summary>
internal static class ScoreRules
{
    public static void Find(RosterStep step, string trainer, TrialAssignment trial)
    {
        if (Preparing(step, trainer, trial.Key) is not null && step.Desk(trial.Key.Sweep)?.Grid is { } grid)
        {
            step.Do(new RosterEffect.FindScores(trainer, trial, grid));
        }
    }

    public static void Found(RosterStep step, RosterWord.ScoresFound found)
    {
        var (trainer, trial) = (found.Trainer, found.Trial);
        if (Preparing(step, trainer, trial.Key) is not { } lease)
        {
            return; // Released meanwhile.
        }

        var seat = step.Seat(trainer)!;
        lease = lease with { Until = step.Now.Since + step.Roster.LeaseTime };
        switch (found.Scored)
        {
            case null:
                step.Note(new RosterNote.ScoresNotRead(trial.Key, trial.Trial, found.Problem));
                step.Do(new RosterEffect.FindScoresLater(trainer, trial));
                break;
            case Scored.Missing missing:
                step.Put(seat, lease with { Stage = LeaseStage.Ending });
                step.Do(new RosterEffect.Ask(trial.Key.Sweep, new SweepCommand.ReportFailed(trial.Key, missing.Why, TimeSpan.Zero), trainer));
                break;
            case Scored.Found when seat.Presence is Presence.Absent or Presence.Leaving:
                LeaseRules.Release(step, trainer, lease, Loss.NotReached, $"{trainer} left before the trial reached it");
                break;
            case Scored.Found bits:
                step.Put(seat, lease with { Stage = LeaseStage.Held });
                step.Do(new RosterEffect.Assign(trainer, step.Roster.Term, [trial with { Kept = bits.Kept }], lease.Since));
                break;
            default:
                throw new NotSupportedException($"No rule for {found.Scored.GetType().Name}.");
        }
    }

    /// <summary>The lease of a trial that is still waiting for its bits; null if it is nobody's any more.</summary>
    private static Lease? Preparing(RosterStep step, string trainer, TrialKey key) =>
        step.Seat(trainer)?.Held.GetValueOrDefault(key) is { Stage: LeaseStage.Preparing } lease ? lease : null;
}
