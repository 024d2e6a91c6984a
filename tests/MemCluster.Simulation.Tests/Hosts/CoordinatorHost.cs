using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Simulation.Tests;

/// <summary>Does what the product's CoordinatorActor does, in virtual time.</summary>
internal sealed class CoordinatorHost(World world, Process process, string node) : SimulatedActor(world, process, "coordinator")
{
    private readonly Dictionary<string, (TrainerHost Trainer, Guid Incarnation)> _sitting = [];
    private readonly Dictionary<SweepId, (SweepHost Rules, MetricsHost Metrics)> _sweeps = [];
    private readonly TimeSpan _beganAt = world.Time.Now;
    private Roster _roster = new(World.Lease);
    private long? _begunTerm;
    private long _ticking;

    public Roster Roster => _roster;

    public string Node => node;

    /// <summary>It has begun a term, and knows of no later one.</summary>
    public bool IsAtWork { get; private set; }

    public void Hear(RosterWord word) => Tell(() => Follow(word, null));

    public void Hear(SweepHost from, long life, RosterWord.SweepStands stands) => Tell(() =>
    {
        if (_sweeps.TryGetValue(stands.Sweep, out var sweep) && sweep.Rules == from)
        {
            from.Heard(life);
            Follow(stands, null);
        }
    });

    public void Hear(TrainerWord word, TrainerHost from) => Tell(() => Follow(new RosterWord.FromTrainer(word), from));

    /// <summary>As the cluster says.</summary>
    public void Gone(TrainerHost trainer) => Tell(() =>
    {
        foreach (var (name, sitting) in _sitting.Where(entry => entry.Value.Trainer == trainer).ToArray())
        {
            Follow(new RosterWord.TrainerGone(name, sitting.Incarnation), null);
        }
    });

    /// <summary>The singleton ends here, as it is to be elsewhere.</summary>
    public void Retire()
    {
        IsAtWork = false;
        Stop();
        Down();
    }

    protected override void Down()
    {
        foreach (var (rules, metrics) in _sweeps.Values)
        {
            rules.Stop();
            metrics.Stop();
        }
    }

    protected override void Reset()
    {
        _sweeps.Clear();
        _sitting.Clear();
        (_roster, IsAtWork, _ticking) = (new(World.Lease), false, _ticking + 1);
    }

    protected override void Restore(IMessage snapshot) => _roster = _roster.With((CoordinatorSnapshot)snapshot);

    protected override void Replay(IMessage happened) => _roster = _roster.Apply((CoordinatorEvent)happened);

    protected override void Recovered()
    {
        if (_begunTerm is { } begun && _roster.Term > begun)
        {
            Retire(); // Replaced, without its knowing.
            World.Cluster.GaveWay(this);
            return;
        }

        IsAtWork = true;
        Follow(RosterDecider.Begin(_roster, node, Moment()), null);
        var ticking = _ticking;
        Tick();

        void Tick() => Process.After(TimeSpan.FromSeconds(1), () =>
        {
            if (ticking == _ticking && !IsStopped)
            {
                Hear(new RosterWord.Tick());
                Tick();
            }
        });
    }

    protected override IMessage Snapshot() => _roster.ToSnapshot();

    private Moment Moment() => new(World.Time.Now - _beganAt, World.At);

    private void Follow(RosterWord word, TrainerHost? asker)
    {
        if (word is RosterWord.Tick or RosterWord.LeasesEnd && World.Bugs.Has(Bug.LeaseNeverEnds))
        {
            return;
        }

        if (word is not RosterWord.Tick)
        {
            World.Tell($"{node} hears {Short(word)}");
        }

        Follow(Planted.Decide(World, _roster, word, node, Moment()), asker);
    }

    private void Follow(RosterDecision decision, TrainerHost? asker)
    {
        _roster = decision.Roster;
        Do(decision.Effects, asker);
        World.Promises.LookAt(this);
    }

    private void Do(ImmutableArray<RosterEffect> effects, TrainerHost? asker)
    {
        foreach (var effect in effects)
        {
            Do(effect, asker);
        }
    }

    private static string Short(RosterWord word) => word switch
    {
        RosterWord.FromTrainer said => $"{said.Word.Trainer}: {Short(said.Word)}",
        RosterWord.SweepDone done => $"done {done.Command} -> {done.Reply} for {done.Trainer}",
        RosterWord.SweepOpened opened => $"opened {opened.State.Submitted.Sweep} confirmed {opened.Confirmed} running {string.Join(", ", opened.State.Running.Values.Select(trial => $"{trial.Key} on {trial.Trainer}"))}",
        RosterWord.SweepChanged changed => $"changed {changed.State.Submitted.Sweep} hold '{changed.State.Hold}'",
        RosterWord.MeasuresTaken taken => $"measures of {taken.Batch.Key} up to {taken.LastEpoch} {taken.Fate}",
        RosterWord.MetricsOpened opened => $"metrics of {opened.Sweep} open: {string.Join(", ", opened.Written)}",
        RosterWord.Asked { Request: SweepRequest.Control control } => $"asked {control.Command} of {control.Sweep}",
        RosterWord.Asked asked => $"asked {asked.Request.GetType().Name} of {asked.Request.Sweep}",
        _ => word.ToString()!,
    };

