using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>What trains: the trainer's whole view of the science.</summary>
public interface ITraining
{
    /// <summary>Trains the trial on the calling thread, telling each epoch's measures.</summary>
    /// <param name="kept">As in <see cref="TrialAssignment.Kept"/>.</param>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    /// <exception cref="DataProblem">This machine has not got the data set.</exception>
    TrialOutcome Train(TrialSettings settings, Action<EpochMeasures> measured, TrialCourse course, byte[]? kept, CancellationToken stop);

    /// <summary>Digest of what the machine's tensor arithmetic gives on a fixed training run.</summary>
    string Fingerprint();
}

/// <summary>The real thing.</summary>
public sealed class Training(DataSource data, TimeProvider clock) : ITraining
{
    private readonly Lock _gate = new();
    private string? _fingerprint;
    private Thread? _early;

    /// <param name="folder">To look for data sets in first; null: the usual places.</param>
    public static Training Of(string? folder) => new(new DataSource(DataFolder.Find(folder)), TimeProvider.System);

    /// <summary>Finds the fingerprint on a thread of its own. Whoever asks for it waits for that; why it can't be had is told to them.</summary>
    public void Begin()
    {
        _early = new Thread(() =>
        {
            try
            {
                Fingerprint();
            }
            catch (Exception)
            {
            }
        })
        { IsBackground = true, Name = "fingerprint" };
        _early.Start();
    }

    /// <summary>Done once what was begun is over: a process that ends with a thread in libtorch dies of it.</summary>
    public Task Settled() => _early is { IsAlive: true } early ? Task.Run(early.Join) : Task.CompletedTask;

    public TrialOutcome Train(TrialSettings settings, Action<EpochMeasures> measured, TrialCourse course, byte[]? kept, CancellationToken stop) =>
        TrialRun.Run(settings, data, measured, clock, stop, course, kept);

    public string Fingerprint()
    {
        lock (_gate)
        {
            return _fingerprint ??= Learning.Fingerprint.Compute();
        }
    }
}

/// <summary>Runs a trial on a thread of its own: never on the pool, where long work would starve the cluster's heartbeats.</summary>
internal static class TrialRunner
{
    /// <param name="news">Called on the training thread whenever the trial has something new to say, its end last.</param>
    public static void Start(ITraining training, TrialKeeper keeper, TrialInHand trial, TimeProvider clock, ILogger log, Action<TrialInHand> news)
    {
        var thread = new Thread(() =>
        {
            trial.Ended(Watched(training, keeper, trial, clock, log, news));
            news(trial);
        })
        {
            IsBackground = true,
            Name = $"trial {trial.Assignment.Trial}",
        };
        thread.Start();
    }

    private static TrainingEnd Watched(ITraining training, TrialKeeper keeper, TrialInHand trial, TimeProvider clock, ILogger log, Action<TrialInHand> news)
    {
        using var span = TrainerMeters.BeginSpan(trial.Assignment);
        log.TrialBegins(trial.Assignment);
        var began = clock.GetTimestamp();
        TrainingEnd end;
        using (log.BeginTrial(trial.Key, trial.Assignment.Trial))
        {
            end = Run(training, keeper, trial, clock, log, news);
        }

        var took = clock.GetElapsedTime(began);
        log.TrialEnded(trial.Assignment, end, trial.Ledger.MeasuredEpoch, took);
        span.End(end, trial.Ledger.MeasuredEpoch);
        TrainerMeters.Ended(trial.Key, end, took);
        return end;
    }

    private static TrainingEnd Run(ITraining training, TrialKeeper keeper, TrialInHand trial, TimeProvider clock, ILogger log, Action<TrialInHand> news)
    {
        var began = clock.GetTimestamp();
        trial.Begun();
        var before = TimeSpan.Zero;
        try
        {
            var course = keeper.CourseOf(trial);
            if (course.From is { } from)
            {
                before = from.Spent;
                trial.GoesOnFrom(from.Epoch);
                log.GoesOn(trial.Assignment, from.Epoch);
            }

            var outcome = training.Train(
                trial.Assignment.Settings,
                epoch =>
                {
                    if (trial.Ledger.Unwritten.Count is var unwritten && unwritten >= TrialInHand.MostUnwritten)
                    {
                        log.BufferFull(unwritten);
                    }

                    trial.Measured(epoch);
                    if (epoch.Epoch > (course.From?.Epoch ?? 0))
                    {
                        TrainerMeters.EpochTrained(trial.Key); // Not those that are only told again.
                    }

                    news(trial);
                },
                course,
                trial.Assignment.Kept,
                trial.Stop);
            return new TrainingEnd.Finished(outcome, before + clock.GetElapsedTime(began));
        }
        catch (OperationCanceledException) when (trial.Stop.IsCancellationRequested)
        {
            return new TrainingEnd.Stopped();
        }
        catch (DataProblem missing)
        {
            return new TrainingEnd.Unable(missing.Message);
        }
        catch (Exception error)
        {
            return new TrainingEnd.Failed(FirstLine(error), before + clock.GetElapsedTime(began));
        }
    }

    /// <summary>Errors out of libtorch carry pages of C++ frames behind their first line.</summary>
    private static string FirstLine(Exception error)
    {
        var text = error.Message.Split('\n', 2)[0].Trim();
        return $"{error.GetType().Name}: {(text.Length > 500 ? text[..500] : text)}";
    }
}
