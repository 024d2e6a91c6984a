using System.Collections.Concurrent;
using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer.Tests;

/// <summary>Training that does what a test says, trial by trial; a trial is known by its seed.</summary>
internal sealed class ScriptedTraining : ITraining
{
    private readonly ConcurrentDictionary<ulong, BlockingCollection<object>> _scripts = new();
    private readonly ConcurrentDictionary<ulong, bool> _running = new();
    private readonly ConcurrentQueue<int> _begun = new();
    private readonly Lock _gate = new();
    private int _atWork;
    private int _mostAtOnce;

    /// <summary>Trials in training right now, in order.</summary>
    public IReadOnlyList<int> Running => [.. _running.Keys.Select(seed => (int)seed).Order()];

    /// <summary>Every training that was begun, in order; one that was begun twice stands here twice.</summary>
    public IReadOnlyList<int> Begun => [.. _begun];

    /// <summary>The most trainings that were under way together.</summary>
    public int MostAtOnce => _mostAtOnce;

    public Func<string> Print { get; set; } = () => "ab";

    /// <summary>Called on each training thread when it begins.</summary>
    public Action OnTrain { get; set; } = () => { };

    /// <summary>Whether it goes on when it is told to stop, as something that hangs does.</summary>
    public bool Ignores { get; init; }

    public void Epoch(int trial, int epoch) => Of((ulong)trial).Add(Trials.Epoch(epoch));

    public void Finish(int trial, int epochs = 1) => Of((ulong)trial).Add(Trials.Outcome(epochs));

    public void Throw(int trial, Exception problem) => Of((ulong)trial).Add(problem);

    public string Fingerprint() => Print();

    public TrialOutcome Train(TrialAssignment trial, TrialCourse course, Action begun, Action<EpochMeasures> measured, CancellationToken stop)
    {
        var settings = trial.Settings;
        begun();
        _begun.Enqueue((int)settings.Seed);
        lock (_gate)
        {
            _mostAtOnce = Math.Max(_mostAtOnce, ++_atWork);
        }

        _running[settings.Seed] = true;
        OnTrain();
        var told = course.From?.Epochs.ToList() ?? [];
        try
        {
            told.ForEach(measured);
            while (true)
            {
                switch (Of(settings.Seed).Take(Ignores ? CancellationToken.None : stop))
                {
                    case EpochMeasures epoch:
                        measured(epoch);
                        told.Add(epoch);
                        course.Between?.Invoke(() => course.Keeps ? new([.. told], [[(byte)epoch.Epoch]], null, TimeSpan.FromSeconds(epoch.Epoch)) : null);
                        break;
                    case TrialOutcome outcome:
                        return outcome;
                    case DataProblem missing:
                        throw missing;
                    case Exception problem:
                        throw problem;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _atWork--;
            }

            _running.TryRemove(settings.Seed, out _);
        }
    }

    private BlockingCollection<object> Of(ulong seed) => _scripts.GetOrAdd(seed, _ => []);
}
