using MemCluster.Learning;
using MemCluster.Sweeps;
using MemCluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>Runs a trial on a thread of its own: never on the pool, where long work would starve the cluster's heartbeats.</summary>
/// <param name="news">Told, on any thread, whenever the trial has something new to say.</param>
internal sealed class TrialRunner(ITraining training, TrialKeeper keeper, TimeProvider clock, ILogger log, Action<TrialInHand> news)
{
    /// <param name="over">Called on the training thread, last.</param>
    public void Start(TrialInHand trial, Action<TrialInHand> over)
    {
        var thread = new Thread(() =>
        {
            Watched(trial);
            over(trial);
            news(trial);
        })
        {
            IsBackground = true,
            Name = $"trial {trial.Assignment.Trial}",
        };
        thread.Start();
    }

    /// <summary>Says how the trial ended, if nobody has; from then on nobody else may.</summary>
    /// <returns>Whether it was said now.</returns>
    public bool Settle(TrialInHand trial, TrainingEnd end, TimeSpan took)
    {
        if (!trial.MaySettle())
        {
            return false;
        }

        log.TrialEnded(trial.Assignment, end, trial.Ledger.MeasuredEpoch, took);
        TrainerMeters.Ended(trial.Key, end, took);
        trial.Ended(end);
        return true;
    }

    private void Watched(TrialInHand trial)
    {
        using var span = TrainerMeters.BeginSpan(trial.Assignment);
        log.TrialBegins(trial.Assignment);
        var began = clock.GetTimestamp();
        TrainingEnd end;
        using (log.BeginTrial(trial.Key, trial.Assignment.Trial))
        {
            end = Run(trial);
        }

        Settle(trial, end, clock.GetElapsedTime(began));
        span.End(trial.End ?? end, trial.Ledger.MeasuredEpoch);
    }

    private TrainingEnd Run(TrialInHand trial)
    {
        var began = clock.GetTimestamp();
        var before = TimeSpan.Zero;
        try
        {
            var course = keeper.CourseOf(trial) with
            {
                Found = found =>
                {
                    trial.Found(found);
                    news(trial);
                },
            };
            if (course.From is { } from)
            {
                before = from.Spent;
                trial.GoesOnFrom(from.Epoch);
                log.GoesOn(trial.Assignment, from.Epoch);
            }

            var outcome = training.Train(
                trial.Assignment,
                course,
                () =>
                {
                    began = clock.GetTimestamp();
                    trial.Begun();
                },
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
            var (fault, sentence) = TrialFault.Of(error);
            return new TrainingEnd.Failed(sentence, before + clock.GetElapsedTime(began), fault);
        }
    }
}
