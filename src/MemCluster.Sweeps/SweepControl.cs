using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>The rules of what an operator may ask of a sweep. Asking for what is so already changes nothing and is no mistake.</summary>
public static class SweepControl
{
    /// <summary>The word that says how a sweep stands.</summary>
    /// <param name="hold">One of <see cref="Holds"/>.</param>
    /// <param name="atWork">A coordinator is at work on it; else nothing of it runs, whatever it was told.</param>
    public static string StateOf(TrialCounts counts, string hold, bool atWork)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return counts.Ended == counts.Trials ? counts.Cancelled > 0 ? "cancelled" : "finished"
            : hold == Holds.Paused ? "paused"
            : !atWork ? "stopped"
            : hold == Holds.Stopped ? counts.Running > 0 ? "stopping" : "stopped"
            : "running";
    }

    internal static Decision Decide(SweepState sweep, SweepCommand.Control control, DateTimeOffset now)
    {
        var name = sweep.Submitted.Sweep;
        return control switch
        {
            _ when sweep.Deleted => new(new SweepReply.Refused($"{name} was deleted.")),
            SweepCommand.Control.DeleteSweep when !sweep.Running.IsEmpty => new(new SweepReply.Refused(
                $"{Phrases.Count(sweep.Running.Count)} of its trials {(sweep.Running.Count == 1 ? "is" : "are")} running; {name} can be deleted when nothing runs. "
                + $"End them with: memcluster cancel {name}   or let them finish with: memcluster stop {name}")),
            SweepCommand.Control.DeleteSweep => new([new SweepEvent.SweepDeleted(name, now)], new SweepReply.Changed(sweep.Trials.Count)),

            SweepCommand.Control.PauseSweep or SweepCommand.Control.StopSweep or SweepCommand.Control.CancelSweep when sweep.IsOver =>
                new(new SweepReply.Refused($"Every trial of {name} has ended; there is nothing to {control.Verb}.")),

            SweepCommand.Control.PauseSweep => Hold(sweep, Holds.Paused, now),
            SweepCommand.Control.StopSweep => Hold(sweep, Holds.Stopped, now),
            SweepCommand.Control.ResumeSweep when sweep.Hold == Holds.None => Nothing,
            SweepCommand.Control.ResumeSweep => new([new SweepEvent.SweepResumed(name, now)], new SweepReply.Changed(0)),

            SweepCommand.Control.CancelSweep => new(
                [new SweepEvent.SweepCancelled(name, now)], new SweepReply.Changed(sweep.Trials.Counts().Pending + sweep.Scores.Counts().Pending + sweep.Running.Count)),

            SweepCommand.Control.RetryTrials retry => Retry(sweep, retry, now),

            SweepCommand.Control.SetPriority set when Math.Abs((long)set.Priority) > SweepCommand.Control.SetPriority.Most =>
                new(new SweepReply.Refused($"A priority is a number from -100 to 100, not {set.Priority}.")),
            SweepCommand.Control.SetPriority set when set.Priority == sweep.Priority => Nothing,
            SweepCommand.Control.SetPriority set => new([new SweepEvent.PrioritySet(name, set.Priority, now)], new SweepReply.Changed(0)),

            _ => throw new NotSupportedException($"No rule for {control.GetType().Name}."),
        };
    }

    private static Decision Nothing => new(new SweepReply.Changed(0));

    private static Decision Hold(SweepState sweep, string hold, DateTimeOffset now) =>
        sweep.Hold == hold ? Nothing : new([new SweepEvent.SweepHeld(sweep.Submitted.Sweep, hold, now)], new SweepReply.Changed(0));

    private static Decision Retry(SweepState sweep, SweepCommand.Control.RetryTrials retry, DateTimeOffset now)
    {
        int Of(TrialState state) => sweep.Trials.CountOf(state) + sweep.Scores.CountOf(state);
        var trials = Of(TrialState.Failed) + (retry.OnlyFailed ? 0 : Of(TrialState.Cancelled));
        if (trials == 0)
        {
            return new(new SweepReply.Refused($"{sweep.Submitted.Sweep} has no failed {(retry.OnlyFailed ? "" : "or cancelled ")}trial to retry."));
        }

        var retried = new SweepEvent.TrialsRetried(sweep.Submitted.Sweep, retry.OnlyFailed, now);
        return new([retried, .. ScoringRules.EndsAfterRetry(sweep.Apply(retried), now)], new SweepReply.Changed(trials));
    }
}