    private static string Short(TrainerWord word) => word switch
    {
        TrainerWord.Heartbeat beat => $"heartbeat room {beat.Room} {string.Join(", ", beat.Running)}",
        TrainerWord.ReportMeasures report => $"measures of {report.Batch.Key} {report.Batch.FirstEpoch} to {report.Batch.LastEpoch}",
        TrainerWord.RegisterTrainer register => $"registers, heard {register.Heard}, holds {string.Join(", ", register.Running)}",
        _ => word.ToString()!,
    };

    private void Do(RosterEffect effect, TrainerHost? asker)
    {
        if (World.History is not null && effect is not RosterEffect.Note)
        {
            World.Tell($"    {node} {(effect is RosterEffect.Write write0 ? $"writes {write0.Event}" : effect)}");
        }

        switch (effect)
        {
            case RosterEffect.Write write:
                Write([write.Event], happened =>
                {
                    _begunTerm = happened is CoordinatorEvent.TermBegan began ? began.Term : _begunTerm;
                    Do(write.Then, asker);
                    SnapshotNowAndThen(25);
                }, () => { }, alone: true);
                break;
            case RosterEffect.Answer answer:
                Say(asker, answer.Word);
                break;
            case RosterEffect.Tell tell:
                Say(Trainer(tell.Trainer), tell.Word);
                break;
            case RosterEffect.Assign assign:
                World.Promises.Assigns(_roster.Seats[assign.Trainer]);
                Say(Trainer(assign.Trainer), new CoordinatorWord.AssignTrials(assign.Term, assign.Trials));
                break;
            case RosterEffect.Sit sit:
                _sitting[sit.Trainer] = (asker!, sit.Incarnation);
                break;
            case RosterEffect.Rise rise:
                _sitting.Remove(rise.Trainer);
                break;
            case RosterEffect.Ask ask:
                _sweeps[ask.Sweep].Rules.Do(ask.Command, ask.Trainer, ask.Asker);
                break;
            case RosterEffect.PassSubmit pass:
                _sweeps[pass.Submit.Sweep].Rules.Submit(pass.Submit, pass.Unclaimed);
                break;
            case RosterEffect.Measure measure:
                _sweeps[measure.Sweep].Metrics.Take((TrialMeasured)measure.Batch);
                break;
            case RosterEffect.ForgetAttempt forget:
                _sweeps[forget.Key.Sweep].Metrics.Forget(forget.Key);
                break;
            case RosterEffect.KeepAttempts keep:
                _sweeps[keep.Sweep].Metrics.Keep(keep.Running);
                break;
            case RosterEffect.OpenDesk open:
                var opened = (new SweepHost(World, Process, this, open.Sweep, open.Earlier), new MetricsHost(World, Process, this, open.Sweep, open.Earlier));
                _sweeps[open.Sweep] = opened;
                opened.Item1.Start();
                opened.Item2.Start();
                break;
            case RosterEffect.CloseDesk close:
                _sweeps[close.Sweep].Rules.Stop();
                _sweeps[close.Sweep].Metrics.Stop();
                _sweeps.Remove(close.Sweep);
                break;
            case RosterEffect.Hear hear:
                Follow(hear.Word, asker);
                break;
            case RosterEffect.HearLast hear:
                Hear(hear.Word);
                break;
            case RosterEffect.FindScores find:
                Process.After(World.Net.Seconds(0.001, 0.5), () => Hear(World.Operators.ScoresAreReadable
                    ? new RosterWord.ScoresFound(find.Trainer, find.Trial, new Scored.Found(null), "")
                    : new RosterWord.ScoresFound(find.Trainer, find.Trial, null, "the rows can't be read")));
                break;
            case RosterEffect.FindScoresLater later:
                Process.After(TimeSpan.FromSeconds(1), () => Hear(new RosterWord.FindScoresAgain(later.Trainer, later.Trial)));
                break;
            case RosterEffect.Look look:
                Process.After(World.Net.Seconds(0.001, 0.5), () => Hear(Looked(look)));
                break;
            case RosterEffect.LookLater later:
                Process.After(TimeSpan.FromSeconds(1), () => Hear(new RosterWord.LookAgain(later.Sweep, later.State)));
                break;
            case RosterEffect.Reply reply:
                World.Operators.Answered(reply.Asker, reply.Word);
                break;
            case RosterEffect.ReplyNotThere or RosterEffect.Note:
                break;
            default:
                throw new NotSupportedException($"Nobody does a {effect.GetType().Name}.");
        }
    }

    /// <summary>By the journal as it is, unless rows can't be read or are not as far as the coordinator is.</summary>
    private RosterWord.Looked Looked(RosterEffect.Look look)
    {
        var (sweep, truth) = (look.Grid.Spec.Name, World.Promises.StateOf(look.Grid.Spec.Name));
        return World.Operators.ScoresAreReadable && truth is not null && truth.Counts().Done == look.State.Counts().Done
            ? new(sweep, look.State, SeedsOf.Runs(Science.Wanted(look.Grid, truth)), "")
            : new(sweep, look.State, null, "the rows can't be read");
    }

    private TrainerHost? Trainer(string name) => _sitting.TryGetValue(name, out var sitting) ? sitting.Trainer : null;

    private void Say(TrainerHost? trainer, CoordinatorWord word)
    {
        if (trainer is not null)
        {
            World.Promises.Said(word);
            World.Network.Send(Process, trainer.Process, () => trainer.Hear(word));
        }
    }
}
