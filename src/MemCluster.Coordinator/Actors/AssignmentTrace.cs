using System.Diagnostics;
using MemCluster.Messages;
using MemCluster.Telemetry;

namespace MemCluster.Coordinator;

/// <summary>The first span of an attempt: from the coordinator's choice until the assignment is on disk. Its context travels to the trainer, whose span hangs below it.</summary>
internal static class AssignmentTrace
{
    /// <param name="chosenAt">When the trainer was chosen.</param>
    /// <returns>The assignment with its context; as it is when nobody traces.</returns>
    public static TrialAssignment Traced(TrialAssignment trial, string trainer, DateTimeOffset chosenAt)
    {
        if (!Signals.Traces.HasListeners())
        {
            return trial;
        }

        var outer = Activity.Current;
        Activity.Current = null; // Whatever led here is not what caused the attempt.
        using var span = Signals.Traces.StartActivity(
            ActivityKind.Producer, parentContext: default, Signals.TagsOf(trial.Key, trial.Trial), startTime: chosenAt, name: "assign trial");
        span?.SetTag("memcluster.trainer", trainer);
        span?.Stop();
        Activity.Current = outer;
        return span is null ? trial : trial with { Trace = span.Id };
    }
}
