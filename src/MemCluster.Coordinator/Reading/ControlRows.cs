using System.Globalization;
using System.Text.Json;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>Folds the events of control streams into the rows of sweeps, their trials and attempts, and how long work of each shape takes.</summary>
internal sealed class ControlRows(Statements statements, SweepKeys sweeps, MeasureRows measured)
{
    public void Apply(SweepEvent happened)
    {
        switch (happened)
        {
            case SweepEvent.SweepSubmitted submitted:
                statements.Run("DELETE FROM sweeps WHERE sweep = $a AND problem <> ''", submitted.Sweep.Name); // Its stream can be read again.
                sweeps.Forget(submitted.Sweep);
                statements.Run("INSERT INTO sweeps (sweep, spec, digest, numerics, trials, submitted_at) VALUES ($a, $b, $c, $d, $e, $f)",
                    submitted.Sweep.Name, submitted.Spec, submitted.Digest, submitted.NumericsVersion, submitted.Trials, Text(submitted.At));
                break;

            case SweepEvent.SpecAmended amended:
                statements.Run("UPDATE sweeps SET spec = $b, settled = 0 WHERE id = $a", sweeps.IdOf(amended.Sweep), amended.Spec);
                sweeps.Forget(amended.Sweep);
                break;

            case SweepEvent.VersionAccepted accepted:
                statements.Run("UPDATE sweeps SET numerics = $b WHERE id = $a", sweeps.IdOf(accepted.Sweep), accepted.NumericsVersion);
                break;

            case SweepEvent.TrialAssigned assigned:
                var sweep = sweeps.IdOf(assigned.Key.Sweep);
                SetTrial(sweep, assigned.Trial, TrialState.Running);
                statements.Run(
                    "INSERT INTO attempts VALUES ($a, $b, $c, $d, $e, NULL, '', 0, NULL, NULL, NULL) "
                        + "ON CONFLICT (sweep, trial, attempt) DO UPDATE SET trainer = $d, assigned_at = $e", // It may have been heard of by what it measured.
                    sweep, assigned.Trial, assigned.Key.Attempt, assigned.Trainer, Text(assigned.At));
                break;

            case SweepEvent.TrialLost lost:
                statements.Run("DELETE FROM trials WHERE sweep = $a AND trial = $b", sweeps.IdOf(lost.Key.Sweep), lost.Trial);
                EndAttempt(lost.Key, lost.Trial, $"{(lost.HandedBack == true ? "handed back" : lost.Fault is null ? "lost" : "failed")}: {lost.Why}", lost.Epoch, null, lost.At);
                if (lost.JournalLost == true)
                {
                    statements.Run("UPDATE sweeps SET journal_lost = journal_lost + 1 WHERE id = $a", sweeps.IdOf(lost.Key.Sweep));
                }

                break;

            case SweepEvent.TrialFailed failed:
                SetTrial(sweeps.IdOf(failed.Key.Sweep), failed.Trial, TrialState.Failed);

                // One whose scores will never come fails without ever having been in a trainer's hands.
                statements.Run("INSERT OR IGNORE INTO attempts VALUES ($a, $b, $c, '', $d, NULL, '', 0, NULL, NULL, NULL)",
                    sweeps.IdOf(failed.Key.Sweep), failed.Trial, failed.Key.Attempt, Text(failed.At));
                EndAttempt(failed.Key, failed.Trial, $"failed: {failed.Error}", 0, failed.Spent, failed.At);
                measured.KeepOnly(sweeps.IdOf(failed.Key.Sweep), failed.Trial, failed.Key.Attempt);
                break;

            case SweepEvent.TrialFinished finished:
                Finish(finished);
                break;

            case SweepEvent.SweepHeld held:
                statements.Run("UPDATE sweeps SET hold = $b WHERE id = $a", sweeps.IdOf(held.Sweep), held.Hold);
                break;

            case SweepEvent.SweepResumed resumed:
                statements.Run("UPDATE sweeps SET hold = '' WHERE id = $a", sweeps.IdOf(resumed.Sweep));
                break;

            case SweepEvent.PrioritySet set:
                statements.Run("UPDATE sweeps SET priority = $b WHERE id = $a", sweeps.IdOf(set.Sweep), set.Priority);
                break;

            case SweepEvent.SweepCancelled cancelled:
                var known = sweeps.Of(cancelled.Sweep);
                Cancel(known.Id, known.Grid is { } grid ? grid.Count + grid.ScoringCount : KnownTrials(known), cancelled.At);
                break;

            case SweepEvent.SeedsAsked asked:
                statements.Run("UPDATE sweeps SET asked = $b, settled = $c WHERE id = $a",
                    sweeps.IdOf(asked.Sweep), JsonSerializer.Serialize(asked.Asked, MessageJson.Options), asked.Done ? 1 : 0);
                break;

            case SweepEvent.TrialsRetried retried:
                statements.Run("UPDATE sweeps SET settled = 0 WHERE id = $a", sweeps.IdOf(retried.Sweep));
                statements.Run($"DELETE FROM trials WHERE sweep = $a AND state IN ({(int)TrialState.Failed}, $b)",
                    sweeps.IdOf(retried.Sweep), (int)(retried.OnlyFailed ? TrialState.Failed : TrialState.Cancelled));
                break;

            case SweepEvent.FingerprintSettled or SweepEvent.SweepDeleted:
                break; // No row tells of the one; the other's rows go when the coordinator forgets the sweep.

            default:
                throw NoRows(happened);
        }
    }

