using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>
/// What a coordinator says in its log. At the level of information stands what an operator would want to be told, a line each; what happens to every trial
/// is for --verbose. Each line about a trial names sweep, trial and attempt; a test looks at these templates and at what runs really say.
/// </summary>
internal static partial class CoordinatorLines
{
    [LoggerMessage(LogLevel.Information, "Coordinator on {node} began term {term}; {sweeps} sweeps, {over} of them over")]
    public static partial void TermBegan(this ILogger log, string node, long term, int sweeps, int over);

    [LoggerMessage(LogLevel.Error, "Another coordinator has begun term {term}; this node was cut off, and gives way")]
    public static partial void Replaced(this ILogger log, long term);

    [LoggerMessage(LogLevel.Critical, "The cluster took this node for lost and goes on without it; it ends, to be started again")]
    public static partial void Downed(this ILogger log);

    [LoggerMessage(LogLevel.Critical, "{why}")]
    public static partial void JournalLost(this ILogger log, string why);

    [LoggerMessage(LogLevel.Warning, "{file} can't be written, and is tried again: {why}")]
    public static partial void MembersNotWritten(this ILogger log, string file, string why);

    [LoggerMessage(LogLevel.Warning, "{file} was deleted, moved or replaced; its rows are made again from the journal")]
    public static partial void RowsLost(this ILogger log, string file);

    [LoggerMessage(LogLevel.Warning, "The journal has lost events, or is a copy of an earlier day: {why}. The rows are made again from what it has")]
    public static partial void RowsNotOfThisJournal(this ILogger log, string why);

    [LoggerMessage(LogLevel.Information, "{sweep} was submitted: {trials} trials")]
    public static partial void Submitted(this ILogger log, SweepId sweep, int trials);

    [LoggerMessage(LogLevel.Information, "{sweep} goes on: {ended} of {trials} trials have ended")]
    public static partial void GoesOn(this ILogger log, SweepId sweep, int ended, int trials);

    [LoggerMessage(LogLevel.Information, "{sweep} is over: {finished} finished, {diverged} diverged, {failed} failed, {cancelled} cancelled")]
    public static partial void IsOver(this ILogger log, SweepId sweep, int finished, int diverged, int failed, int cancelled);

    [LoggerMessage(LogLevel.Information, "{verb} {sweep}: {trials} trials changed")]
    public static partial void Controlled(this ILogger log, string verb, SweepId sweep, int trials);

    [LoggerMessage(LogLevel.Information, "{verb} {sweep} was refused: {why}")]
    public static partial void ControlRefused(this ILogger log, string verb, SweepId sweep, string why);

    [LoggerMessage(LogLevel.Error, "{sweep} can't be read: {why}")]
    public static partial void SweepUnreadable(this ILogger log, SweepId sweep, string why);

    [LoggerMessage(LogLevel.Warning, "{sweep} trial {trial} attempt {attempt} waits: the scores that it needs can't be read yet ({why})")]
    public static partial void ScoresNotRead(this ILogger log, SweepId sweep, int trial, int attempt, string why);

    [LoggerMessage(LogLevel.Warning, "The claims of {sweep} can't be looked at yet: {why}")]
    public static partial void NotLooked(this ILogger log, SweepId sweep, string why);

    [LoggerMessage(LogLevel.Error, "{sweep} trial {trial} attempt {attempt} is taken back: {why}. Was the journal put back to an older copy?")]
    public static partial void JournalLostEpochs(this ILogger log, SweepId sweep, int trial, int attempt, string why);

    [LoggerMessage(LogLevel.Error, "Trainer {trainer} has heard of term {heard}, and the journal knows none after {term}: it was put back to an older copy. A later term begins")]
    public static partial void JournalLostTerms(this ILogger log, string trainer, long heard, long term);

    [LoggerMessage(LogLevel.Information, "Trainer {trainer} joined from {host} with {slots} slots, holding {held} trials")]
    public static partial void TrainerJoined(this ILogger log, string trainer, string host, int slots, int held);

    [LoggerMessage(LogLevel.Debug, "Trainer {trainer} registered again, holding {held} trials")]
    public static partial void TrainerRegisteredAgain(this ILogger log, string trainer, int held);

    [LoggerMessage(LogLevel.Warning, "Trainer {trainer} was refused: {why}")]
    public static partial void TrainerRefused(this ILogger log, string trainer, string why);

