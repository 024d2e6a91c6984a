using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Who is connected, and what each says.</summary>
internal static class TrainerRules
{
    public static void Hear(RosterStep step, TrainerWord word, string node)
    {
        if (word is TrainerWord.RegisterTrainer register)
        {
            Register(step, register, node);
        }
        else if (step.Seat(word.Trainer) is { IsTaken: true } seat && seat.Incarnation == word.Incarnation)
        {
            Reach(step, seat);
            Hear(step, word);
        }
        else
        {
            step.Answer(new CoordinatorWord.RegisterAgain(step.Roster.Term));
        }
    }

    public static void Lose(RosterStep step, RosterWord.TrainerGone gone)
    {
        if (step.Seat(gone.Trainer) is not { IsTaken: true } seat || seat.Incarnation != gone.Incarnation)
        {
            return;
        }

        step.Note(new RosterNote.TrainerLost(seat.Name, "is gone", seat.Held.Count));
        step.Put(seat with { Presence = Presence.Absent });
        foreach (var lease in seat.Leases)
        {
            LeaseRules.Release(step, seat.Name, lease, Loss.TrainerLost, $"{seat.Name} is gone");
        }

        if (seat.Held.IsEmpty && seat.Ordered is null)
        {
            step.Remove(seat);
        }
    }

    /// <summary>Two of its regular words in a row have not come: nothing new goes there before the next.</summary>
    public static void Miss(RosterStep step, Seat seat)
    {
        if (seat.Presence == Presence.Here && seat.IsSilent(step.Now.Since, step.Roster.LeaseTime * 2 / 3))
        {
            step.Note(new RosterNote.TrainerReach(seat.Name, false, seat.Held.Count));
            step.Put(seat with { Presence = Presence.Unreachable });
        }
    }

    private static void Reach(RosterStep step, Seat seat)
    {
        if (seat.Presence == Presence.Unreachable)
        {
            step.Note(new RosterNote.TrainerReach(seat.Name, true, seat.Held.Count));
        }

        step.Put(seat with { LastHeard = step.Now.Since, Presence = seat.Presence == Presence.Unreachable ? Presence.Here : seat.Presence });
    }

    /// <summary>One that leaves may go when nothing of it is under way any more.</summary>
    public static void LetGo(RosterStep step, string trainer)
    {
        if (step.Seat(trainer) is { Presence: Presence.Leaving, Held.IsEmpty: true, Ordered: null } seat)
        {
            step.Tell(seat, new CoordinatorWord.LeaveNoted(step.Roster.Term));
            step.Remove(seat);
        }
    }

    private static void Register(RosterStep step, TrainerWord.RegisterTrainer word, string node)
    {
        if (word.ProtocolVersion != Protocol.Version)
        {
            Refuse(step, word.Trainer, $"This trainer speaks protocol {word.ProtocolVersion}, the coordinator {Protocol.Version}; run the same version on both.");
            return;
        }

        if (step.Roster.Replaced.Contains(word.Incarnation) && step.Seat(word.Trainer) is { IsTaken: true } other && other.Incarnation != word.Incarnation
            && !other.IsSilent(step.Now.Since, step.Roster.LeaseTime))
        {
            // Whoever took the name said so once; that may have been the late word of a process that is no more. It is heard again, or falls silent.
            if (other.LastHeard > other.SatAt)
            {
                Refuse(step, word.Trainer, $"Another trainer has taken the name '{word.Trainer}'; give each its own with --name.");
            }

            return;
        }

        if (word.Heard > step.Roster.Term)
        {
            // It would hear nothing that this coordinator says. Either the journal is an older copy; or another coordinator is the one, and this write fails.
            step.Note(new RosterNote.JournalLostTerms(word.Trainer, word.Heard, step.Roster.Term));
            step.Write(new CoordinatorEvent.TermBegan(word.Heard + 1, node, step.Now.At), () => TakeSeat(step, word));
            return;
        }

        TakeSeat(step, word);
    }

    private static void TakeSeat(RosterStep step, TrainerWord.RegisterTrainer word)
    {
        var old = step.Seat(word.Trainer) ?? new(word.Trainer);
        var isNew = !old.IsTaken || old.Incarnation != word.Incarnation;
        if (old.Incarnation != word.Incarnation)
        {
            // Also one that was given up for lost: it may only have been cut off.
            if (old.Incarnation != Guid.Empty)
            {
                step.Roster = step.Roster with { Replaced = step.Roster.Replaced.Add(old.Incarnation).Remove(word.Incarnation) };
            }

            step.Put(old);
            foreach (var lease in old.Leases.Where(lease => !word.Running.Contains(lease.Key)))
            {
                LeaseRules.Release(
                    step, old.Name, lease, Loss.TrainerRestarted, old.Incarnation == Guid.Empty ? $"{old.Name} came back without it" : $"{old.Name} was started again");
            }

            old = step.Seat(word.Trainer)!;
        }

        step.Put(old with
        {
            Presence = Presence.Here,
            Incarnation = word.Incarnation,
            Card = word.Card,
            LastHeard = step.Now.Since,
            SatAt = isNew ? step.Now.Since : old.SatAt,
            AskedForFingerprint = false,
            Refused = old.Refused.Clear(),
            Lacks = old.Lacks.Clear(),
            Illness = isNew ? Illness.None : old.Illness,
            Claims = [.. word.Running.Where(key => step.Desk(key.Sweep) is { Stage: DeskStage.Opening })],
        });
        step.Do(new RosterEffect.Sit(word.Trainer, word.Incarnation));
        TrialKey[] revoked = [.. word.Running.Where(key => !MayHold(step, word.Trainer, key))];
        LeaseRules.Renew(step, word.Trainer, word.Running.Except(revoked));
        step.Answer(new CoordinatorWord.TrainerRegistered(step.Roster.Term, step.Roster.LeaseTime, revoked));
        step.Note(isNew
            ? new RosterNote.TrainerJoined(word.Trainer, word.Card.Host, word.Card.Slots, word.Running.Count - revoked.Length)
            : new RosterNote.TrainerRegisteredAgain(word.Trainer, old.Held.Count));
    }

