using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>What a trainer says in its log; each line about a trial names sweep, trial and attempt.</summary>
internal static partial class TrainerLines
{
    [LoggerMessage(LogLevel.Information, "Trainer {trainer} is registered (term {term}), holding {held} trials")]
    public static partial void Registered(this ILogger log, string trainer, long term, int held);

    [LoggerMessage(LogLevel.Error, "The coordinator refuses this trainer: {why}")]
    public static partial void Refused(this ILogger log, string why);

    [LoggerMessage(LogLevel.Error, "{why}")]
    public static partial void CannotTrain(this ILogger log, string why);

    [LoggerMessage(LogLevel.Warning, "{problem}")]
    public static partial void NotPinned(this ILogger log, string problem);

    [LoggerMessage(LogLevel.Information, "This machine's arithmetic has fingerprint {fingerprint}")]
    public static partial void Fingerprint(this ILogger log, string fingerprint);

    [LoggerMessage(LogLevel.Error, "This machine would compute trials wrongly and takes none: {fault}")]
    public static partial void WouldComputeWrongly(this ILogger log, string fault);

    [LoggerMessage(LogLevel.Information, "Trainer {trainer} leaves ({why}), holding {held} trials")]
    public static partial void Leaves(this ILogger log, string trainer, string why, int held);

    [LoggerMessage(LogLevel.Warning, "Trainer {trainer} was taken out of its cluster; its {held} trials go on and it joins again")]
    public static partial void LostCluster(this ILogger log, string trainer, int held);

    [LoggerMessage(LogLevel.Warning, "Trainer {trainer} has joined again, holding {held} trials")]
    public static partial void JoinedAgain(this ILogger log, string trainer, int held);

    [LoggerMessage(LogLevel.Warning, "Trainer {trainer} could not join again yet: {why}")]
    public static partial void NotJoinedYet(this ILogger log, string trainer, string why);

    [LoggerMessage(LogLevel.Debug, "Not understood: {word}")]
    public static partial void NotUnderstood(this ILogger log, object word);

    [LoggerMessage(LogLevel.Debug, "{sweep} trial {trial} attempt {attempt} ({label}) begins")]
    public static partial void TrialBegins(this ILogger log, SweepId sweep, int trial, int attempt, string label);

    [LoggerMessage(LogLevel.Debug, "{sweep} trial {trial} attempt {attempt} {outcome} after {epochs} epochs, {seconds:0.0} s")]
    public static partial void TrialEnded(this ILogger log, SweepId sweep, int trial, int attempt, string outcome, int epochs, double seconds);

    [LoggerMessage(LogLevel.Error, "{sweep} trial {trial} attempt {attempt} ({label}) failed: {error}")]
    public static partial void TrialFailed(this ILogger log, SweepId sweep, int trial, int attempt, string label, string error);

    [LoggerMessage(LogLevel.Warning, "{sweep} trial {trial} attempt {attempt} can't be trained here: {why}")]
    public static partial void TrialUnable(this ILogger log, SweepId sweep, int trial, int attempt, string why);

    [LoggerMessage(LogLevel.Information, "{sweep} trial {trial} attempt {attempt} is no longer this trainer's: it is stopped")]
    public static partial void TrialRevoked(this ILogger log, SweepId sweep, int trial, int attempt);

    /// <summary>Said within the trial's scope, which names it.</summary>
    [LoggerMessage(LogLevel.Warning, "Training waits for the coordinator: {unwritten} epochs are not written yet")]
    public static partial void BufferFull(this ILogger log, int unwritten);

    [LoggerMessage(LogLevel.Information, "{sweep} trial {trial} attempt {attempt} goes on from a checkpoint after epoch {epoch}")]
    public static partial void GoesOn(this ILogger log, SweepId sweep, int trial, int attempt, int epoch);

    [LoggerMessage(LogLevel.Information, "Trainer {trainer} is drained: no new trials, its {held} trials stop after their epoch, at the latest in {seconds:0} s")]
    public static partial void Drains(this ILogger log, string trainer, int held, double seconds);

    [LoggerMessage(LogLevel.Warning, "{sentence}")]
    public static partial void Checkpoint(this ILogger log, string sentence);

    public static void GoesOn(this ILogger log, TrialAssignment trial, int epoch) => log.GoesOn(trial.Key.Sweep, trial.Trial, trial.Key.Attempt, epoch);

    public static void TrialBegins(this ILogger log, TrialAssignment trial) =>
        log.TrialBegins(trial.Key.Sweep, trial.Trial, trial.Key.Attempt, trial.Label);

    public static void TrialEnded(this ILogger log, TrialAssignment trial, TrainingEnd end, int epochs, TimeSpan spent)
    {
        var (sweep, attempt) = (trial.Key.Sweep, trial.Key.Attempt);
        switch (end)
        {
            case TrainingEnd.Failed failed:
                log.TrialFailed(sweep, trial.Trial, attempt, trial.Label, failed.Error);
                break;
            case TrainingEnd.Unable unable:
                log.TrialUnable(sweep, trial.Trial, attempt, unable.Why);
                break;
            default:
                log.TrialEnded(sweep, trial.Trial, attempt, end.Name, epochs, spent.TotalSeconds);
                break;
        }
    }

    public static void TrialRevoked(this ILogger log, TrialAssignment trial) => log.TrialRevoked(trial.Key.Sweep, trial.Trial, trial.Key.Attempt);
}
