using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Simulation.Tests;

/// <summary>What must be true whatever happens; looked at after each step.</summary>
internal sealed class BrokenPromise(string what) : Exception(what);

/// <summary>Reads the journal beside everybody, event by event, and holds what is said and done against it.</summary>
internal sealed class Promises
{
    private readonly World _world;
    private readonly Dictionary<string, SweepState> _sweeps = [];
    private readonly Dictionary<TrialKey, int> _measured = [];
    private readonly Dictionary<string, int> _mostRoom = [];
    private readonly Dictionary<string, TimeSpan> _idleSince = [];
    private readonly HashSet<SweepId> _writtenOff = [];
    private readonly HashSet<CellId> _sick = [];
    private int _lastToBegin;
    private int _termsHeld;
    private int _losses;
    private int _failures;
    private bool _wasPutBack;

    public Promises(World world)
    {
        _world = world;
        world.Database.Written += Look;
    }

    public bool AllOver => _world.Operators.Submitted.All(spec => StateOf(spec.Name) is { IsOver: true });

    public SweepState? StateOf(SweepId sweep) => _sweeps.GetValueOrDefault($"sweep-{sweep}");

    /// <summary>A write failed, and an actor was started again.</summary>
    public void Failed() => _failures++;

    /// <summary>A coordinator that nobody killed has ended, because of what it was told of others.</summary>
    public void Ended(CoordinatorHost coordinator)
    {
        if (_world.Schedule.Coordinators == 1)
        {
            throw new BrokenPromise($"{coordinator.Node} is the only coordinator there is, and ended itself because of a trainer.");
        }
    }

    /// <summary>The journal is an older copy now: what was acknowledged may be gone, and all is read again.</summary>
    public void PutBack()
    {
        _wasPutBack = true;
        _sweeps.Clear();
        _measured.Clear();
        _writtenOff.Clear();
        (_termsHeld, _losses) = (0, 0);
        foreach (var row in _world.Database.All.ToArray())
        {
            Look(row);
        }
    }

    /// <summary>A coordinator says this: what it acknowledges stands in the journal.</summary>
    public void Said(CoordinatorWord word)
    {
        switch (word)
        {
            case CoordinatorWord.MeasuresWritten written when _measured.GetValueOrDefault(written.Key) < written.LastEpoch:
                throw new BrokenPromise($"Epoch {written.LastEpoch} of {written.Key} is acknowledged and not written (but {_measured.GetValueOrDefault(written.Key)}).");
            case CoordinatorWord.EndWritten ended when StateOf(ended.Key.Sweep)?.Find(ended.Key) is not null:
                throw new BrokenPromise($"The end of {ended.Key} is acknowledged, and by the journal it is under way.");
        }
    }

    /// <summary>Trials are sent to this seat.</summary>
    public void Assigns(Seat seat)
    {
        _mostRoom[seat.Name] = Math.Max(_mostRoom.GetValueOrDefault(seat.Name), seat.Room);
        var held = seat.Held.Values.Count(lease => !lease.IsEnding);
        if (held > _mostRoom[seat.Name])
        {
            throw new BrokenPromise($"{seat.Name} has room for {seat.Room} and is given {held}.");
        }
    }

    public void Forgets(CellId cell)
    {
        if (_wasPutBack)
        {
            return; // The end that allowed it is gone.
        }

        foreach (var state in _sweeps.Values)
        {
            var place = Enumerable.Range(0, state.Shape.Trials + state.Shape.ScoringTrials).FirstOrDefault(place => state.Shape.CellAt(place) == cell, -1);
            if (place >= 0 && state.StateOf(place) is TrialState.Pending or TrialState.Running)
            {
                throw new BrokenPromise($"What was kept of trial {place + 1} of {state.Submitted.Sweep} is deleted, and the trial has not ended.");
            }
        }
    }

    public void LookAt(CoordinatorHost host)
    {
        foreach (var seat in host.Roster.Seats.Values)
        {
            _mostRoom[seat.Name] = Math.Max(_mostRoom.GetValueOrDefault(seat.Name), seat.Room);
        }
    }

