using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// The rules of the fleet, as a pure function: who may hold which trial, and for how long; which sweep a free slot goes to; what operators may ask.
/// It asks nobody and writes nothing: what is to be done stands in the decision, and every word may come twice, late, or never.
/// </summary>
public static class RosterDecider
{
    /// <summary>The journal is read, and this is to be the coordinator: its term begins, and the sweeps that are not over are opened.</summary>
    /// <param name="node">Address of this node, for the record of terms.</param>
    public static RosterDecision Begin(Roster roster, string node, Moment now)
    {
        ArgumentNullException.ThrowIfNull(roster);
        var step = new RosterStep(roster, now);
        step.Write(new CoordinatorEvent.TermBegan(roster.Term + 1, node, now.At), () =>
        {
            foreach (var sweep in step.Roster.Known.Except(step.Roster.Ended))
            {
                SweepRules.Open(step, sweep);
            }
        });
        return step.Decision();
    }

    public static RosterDecision Decide(Roster roster, RosterWord word, string node, Moment now)
    {
        var step = new RosterStep(roster, now);
        switch (word)
        {
            case RosterWord.FromTrainer said:
                TrainerRules.Hear(step, said.Word, node);
                break;
            case RosterWord.TrainerGone gone:
                TrainerRules.Lose(step, gone);
                break;
            case RosterWord.Asked asked:
                RequestRules.Take(step, asked.Request);
                break;
            case RosterWord.DrainTrainer drain:
                RequestRules.Drain(step, drain);
                break;
            case RosterWord.SweepOpened opened:
                SweepRules.Opened(step, opened, node);
                break;
            case RosterWord.SweepChanged changed:
                SweepRules.Changed(step, changed);
                break;
            case RosterWord.SubmitAnswered answered:
                SweepRules.Answered(step, answered.Sweep);
                break;
            case RosterWord.SweepUnreadable unreadable:
                SweepRules.OpenedWithoutTrials(step, unreadable.Sweep, DeskStage.Unreadable, unreadable.Why);
                break;
            case RosterWord.SweepEmpty empty:
                SweepRules.OpenedWithoutTrials(step, empty.Sweep, DeskStage.Empty, null);
                break;
            case RosterWord.SweepGone gone:
                SweepRules.Forget(step, gone.Sweep, null);
                break;
            case RosterWord.SweepDone done:
                SweepRules.Settle(step, done);
                break;
            case RosterWord.MetricsOpened opened:
                MetricRules.Opened(step, opened, node);
                break;
            case RosterWord.MeasuresTaken taken:
                MetricRules.Taken(step, taken);
                break;
            case RosterWord.FindingsTaken taken:
                MetricRules.Taken(step, taken);
                break;
            case RosterWord.ScoresFound found:
                ScoreRules.Found(step, found);
                break;
            case RosterWord.FindScoresAgain again:
                ScoreRules.Find(step, again.Trainer, again.Trial);
                break;
            case RosterWord.Looked looked:
                ReplicateRules.Looked(step, looked);
                break;
            case RosterWord.LookAgain again:
                ReplicateRules.Again(step, again.Sweep, again.State);
                break;
            case RosterWord.Tick:
                IllnessRules.Look(step);
                LeaseRules.Look(step, node);
                break;
            case RosterWord.LeasesEnd:
                LeaseRules.End(step);
                break;
            default:
                throw new NotSupportedException($"No rule for {word.GetType().Name}.");
        }

        return step.Decision();
    }
}
