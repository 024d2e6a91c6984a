using System.Diagnostics;
using System.Diagnostics.Metrics;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Telemetry;

namespace MemCluster.Trainer;

/// <summary>What a trainer counts and traces.</summary>
internal static class TrainerMeters
{
    private static readonly Counter<long> Epochs = Signals.Meter.CreateCounter<long>("memcluster.epochs.trained", "{epoch}", "Epochs that were trained here.");

    private static readonly Histogram<double> Durations = Signals.Meter.CreateHistogram(
        "memcluster.trial.duration", "s", "How long attempts took here, from their first step to their end.", tags: null, Signals.Trainings);

    public static void EpochTrained(TrialKey key)
    {
        if (Epochs.Enabled)
        {
            Epochs.Add(1, new KeyValuePair<string, object?>("sweep", key.Sweep.Name));
        }
    }

    public static void Ended(TrialKey key, TrainingEnd end, TimeSpan took)
    {
        if (Durations.Enabled)
        {
            Durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("sweep", key.Sweep.Name), new KeyValuePair<string, object?>("outcome", end.Name));
        }
    }

    /// <summary>The span of an attempt, below the coordinator's; to be ended with <see cref="End"/> and disposed of on the same thread. Null when nobody traces.</summary>
    public static Activity? BeginSpan(TrialAssignment trial) => !Signals.Traces.HasListeners() ? null : Signals.Traces.StartActivity(
        ActivityKind.Consumer,
        ActivityContext.TryParse(trial.Trace, null, isRemote: true, out var parent) ? parent : default,
        Signals.TagsOf(trial.Key, trial.Trial),
        name: "train trial");

    public static void End(this Activity? span, TrainingEnd end, int epochs)
    {
        if (span is not null)
        {
            span.SetTag("memcluster.outcome", end.Name).SetTag("memcluster.epochs", epochs);
            span.SetStatus(
                end is TrainingEnd.Failed or TrainingEnd.Unable ? ActivityStatusCode.Error : ActivityStatusCode.Ok,
                end is TrainingEnd.Failed failed ? failed.Error : end is TrainingEnd.Unable unable ? unable.Why : null);
        }
    }
}
