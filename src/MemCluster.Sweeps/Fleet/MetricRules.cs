using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What stands in the metric streams, told to those who wait for it.</summary>
internal static class MetricRules
{
    public static void Opened(RosterStep step, RosterWord.MetricsOpened opened, string node)
    {
        if (step.Desk(opened.Sweep) is not { } desk)
        {
            return; // Deleted meanwhile.
        }

        if (desk.MetricsOpen && !opened.Confirmed)
        {
            step.Write(
                new CoordinatorEvent.TermHeld(step.Roster.Term, node, step.Now.At),
                () => step.Do(new RosterEffect.Hear(opened with { Confirmed = true })));
            return;
        }

        step.Put(desk with { MetricsOpen = true });
        foreach (var written in opened.Written)
        {
            if (step.Roster.HolderOf(written.Key) is { } seat)
            {
                var lease = seat.Held[written.Key];
                step.Put(seat, lease with { Epoch = Math.Max(lease.Epoch, written.Epoch) });
            }
            else if (step.Desk(opened.Sweep) is { Stage: DeskStage.Opening } opening)
            {
                step.Put(opening with { RecoveredEpochs = opening.RecoveredEpochs.SetItem(written.Key, written.Epoch) });
            }
        }

        SweepRules.SayAgain(step, opened.Sweep);
        RequestRules.PassOnWaiting(step, opened.Sweep);
    }

    public static void Taken(RosterStep step, RosterWord.MeasuresTaken taken)
    {
        var key = taken.Batch.Key;
        if (step.Roster.HolderOf(key) is not { } seat)
        {
            return;
        }

        if (taken.Fate == BatchFate.Gap)
        {
            Lost(step, seat, key, $"the journal has no epochs {taken.LastEpoch + 1} to {taken.Batch.FirstEpoch - 1} any more, which it had acknowledged");
            return;
        }

        step.Tell(seat, new CoordinatorWord.MeasuresWritten(step.Roster.Term, key, taken.LastEpoch));
        step.Note(new RosterNote.Acknowledged("measures", taken.Fate == BatchFate.Repeat));
        if (taken.Fate == BatchFate.Fresh)
        {
            step.Put(seat, seat.Held[key] with
            {
                Epoch = taken.LastEpoch,
                TrainAccuracy = LastOf(taken.Batch, MeasureNames.TrainAccuracy),
                ValidationAccuracy = LastOf(taken.Batch, MeasureNames.ValidationAccuracy),
            });
            step.Note(new RosterNote.EpochsWritten(key.Sweep, taken.Batch.Weights.Count));
        }
    }

    public static void Taken(RosterStep step, RosterWord.FindingsTaken taken)
    {
        if (step.Roster.HolderOf(taken.Key) is not { } seat)
        {
            return;
        }

        if (taken.Fate == BatchFate.Gap)
        {
            Lost(step, seat, taken.Key, $"the journal has findings up to part {taken.LastPart} only, and had acknowledged more");
        }
        else
        {
            step.Tell(seat, new CoordinatorWord.FindingsWritten(step.Roster.Term, taken.Key, taken.LastPart));
        }
    }

    /// <summary>A trainer keeps what was not acknowledged, and can't tell again what was: another attempt does.</summary>
    public static void Lost(RosterStep step, Seat seat, TrialKey key, string why)
    {
        var lease = seat.Held[key];
        if (!lease.IsEnding)
        {
            step.Note(new RosterNote.JournalLostEpochs(key, lease.Trial, why));
            LeaseRules.Release(step, seat.Name, lease, Loss.JournalLost, why);
        }
    }

    private static double? LastOf(TrialMeasured batch, string measure)
    {
        var column = batch.Measures.ToList().IndexOf(measure);
        var values = MemoryMarshal.Cast<byte, double>(batch.Values);
        var value = column < 0 ? double.NaN : values[((batch.Weights.Count - 1) * batch.Measures.Count) + column];
        return double.IsNaN(value) ? null : value;
    }
}