    /// <summary>A new event must be loud here: passed over, its rows would be wrong and nobody would know.</summary>
    public static NotSupportedException NoRows(IMessage happened) => new($"What does a {happened.GetType().Name} change in the read model?");

    public bool IsSetAside(SweepId sweep) => statements.Run("SELECT 1 FROM sweeps WHERE sweep = $a AND problem <> ''", sweep.Name) is not null;

    /// <param name="why">Why the rest of its stream is not in the rows, a sentence; empty when it is.</param>
    public void SetAside(SweepId sweep, string why) => statements.Run(
        "INSERT INTO sweeps (sweep, spec, digest, numerics, trials, submitted_at, problem) VALUES ($a, '', '', '', 0, $b, $c) "
        + "ON CONFLICT (sweep) DO UPDATE SET problem = $c", sweep.Name, Text(DateTimeOffset.UnixEpoch), why);

    /// <summary>A pending trial has no row; cancelled, it gets one.</summary>
    private void Cancel(long sweep, int trials, DateTimeOffset at)
    {
        statements.Run("UPDATE attempts SET ended_at = $b, ended = 'cancelled' WHERE sweep = $a AND ended_at IS NULL", sweep, Text(at));
        statements.Run($"""
            INSERT OR REPLACE INTO trials
            WITH RECURSIVE places (trial) AS (
                SELECT 1 UNION ALL SELECT trial + 1 FROM places WHERE trial < $b)
            SELECT $a, trial, {(int)TrialState.Cancelled}, 0, NULL, '', NULL FROM places WHERE NOT EXISTS (
                SELECT 1 FROM trials WHERE trials.sweep = $a AND trials.trial = places.trial AND state > {(int)TrialState.Running})
            """, sweep, trials);
        statements.Run("UPDATE sweeps SET hold = '', settled = 0 WHERE id = $a", sweep);
    }

    /// <summary>Without a spec nobody knows how many trials compute scores, but those that began.</summary>
    private int KnownTrials(SweepKey sweep)
    {
        IsBlind(sweep.Id);
        return (int)(long)statements.Run("SELECT max(sweeps.trials, coalesce((SELECT max(trial) FROM attempts WHERE sweep = $a), 0)) FROM sweeps WHERE id = $a", sweep.Id)!;
    }

    private void IsBlind(long sweep) => statements.Run("UPDATE sweeps SET blind = 1 WHERE id = $a", sweep);

    private void Finish(SweepEvent.TrialFinished finished)
    {
        var (sweep, grid) = sweeps.Of(finished.Key.Sweep);
        var outcome = finished.Outcome;
        SetTrial(
            sweep, finished.Trial, outcome.State, outcome.Epochs, JsonSerializer.Serialize(outcome.Measures, MessageJson.Options), outcome.Weights,
            outcome.Absent is null ? null : JsonSerializer.Serialize(outcome.Absent, MessageJson.Options));
        EndAttempt(
            finished.Key, finished.Trial, outcome.State == TrialState.Diverged ? "diverged" : "finished", outcome.Epochs, finished.Spent, finished.At);
        measured.KeepOnly(sweep, finished.Trial, finished.Key.Attempt);

        if (grid is null)
        {
            IsBlind(sweep);
            return;
        }

        var shape = JsonSerializer.Serialize(WorkShape.Of(grid.SettingsAt(finished.Trial - 1)), MessageJson.Options);
        statements.Run("INSERT INTO timings VALUES ($a, 1, $b, $c) "
            + "ON CONFLICT (shape) DO UPDATE SET trials = trials + 1, epochs = epochs + $b, seconds = seconds + $c",
            shape, outcome.Epochs, finished.Spent.TotalSeconds);
    }

    private void SetTrial(long sweep, int trial, TrialState state, int epochs = 0, string? measures = null, string weights = "", string? absent = null) =>
        statements.Run("INSERT OR REPLACE INTO trials VALUES ($a, $b, $c, $d, $e, $f, $g)", sweep, trial, (int)state, epochs, measures, weights, absent);

    private void EndAttempt(TrialKey key, int trial, string ended, int epoch, TimeSpan? spent, DateTimeOffset at) =>
        statements.Run("UPDATE attempts SET ended_at = $d, ended = $e, epoch = $f, seconds = $g WHERE sweep = $a AND trial = $b AND attempt = $c",
            sweeps.IdOf(key.Sweep), trial, key.Attempt, Text(at), ended, epoch, spent?.TotalSeconds);

    public static string Text(DateTimeOffset at) => at.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
}