    /// <summary>While a sweep's stream is being read nobody knows whose its trials are: they are left where they are.</summary>
    private static bool MayHold(RosterStep step, string trainer, TrialKey key) =>
        step.Seat(trainer)!.Held.ContainsKey(key) || step.Desk(key.Sweep) is { Stage: DeskStage.Opening };

    private static void Refuse(RosterStep step, string trainer, string why)
    {
        step.Note(new RosterNote.TrainerRefused(trainer, why));
        step.Answer(new CoordinatorWord.TrainerRefused(step.Roster.Term, why));
    }

    private static void Hear(RosterStep step, TrainerWord word)
    {
        var seat = step.Seat(word.Trainer)!;
        switch (word)
        {
            case TrainerWord.WantTrials want:
                step.Put(seat with { Room = want.Room });
                Matching.Match(step, seat.Name);
                break;

            case TrainerWord.Heartbeat beat:
                step.Put(seat with { Room = beat.Room, AskedForFingerprint = false }); // The question may have been lost: ask again.
                LeaseRules.Renew(step, seat.Name, beat.Running.Select(held => held.Key));
                foreach (var held in beat.Running.Where(held => !MayHold(step, seat.Name, held.Key)))
                {
                    step.Answer(new CoordinatorWord.TrialRevoked(step.Roster.Term, held.Key));
                }

                Matching.Match(step, seat.Name);
                break;

            case TrainerWord.ReportMeasures report:
                Measure(step, seat, report.Batch.Key, report.Batch);
                break;

            case TrainerWord.ReportFindings report:
                Measure(step, seat, report.Batch.Key, report.Batch);
                break;

            case TrainerWord.ReportEnd end:
                End(step, seat, end);
                break;

            case TrainerWord.ReportUnable unable:
                IllnessRules.Lacks(step, seat, unable.Key.Sweep, unable.Why);
                if (seat.Held.TryGetValue(unable.Key, out var returned))
                {
                    LeaseRules.Release(step, seat.Name, returned, Loss.Unable, unable.Why);
                }
                else if (!MayHold(step, seat.Name, unable.Key))
                {
                    step.Answer(new CoordinatorWord.TrialRevoked(step.Roster.Term, unable.Key));
                }

                break;

            case TrainerWord.TrainerLeaves leaves:
                Leave(step, seat, leaves);
                break;

            default:
                throw new NotSupportedException($"No rule for {word.GetType().Name}.");
        }
    }

    private static void Measure(RosterStep step, Seat seat, TrialKey key, IMessage batch)
    {
        if (seat.Held.ContainsKey(key))
        {
            step.Do(new RosterEffect.Measure(key.Sweep, batch));
        }
        else if (!MayHold(step, seat.Name, key))
        {
            step.Answer(new CoordinatorWord.TrialRevoked(step.Roster.Term, key));
        }
    }

    private static void End(RosterStep step, Seat seat, TrainerWord.ReportEnd end)
    {
        if (seat.Held.TryGetValue(end.Key, out var lease))
        {
            if (step.Desk(end.Key.Sweep) is { MetricsOpen: false })
            {
                return; // How far it is on disk is being read; it will say so again.
            }

            if (end.Written > lease.Epoch)
            {
                MetricRules.Lost(step, seat, end.Key, $"the journal has no epochs {lease.Epoch + 1} to {end.Written} any more, which it had acknowledged");
            }
            else if (!lease.IsEnding)
            {
                step.Put(seat, lease with { Stage = LeaseStage.Ending });
                step.Do(new RosterEffect.Ask(
                    end.Key.Sweep,
                    end.Outcome is { } outcome
                        ? new SweepCommand.ReportFinished(end.Key, outcome, end.Spent)
                        : new SweepCommand.ReportFailed(
                            end.Key, end.Error ?? "no reason was given", end.Spent, new(end.Fault, seat.Name),
                            IllnessRules.Elsewhere(step, seat.Name, step.Desk(end.Key.Sweep)!), lease.Epoch),
                    seat.Name));
            }
        }
        else if (!MayHold(step, seat.Name, end.Key))
        {
            // Written before, or another's now: either way it may forget the trial, but only in the first case what it kept of it.
            step.Note(new RosterNote.Acknowledged("end", Repeat: true));
            step.Answer(step.Desk(end.Key.Sweep)?.State is { } state && state.HasResult(end.Trial - 1, end.Key.Cell)
                ? new CoordinatorWord.EndWritten(step.Roster.Term, end.Key)
                : new CoordinatorWord.TrialRevoked(step.Roster.Term, end.Key));
        }
    }

    private static void Leave(RosterStep step, Seat seat, TrainerWord.TrainerLeaves leaves)
    {
        if (seat.Presence != Presence.Leaving)
        {
            step.Note(new RosterNote.TrainerLeaves(seat.Name, leaves.Why, seat.Held.Count));
        }

        step.Put(seat with { Presence = Presence.Leaving });
        var epochs = leaves.HandedBack.ToDictionary(held => held.Key, held => held.Epoch);
        foreach (var lease in seat.Leases)
        {
            LeaseRules.Release(
                step, seat.Name, lease with { Epoch = Math.Max(lease.Epoch, epochs.GetValueOrDefault(lease.Key)) }, Loss.HandedBack, leaves.Why);
        }

        LetGo(step, seat.Name);
    }
}