    [LoggerMessage(LogLevel.Information, "Trainer {trainer} leaves ({why}) and hands back {held} trials")]
    public static partial void TrainerLeaves(this ILogger log, string trainer, string why, int held);

    [LoggerMessage(LogLevel.Warning, "Trainer {trainer} {how}; its {held} trials go to others")]
    public static partial void TrainerLost(this ILogger log, string trainer, string how, int held);

    [LoggerMessage(LogLevel.Warning, "Trainer {trainer} says nothing any more; it keeps its {held} trials while their leases last")]
    public static partial void TrainerUnreachable(this ILogger log, string trainer, int held);

    [LoggerMessage(LogLevel.Information, "Trainer {trainer} is heard again")]
    public static partial void TrainerReachable(this ILogger log, string trainer);

    [LoggerMessage(LogLevel.Information, "Trainer {trainer} gets no new trials: it is drained")]
    public static partial void TrainerDrained(this ILogger log, string trainer);

    [LoggerMessage(LogLevel.Information, "Trainer {trainer} may have trials again")]
    public static partial void TrainerUndrained(this ILogger log, string trainer);

    [LoggerMessage(LogLevel.Warning, "Trainer {trainer} is set aside for {seconds:0} s: {why}")]
    public static partial void TrainerSetAside(this ILogger log, string trainer, double seconds, string why);

    [LoggerMessage(LogLevel.Information, "Trainer {trainer} is well again: a trial ended there")]
    public static partial void TrainerWellAgain(this ILogger log, string trainer);

    [LoggerMessage(LogLevel.Information, "Trainer {trainer} gets no trial of {sweep}: {why}")]
    public static partial void NoTrialFor(this ILogger log, string trainer, SweepId sweep, string why);

    [LoggerMessage(LogLevel.Debug, "{sweep} trial {trial} attempt {attempt} ({label}) goes to {trainer}")]
    public static partial void TrialAssigned(this ILogger log, SweepId sweep, int trial, int attempt, string label, string trainer);

    [LoggerMessage(LogLevel.Debug, "{sweep} trial {trial} attempt {attempt} {state} on {trainer} after {epochs} epochs")]
    public static partial void TrialEnded(this ILogger log, SweepId sweep, int trial, int attempt, TrialState state, string trainer, int epochs);

    [LoggerMessage(LogLevel.Warning, "{sweep} trial {trial} attempt {attempt} ({label}) failed on {trainer}: {error}")]
    public static partial void TrialFailed(this ILogger log, SweepId sweep, int trial, int attempt, string label, string trainer, string error);

    /// <param name="level">A warning if something was lost, information if it was handed back in good order.</param>
    [LoggerMessage("{sweep} trial {trial} attempt {attempt} ({label}) is pending again, after epoch {epoch}: {why}")]
    public static partial void TrialReleased(
        this ILogger log, LogLevel level, SweepId sweep, int trial, int attempt, string label, int epoch, string why);

    [LoggerMessage(LogLevel.Error, "{stream} could not write event {number} ({kind}); it begins again from what is written")]
    public static partial void NotWritten(this ILogger log, Exception cause, string stream, long number, string kind);

    [LoggerMessage(LogLevel.Error, "{stream} could not be read from the journal; it is tried again")]
    public static partial void NotRecovered(this ILogger log, Exception cause, string stream);

    [LoggerMessage(LogLevel.Warning, "The snapshot of {stream} is not believed ({why}); its events are read instead")]
    public static partial void SnapshotDoubted(this ILogger log, string stream, string why);

    [LoggerMessage(LogLevel.Warning, "{stream} has no new snapshot ({why}); the next start reads more events")]
    public static partial void NoSnapshot(this ILogger log, string stream, string why);

    [LoggerMessage(LogLevel.Warning, "{stream} keeps its old snapshots: {why}")]
    public static partial void OldSnapshotsStay(this ILogger log, string stream, string why);

    [LoggerMessage(LogLevel.Error, "Reading {what} from the journal failed, it is tried again: {why}")]
    public static partial void NotRead(this ILogger log, string what, string why);

    [LoggerMessage(LogLevel.Error, "{sweep} is shown as far as it can be read from the journal, and no further: {why}")]
    public static partial void SetAside(this ILogger log, SweepId sweep, string why);
}