    /// <summary>All is well since long: no slot may stand idle for long while there is a trial that it could train.</summary>
    public void LookForIdlers()
    {
        var now = _world.Time.Now;
        var roster = _world.Cluster.Current?.Roster;
        var work = roster?.Desks.Values.Sum(desk => desk.Ready) ?? 0;
        foreach (var trainer in _world.Cluster.Trainers)
        {
            // One that is set aside for what failed there gets nothing for a while, and is to get nothing.
            var aside = roster?.Seats.GetValueOrDefault(trainer.Name) is { Illness.IsAside: true };
            var idle = work > 0 && trainer.IsIdle && !aside && !trainer.HasLeft && trainer.Process.IsAlive;
            _idleSince[trainer.Name] = idle ? _idleSince.GetValueOrDefault(trainer.Name, now) : TimeSpan.MaxValue;
            if (!idle)
            {
                _idleSince.Remove(trainer.Name);
            }
            else if (now - _idleSince[trainer.Name] > TimeSpan.FromSeconds(40))
            {
                throw new BrokenPromise($"{trainer.Name} stands idle for 40 s while {work} trials wait.");
            }
        }
    }

    /// <summary>The faults are over and everything had time: the results are those of a run in which nothing went wrong.</summary>
    public void LookAtTheEnd()
    {
        foreach (var spec in _world.Operators.Submitted)
        {
            var state = StateOf(spec.Name) ?? throw new BrokenPromise($"{spec.Name} is not in the journal, and was acknowledged.");
            if (!state.IsOver)
            {
                throw new BrokenPromise($"{spec.Name} does not come to its end: {state.Counts()}; hold '{state.Hold}'; running {string.Join(", ", state.Running.Values.Select(trial => $"{trial.Key} on {trial.Trainer}"))}.");
            }

            var grid = Specs.Grids[spec.Name];
            int[] asks = state.Shape.Asks ? Science.Wanted(grid, state) : [.. Enumerable.Repeat(state.Shape.Seeds, grid.Configurations)];
            if (_sick.Count == 0 && !_wasPutBack && !state.AskedSoFar().SequenceEqual(asks))
            {
                throw new BrokenPromise($"{spec.Name} has {string.Join(", ", state.AskedSoFar())} seeds, and its claims ask for {string.Join(", ", asks)}.");
            }

            for (var place = 0; place < grid.Count + grid.ScoringCount; place++)
            {
                var cell = grid.CellAt(place);
                var wanted = Science.Throws(cell) || grid.ScoresOf(place).Any(score => Science.Throws(grid.CellAt(score))) ? TrialState.Failed : TrialState.Finished;
                if (state.StateOf(place) == TrialState.Spare && place % state.Shape.Seeds >= asks[place / state.Shape.Seeds])
                {
                    continue;
                }

                if (state.StateOf(place) != wanted && !(state.StateOf(place) == TrialState.Failed && grid.ScoresOf(place).Select(grid.CellAt).Append(cell).Any(_sick.Contains)))
                {
                    throw new BrokenPromise($"Trial {place + 1} of {spec.Name} is {state.StateOf(place)}, and undisturbed it is {wanted}.");
                }
            }

            if (_world.Cluster.Current!.Roster.Ended.Contains(spec.Name) != true)
            {
                throw new BrokenPromise($"{spec.Name} is over, and the coordinator has not written so.");
            }
        }

        if (_world.Rows.HasUnanswered)
        {
            throw new BrokenPromise("Somebody waits for the rows, and is never answered.");
        }

        foreach (var trainer in _world.Cluster.Trainers.Where(trainer => trainer.Hand.Any()))
        {
            throw new BrokenPromise($"All is over, and {trainer.Name} still holds {string.Join(", ", trainer.Hand)}.");
        }
    }

