using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

// Trials that leave examples out by scores of others: which they keep travels with the assignment.
public sealed partial class CoordinatorActor
{
    /// <summary>A frame holds 256 kB, an assignment is about 1 kB; one with bits (8 kB for 60,000 examples) goes alone.</summary>
    private const int MostInFrame = 50;

    private static readonly TimeSpan FindScoresAgainAfter = TimeSpan.FromSeconds(1);

    private void Send(TrainerSeat seat, SweepDesk desk, IEnumerable<TrialAssignment> trials)
    {
        var scored = trials.ToLookup(trial => desk.Grid!.ScoresOf(trial.Trial - 1).Count > 0);
        foreach (var some in scored[false].Chunk(MostInFrame))
        {
            seat.Trainer!.Tell(new CoordinatorWord.AssignTrials(_term, some));
        }

        foreach (var trial in scored[true])
        {
            seat.Held[trial.Key].Preparing = true;
            Find(new(seat.Name, trial));
        }
    }

    private void Find(FindKept asked)
    {
        if (Preparing(asked) is null || _desks.GetValueOrDefault(asked.Trial.Key.Sweep)?.Grid is not { } grid)
        {
            return; // Released meanwhile.
        }

        _settings.Scores(grid, asked.Trial.Trial - 1).PipeTo(
            Self, success: scored => new KeptFound(asked, scored, ""), failure: problem => new KeptFound(asked, null, problem.Message));
    }

    private void Take(KeptFound found)
    {
        var (asked, key) = (found.Asked, found.Asked.Trial.Key);
        if (Preparing(asked) is not { } hold)
        {
            return;
        }

        if (found.Scored is null)
        {
            _log.ScoresNotRead(key.Sweep, asked.Trial.Trial, key.Attempt, found.Problem);
            Timers.StartSingleTimer((nameof(FindKept), key), asked, FindScoresAgainAfter);
            return;
        }

        var seat = _seats[asked.Trainer];
        (hold.Preparing, hold.LeaseUntil) = (false, Now + _settings.Lease);
        switch (found.Scored)
        {
            case Scored.Missing missing:
                hold.Ending = true;
                Ask(key.Sweep, new SweepCommand.ReportFailed(key, missing.Why, TimeSpan.Zero));
                break;
            case Scored.Found when seat.Trainer is null || seat.Leaving:
                Release(hold, Loss.NotReached, $"{asked.Trainer} left before the trial reached it");
                break;
            case Scored.Found bits:
                seat.Trainer.Tell(new CoordinatorWord.AssignTrials(_term, [asked.Trial with { Kept = bits.Kept }]));
                break;
        }
    }

    /// <summary>The hold of a trial that is still waiting for its bits; null if it is nobody's any more.</summary>
    private Hold? Preparing(FindKept asked) =>
        _seats.GetValueOrDefault(asked.Trainer)?.Held.GetValueOrDefault(asked.Trial.Key) is { Preparing: true, Ending: false } hold ? hold : null;

    private sealed record FindKept(string Trainer, TrialAssignment Trial) : INoSerializationVerificationNeeded;

    private sealed record KeptFound(FindKept Asked, Scored? Scored, string Problem) : INoSerializationVerificationNeeded;
}
