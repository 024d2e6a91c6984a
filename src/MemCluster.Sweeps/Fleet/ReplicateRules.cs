using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Sweeps whose claims ask for seeds: when every trial that was asked for has ended the claims are looked at, by whoever reads the rows, and the sweep is told what they
/// want. A sweep that is opened in that state, after a crash, is looked at likewise.
/// </summary>
internal static class ReplicateRules
{
    public static void Look(RosterStep step, SweepId sweep)
    {
        // What an operator asked and the sweep has not heard yet may be another spec, or a retry.
        if (step.Desk(sweep) is { Stage: DeskStage.Open, Problem: null, Looked: null, Unanswered: 0, Waiting.IsEmpty: true, State: { AwaitsLook: true } state, Grid: { } grid } desk)
        {
            step.Put(desk with { Looked = state });
            step.Do(new RosterEffect.Look(grid, state));
        }
    }

    public static void Looked(RosterStep step, RosterWord.Looked looked)
    {
        if (step.Desk(looked.Sweep) is not { } desk || !ReferenceEquals(desk.Looked, looked.State))
        {
            return; // Of a sweep that was deleted, or opened anew: what it is now is looked at by itself.
        }

        if (!ReferenceEquals(desk.State, looked.State) || desk is not { Unanswered: 0, Waiting.IsEmpty: true })
        {
            Again(step, looked.Sweep, looked.State);
        }
        else if (looked.Wanted is { } wanted)
        {
            step.Do(new RosterEffect.Ask(looked.Sweep, new SweepCommand.AskSeeds(wanted), null));
        }
        else
        {
            step.Note(new RosterNote.NotLooked(looked.Sweep, looked.Problem));
            step.Do(new RosterEffect.LookLater(looked.Sweep, looked.State));
        }
    }

    /// <summary>What was looked at is not so any more, or could not be read.</summary>
    public static void Again(RosterStep step, SweepId sweep, SweepState state)
    {
        if (step.Desk(sweep) is { } desk && ReferenceEquals(desk.Looked, state))
        {
            step.Put(desk with { Looked = null });
            Look(step, sweep);
        }
    }

    public static void Asked(RosterStep step, SweepId sweep)
    {
        if (step.Desk(sweep) is { } desk)
        {
            step.Put(desk with { Looked = null });
        }
    }
}
