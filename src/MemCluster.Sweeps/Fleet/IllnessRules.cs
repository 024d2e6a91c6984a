using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Whose fault a failure was. A trial that fails on one trainer and ends well on another speaks against the first; so do failures in a row for want of
/// memory, disk or libraries. Such a trainer is set aside, lest it eat the grid, and tried again later, each time later than the last.
/// </summary>
internal static class IllnessRules
{
    /// <summary>One may be chance: another program took all memory for a moment.</summary>
    private const int MostInARow = 2;

    private const int MostDoublings = 4;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(15);

    /// <summary>Other trainers that could do the sweep's trials by and by.</summary>
    public static IReadOnlyList<string> Elsewhere(RosterStep step, string trainer, SweepDesk desk) =>
    [
        .. step.Roster.Seats.Values
            .Where(seat => seat.Name != trainer && seat.Room > 0 && seat.Presence is Presence.Here or Presence.Unreachable && seat.Card is { } card
                && !seat.Illness.IsAside && !step.Roster.IsDrained(seat) && !seat.Refused.ContainsKey(desk.Sweep)
                && Fit.Missing(desk.Needs, card).Count == 0 && Fit.HasMemory(desk.Needs, card) && Fit.HasArithmetic(desk.Needs, card))
            .Select(seat => seat.Name),
    ];

    /// <summary>A trial failed there, and that is on disk.</summary>
    public static void Failed(RosterStep step, string trainer, SweepCommand.ReportFailed report, int trial, SweepState state)
    {
        if (report.Fault is not { } fault || step.Seat(trainer) is not { } seat)
        {
            return;
        }

        var key = (report.Key.Sweep, trial);
        var ill = seat.Illness with { InARow = fault.Kind == FaultKind.Machine ? seat.Illness.InARow + 1 : 0 };
        if (state.StateOf(trial - 1) == TrialState.Pending)
        {
            step.Put(seat with { Illness = ill with { Failed = ill.Failed.SetItem(key, report.Error) } });
        }
        else
        {
            // It was tried wherever it could be: its own fault.
            step.Put(seat with { Illness = ill });
            foreach (var other in step.Roster.Seats.Values)
            {
                step.Put(other with { Illness = other.Illness with { Failed = other.Illness.Failed.Remove(key) } });
            }
        }

        if (ill.InARow >= MostInARow)
        {
            SetAside(step, trainer, $"{Phrases.Count(ill.InARow)} attempts in a row failed there, the last: {report.Error}");
        }
    }

    /// <summary>
    /// A trial ended well there: it is well, and where the same trial failed before is not. While it is set aside that says nothing: the trial was at work before.
    /// </summary>
    public static void Ended(RosterStep step, string trainer, SweepId sweep, int trial)
    {
        if (step.Seat(trainer) is { } well)
        {
            if (well.Illness.IsOnProbation)
            {
                step.Note(new RosterNote.TrainerWellAgain(trainer));
            }

            step.Put(well with
            {
                Illness = well.Illness with
                {
                    InARow = 0,
                    Times = well.Illness.IsAside ? well.Illness.Times : 0,
                    Failed = well.Illness.Failed.Remove((sweep, trial)),
                },
                Lacks = well.Lacks.Remove(sweep),
            });
        }

        foreach (var seat in step.Roster.Seats.Values.Where(seat => seat.Name != trainer))
        {
            if (seat.Illness.Failed.TryGetValue((sweep, trial), out var error))
            {
                step.Put(seat with { Illness = seat.Illness with { Failed = seat.Illness.Failed.Remove((sweep, trial)) } });
                SetAside(step, seat.Name, $"trial {trial} of {sweep} failed there and ended well on {trainer}: {error}");
            }
        }
    }

    /// <summary>It lacks something that the sweep needs: nothing of that sweep goes there, for a while.</summary>
    public static void Lacks(RosterStep step, Seat seat, SweepId sweep, string why)
    {
        var times = (seat.Lacks.GetValueOrDefault(sweep)?.Times ?? 0) + 1;
        step.Put(seat with
        {
            Refused = seat.Refused.SetItem(sweep, why),
            Lacks = seat.Lacks.SetItem(sweep, new(times, step.Now.Since + Pause(times + 1))),
        });
    }

    /// <summary>Every second: who was set aside long enough is tried again.</summary>
    public static void Look(RosterStep step)
    {
        foreach (var (name, seat) in step.Roster.Seats)
        {
            SweepId[] again = [.. seat.Lacks.Where(lack => lack.Value.Until <= step.Now.Since && seat.Refused.ContainsKey(lack.Key)).Select(lack => lack.Key)];
            var isOver = seat.Illness.Until <= step.Now.Since;
            if (again.Length > 0 || isOver)
            {
                step.Put(seat with
                {
                    Refused = seat.Refused.RemoveRange(again),
                    Illness = isOver ? seat.Illness with { Until = null } : seat.Illness,
                });
                Matching.Match(step, name);
            }
        }
    }

    private static void SetAside(RosterStep step, string trainer, string why)
    {
        var seat = step.Seat(trainer)!;
        if (seat.IsTaken && !seat.Illness.IsAside)
        {
            var pause = Pause(seat.Illness.Times + 1);
            step.Put(seat with
            {
                Illness = seat.Illness with { Times = seat.Illness.Times + 1, Until = step.Now.Since + pause, UntilAt = step.Now.At + pause, Why = why },
            });
            step.Note(new RosterNote.TrainerSetAside(trainer, why, pause));
        }
    }

    /// <summary>15 s, 30 s, … 4 min.</summary>
    private static TimeSpan Pause(int times) => First * Math.Pow(2, Math.Min(MostDoublings, times - 1));
}
