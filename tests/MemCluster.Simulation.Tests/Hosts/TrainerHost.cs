using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Simulation.Tests;

/// <summary>Does what the product's TrainerActor, TrainingFloor and training threads do, in virtual time. A trial's numbers are a chain of its cell and its epochs.</summary>
internal sealed class TrainerHost
{
    private readonly World _world;
    private readonly int _slots;
    private readonly Dictionary<TrialKey, TrialLedger> _hand = [];
    private readonly Dictionary<TrialKey, int> _runs = [];
    private readonly Queue<(TrialKey Key, int Run)> _waiting = new();
    private readonly HashSet<int> _stopped = [];
    private int _lastRun;
    private long _newest;
    private TrainerBook _book;
    private int _threads;
    private bool _draining;
    private long _life;

    public TrainerHost(World world, Process process, string name, Guid incarnation, int slots)
    {
        (_world, Process, Name, Incarnation, _slots) = (world, process, name, incarnation, slots);
        _book = new(name, incarnation, new("host", 1, slots, 4, 1L << 30, "cpu", NumericsSettings.Avx2, null, []));
    }

    public Process Process { get; }

    public string Name { get; }

    public Guid Incarnation { get; }

    public bool IsIdle => _hand.Count < _slots && !_draining && _book.IsRegistered;

    public bool HasLeft { get; private set; }

    /// <summary>Until then every trial fails there.</summary>
    public TimeSpan IsSickUntil { get; set; }

    public IEnumerable<TrialKey> Hand => _hand.Keys;

    /// <summary>Also anew: the process lost its cluster, and its threads train on.</summary>
    public void Connect()
    {
        var life = ++_life;
        (_book, _newest) = (_book with { IsRegistered = false, Term = 0, RoomSaid = 0 }, 0);
        Decide(new TrainerNews.Connected());
        Tick();

        void Tick() => Process.After(TimeSpan.FromSeconds(_book.Leaving is null ? 1 : 0.2), () =>
        {
            if (life == _life && !HasLeft)
            {
                Decide(new TrainerNews.Tick());
                Tick();
            }
        });
    }

    public void Leave()
    {
        if (_book.Leaving is null)
        {
            Decide(new TrainerNews.Leave("told to stop", TimeSpan.FromSeconds(5)));
        }
    }

    public void Hear(CoordinatorWord word)
    {
        if (HasLeft)
        {
            return;
        }

        var isOld = word.Term < _newest;
        _newest = Math.Max(_newest, word.Term);
        if (_world.Bugs.Has(Bug.OldTermsAreHeard))
        {
            _book = _book with { Term = Math.Min(_book.Term, word.Term) };
        }

        var before = _hand.ToDictionary();
        Decide(new TrainerNews.FromCoordinator(word));
        if (isOld && !(before.Count == _hand.Count && before.All(held => _hand.GetValueOrDefault(held.Key) == held.Value)))
        {
            throw new BrokenPromise($"{Name} has heard of term {_newest}, and {word.GetType().Name} of term {word.Term} changed what it holds.");
        }
    }

    private FloorView View => new([.. _hand.Values.OrderBy(ledger => ledger.Assignment.Trial)], _slots + (_world.Schedule.Seed % 2 == 0 ? 2 : 0), _threads);

    private void Decide(TrainerNews news)
    {
        (_book, var effects) = TrainerDecider.Decide(_book, news, View, _world.Time.Now);
        foreach (var effect in effects)
        {
            Do(effect);
        }
    }