    private void Look(Row row)
    {
        switch (row.Event)
        {
            case SweepEvent happened:
                Look(row, happened);
                break;
            case TrialMeasured batch:
                Look(batch);
                break;
            case CoordinatorEvent.TermBegan:
                _lastToBegin = row.Host;
                break;
            case CoordinatorEvent.SweepRegistered registered:
                _writtenOff.Remove(registered.Sweep);
                break;
            case CoordinatorEvent.SweepEnded ended:
                _writtenOff.Add(ended.Sweep);
                break;
            case CoordinatorEvent.TermHeld:
                if (++_termsHeld > 8 + (2 * _losses) + (3 * _failures))
                {
                    throw new BrokenPromise($"The coordinator has written {_termsHeld} times that it is still the one, with {_losses} losses and {_failures} failed writes.");
                }

                break;
        }
    }

    private void Look(TrialMeasured batch)
    {
        if (batch.FirstEpoch != _measured.GetValueOrDefault(batch.Key) + 1)
        {
            throw new BrokenPromise($"Epoch {batch.FirstEpoch} of {batch.Key} is written behind epoch {_measured.GetValueOrDefault(batch.Key)}.");
        }

        for (var row = 0; row < batch.Weights.Count; row++)
        {
            if (batch.Weights[row] != Science.Weights(batch.Key.Cell, batch.FirstEpoch + row))
            {
                throw new BrokenPromise($"Epoch {batch.FirstEpoch + row} of {batch.Key} has other weights than an undisturbed run.");
            }
        }

        _measured[batch.Key] = batch.LastEpoch;
    }

    private void Look(Row row, SweepEvent happened)
    {
        var stream = row.Stream;
        if (happened is SweepEvent.SweepSubmitted submitted)
        {
            _sweeps[stream] = SweepState.Begin(submitted, SweepShape.Of(Specs.Grids[submitted.Sweep]));
            return;
        }

        var state = _sweeps[stream];
        switch (happened)
        {
            case SweepEvent.TrialAssigned assigned:
                Demand(state.StateOf(assigned.Trial - 1) == TrialState.Pending, happened, $"trial {assigned.Trial} is {state.StateOf(assigned.Trial - 1)}");
                Demand(state.NextKey(assigned.Trial - 1) == assigned.Key, happened, $"its next attempt is {state.NextKey(assigned.Trial - 1)}");
                break;
            case SweepEvent.TrialLost lost:
                _losses++;
                Demand(state.Find(lost.Key) is not null, happened, "that attempt is not under way");
                break;
            case SweepEvent.TrialsRetried retried:
                // In the moment of a take-over the one that is being replaced may still wake what the other has just written off; decision 20 tells of it.
                Demand(!_writtenOff.Contains(retried.Sweep) || row.Host != _lastToBegin, happened, "the next coordinator would not open the sweep");
                break;
            case SweepEvent.TrialFailed failed when failed.Error.StartsWith("it threw", StringComparison.Ordinal):
                Demand(state.Find(failed.Key) is not null, happened, "that attempt is not under way");
                break;
            case SweepEvent.TrialFailed failed when failed.Error.StartsWith(Science.NoMemory, StringComparison.Ordinal):
                Demand(state.FailuresOf(failed.Trial - 1).Length == state.Shape.Retries, happened, "it was not tried as often as the sweep says");
                _sick.Add(failed.Key.Cell);
                break;
            case SweepEvent.TrialFinished finished:
                Demand(state.Find(finished.Key) is not null, happened, "that attempt is not under way");
                Demand(finished.Outcome.Weights == Science.Outcome(finished.Key.Cell, finished.Outcome.Epochs).Weights, happened, "its weights are others");
                Demand(_measured.GetValueOrDefault(finished.Key) == finished.Outcome.Epochs, happened, $"its epochs are written up to {_measured.GetValueOrDefault(finished.Key)} only");
                break;
        }

        _sweeps[stream] = state.Apply(happened);
    }

    private static void Demand(bool holds, SweepEvent happened, string why)
    {
        if (!holds)
        {
            throw new BrokenPromise($"{happened} is written, and {why}.");
        }
    }
}
