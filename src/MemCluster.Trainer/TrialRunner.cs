using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>What trains: the trainer's whole view of the science.</summary>
public interface ITraining
{
    /// <summary>Trains the trial on the calling thread, telling each epoch's measures.</summary>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    /// <exception cref="DataProblem">This machine has not got the data set.</exception>
    TrialOutcome Train(TrialSettings settings, Action<EpochMeasures> measured, CancellationToken stop);

    /// <summary>Digest of what the machine's tensor arithmetic gives on a fixed training run.</summary>
    string Fingerprint();
}

/// <summary>The real thing.</summary>
public sealed class Training(DataSource data, TimeProvider clock) : ITraining
{
    public TrialOutcome Train(TrialSettings settings, Action<EpochMeasures> measured, CancellationToken stop) =>
        TrialRun.Run(settings, data, measured, clock, stop);

    public string Fingerprint() => Learning.Fingerprint.Compute();
}

/// <summary>Runs a trial on a thread of its own: never on the pool, where long work would starve the cluster's heartbeats.</summary>
internal static class TrialRunner
{
    /// <param name="news">Called on the training thread whenever the trial has something new to say, its end last.</param>
    public static void Start(ITraining training, TrialInHand trial, TimeProvider clock, ILogger log, Action<TrialInHand> news)
    {
        var thread = new Thread(() =>
        {
            trial.Ended(Watched(training, trial, clock, log, news));
            news(trial);
        })
        {
            IsBackground = true,
            Name = $"trial {trial.Assignment.Trial}",
        };
        thread.Start();
    }

    private static TrainingEnd Watched(ITraining training, TrialInHand trial, TimeProvider clock, ILogger log, Action<TrialInHand> news)
    {
        using var span = TrainerMeters.BeginSpan(trial.Assignment);
        log.TrialBegins(trial.Assignment);
        var began = clock.GetTimestamp();
        TrainingEnd end;
        using (log.BeginTrial(trial.Key, trial.Assignment.Trial))
        {
            end = Run(training, trial, clock, log, news);
        }

        var took = clock.GetElapsedTime(began);
        log.TrialEnded(trial.Assignment, end, trial.MeasuredEpoch, took);
        span.End(end, trial.MeasuredEpoch);
        TrainerMeters.Ended(trial.Key, end, took);
        return end;
    }

    private static TrainingEnd Run(ITraining training, TrialInHand trial, TimeProvider clock, ILogger log, Action<TrialInHand> news)
    {
        var began = clock.GetTimestamp();
        trial.Begun();
        try
        {
            var outcome = training.Train(
                trial.Assignment.Settings,
                epoch =>
                {
                    if (trial.Unwritten >= TrialInHand.MostUnwritten)
                    {
                        log.BufferFull(trial.Unwritten);
                    }

                    trial.Measured(epoch);
                    TrainerMeters.EpochTrained(trial.Key);
                    news(trial);
                },
                trial.Stop);
            return new TrainingEnd.Finished(outcome, clock.GetElapsedTime(began));
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
            return new TrainingEnd.Failed(FirstLine(error), clock.GetElapsedTime(began));
        }
    }

    /// <summary>Errors out of libtorch carry pages of C++ frames behind their first line.</summary>
    private static string FirstLine(Exception error)
    {
        var text = error.Message.Split('\n', 2)[0].Trim();
        return $"{error.GetType().Name}: {(text.Length > 500 ? text[..500] : text)}";
    }
}