    private void Do(TrainerEffect effect)
    {
        switch (effect)
        {
            case TrainerEffect.Say say:
                Say(say.Word is TrainerWord.RegisterTrainer register && _world.Bugs.Has(Bug.HeardTermsIgnored) ? register with { Heard = 0 } : say.Word);
                break;
            case TrainerEffect.SayDue due:
                if (_book.IsRegistered && _hand.TryGetValue(due.Key, out var ledger))
                {
                    if (_world.Bugs.Has(Bug.NothingIsSaidAgain) && ledger.SaidAt is not null)
                    {
                        break;
                    }

                    (_hand[due.Key], var word) = ledger.Say(Name, Incarnation, _world.Time.Now, _world.At);
                    if (word is not null)
                    {
                        Say(word);
                    }
                }

                break;
            case TrainerEffect.SayAgain again:
                Change(again.Key, ledger => ledger with { SaidAt = null });
                break;
            case TrainerEffect.Take take:
                foreach (var trial in take.Trials.Where(trial => !_hand.ContainsKey(trial.Key)))
                {
                    _hand[trial.Key] = new(trial);
                    _runs[trial.Key] = ++_lastRun;
                    _waiting.Enqueue((trial.Key, _lastRun));
                }

                FillSlots();
                break;
            case TrainerEffect.Written written:
                Change(written.Key, ledger => ledger.Written(written.LastEpoch));
                break;
            case TrainerEffect.FindingsWritten:
                break;
            case TrainerEffect.Drop drop:
                if (_hand.Remove(drop.Key))
                {
                    _stopped.Add(_runs[drop.Key]);
                    _runs.Remove(drop.Key);
                    if (drop.Ended || _world.Bugs.Has(Bug.RevokedDeletesCheckpoint))
                    {
                        _world.Promises.Forgets(drop.Key.Cell);
                        _world.Checkpoints.Remove(drop.Key.Cell);
                    }
                }

                break;
            case TrainerEffect.StopAll:
                _stopped.UnionWith(_runs.Values);
                _waiting.Clear();
                break;
            case TrainerEffect.Drain:
                _draining = true;
                _waiting.Clear();
                break;
            case TrainerEffect.Left:
                HasLeft = true;
                break;
            case TrainerEffect.ShowFingerprint:
                Process.After(_world.Training.Seconds(0.2, 3), () => Decide(new TrainerNews.FingerprintShown("f", null)));
                break;
            case TrainerEffect.Refused or TrainerEffect.Registered:
                break;
            default:
                throw new NotSupportedException($"Nobody does a {effect.GetType().Name}.");
        }
    }

    private void Say(TrainerWord word)
    {
        _world.Tell($"{Name} says {word.GetType().Name}");
        if (_world.Cluster.CoordinatorFor(this) is { } coordinator)
        {
            _world.Network.Send(Process, coordinator.Process, () => coordinator.Hear(word, this));
        }
    }

    private void Change(TrialKey key, Func<TrialLedger, TrialLedger> change)
    {
        if (_hand.TryGetValue(key, out var ledger))
        {
            _hand[key] = change(ledger);
        }
    }

    private void FillSlots()
    {
        while (!_draining && _threads < _slots && _waiting.TryDequeue(out var next))
        {
            if (_runs.GetValueOrDefault(next.Key) == next.Run)
            {
                _threads++;
                var from = _world.Checkpoints.GetValueOrDefault(next.Key.Cell);
                Change(next.Key, ledger => ledger with { Checkpoint = from == 0 ? null : from });
                Train(_hand[next.Key].Assignment, next.Run, 1, from);
            }
        }
    }

    /// <param name="from">Epochs up to this one were kept, and are only told again.</param>
    private void Train(TrialAssignment trial, int run, int epoch, int from) =>
        Process.After(epoch <= from ? TimeSpan.Zero : Science.EpochOf(trial, _world.Training), () =>
        {
            if (_stopped.Remove(run))
            {
                End(trial.Key, run, new TrainingEnd.Stopped());
            }
            else if (_world.Time.Now < IsSickUntil)
            {
                End(trial.Key, run, new TrainingEnd.Failed(Science.NoMemory, TimeSpan.FromSeconds(1), Messages.FaultKind.Machine));
            }
            else if (Science.Throws(trial) && epoch == 2)
            {
                End(trial.Key, run, new TrainingEnd.Failed("it threw", TimeSpan.FromSeconds(1)));
            }
            else
            {
                Change(trial.Key, ledger => ledger.Measured(new(Science.Measures(trial.Key.Cell, epoch), 10)));
                if (epoch > from && (_draining || (epoch + trial.Trial) % 3 == 0))
                {
                    _world.Checkpoints[trial.Key.Cell] = epoch;
                }

                if (epoch == trial.Settings.Training.Epochs)
                {
                    End(trial.Key, run, new TrainingEnd.Finished(Science.Outcome(trial), TimeSpan.FromSeconds(1)));
                }
                else if (_draining && epoch > from)
                {
                    End(trial.Key, run, new TrainingEnd.Stopped());
                }
                else
                {
                    Decide(new TrainerNews.FromFloor(trial.Key));
                    Train(trial, run, epoch + 1, from);
                }
            }
        });

    private void End(TrialKey key, int run, TrainingEnd end)
    {
        _threads--;
        if (_runs.GetValueOrDefault(key) == run)
        {
            Change(key, ledger => ledger with { End = end });
        }

        FillSlots();
        Decide(new TrainerNews.FromFloor(key));
    }
}
