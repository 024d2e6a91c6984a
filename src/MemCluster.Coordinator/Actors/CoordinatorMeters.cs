using System.Diagnostics.Metrics;
using MemCluster.Sweeps;
using MemCluster.Telemetry;

namespace MemCluster.Coordinator;

/// <summary>What a coordinator counts. No attribute names a trial: a sweep may have ten million.</summary>
internal static class CoordinatorMeters
{
    private static readonly Histogram<double> Writes = Signals.Meter.CreateHistogram(
        "memcluster.journal.write.duration", "s", "From handing events to the journal until they are on disk.", tags: null, Signals.Waits);

    private static readonly Counter<long> EpochsWritten = Signals.Meter.CreateCounter<long>(
        "memcluster.epochs.written", "{epoch}", "Epochs whose measures came onto disk.");

    private static readonly Counter<long> Acknowledged = Signals.Meter.CreateCounter<long>(
        "memcluster.words.acknowledged", "{word}", "Words of trainers that were answered after the write.");

    private static readonly Counter<long> TrialsLost = Signals.Meter.CreateCounter<long>(
        "memcluster.trials.lost", "{trial}", "Attempts that ended without a result; their trials are pending again.");

    private static readonly Histogram<double> Wait = Signals.Meter.CreateHistogram(
        "memcluster.queue.wait", "s", "How long a free slot and a pending trial waited for each other.", tags: null, Signals.Waits);

    public static void Written(string stream, TimeSpan took)
    {
        if (Writes.Enabled)
        {
            Writes.Record(took.TotalSeconds, new KeyValuePair<string, object?>("stream", stream));
        }
    }

    public static void Epochs(string sweep, int count)
    {
        if (EpochsWritten.Enabled)
        {
            EpochsWritten.Add(count, new KeyValuePair<string, object?>("sweep", sweep));
        }
    }

    /// <param name="kind"><c>measures</c> or <c>end</c>.</param>
    /// <param name="repeat">It was on disk before.</param>
    public static void Answered(string kind, bool repeat)
    {
        if (Acknowledged.Enabled)
        {
            Acknowledged.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("repeat", repeat));
        }
    }

    public static void Lost(string sweep, Loss why)
    {
        if (TrialsLost.Enabled)
        {
            TrialsLost.Add(1, new KeyValuePair<string, object?>("sweep", sweep), new KeyValuePair<string, object?>("reason", NameOf(why)));
        }
    }

    public static void Waited(TimeSpan wait, int trials)
    {
        for (var trial = 0; trial < trials && Wait.Enabled; trial++)
        {
            Wait.Record(wait.TotalSeconds);
        }
    }

    private static string NameOf(Loss why) => why switch
    {
        Loss.HandedBack => "handed_back",
        Loss.TrainerLost => "trainer_lost",
        Loss.LeaseExpired => "lease_expired",
        Loss.TrainerRestarted => "trainer_restarted",
        Loss.Unable => "unable",
        Loss.NotReached => "not_reached",
        Loss.JournalLost => "journal_lost",
        _ => throw new NotSupportedException($"A loss by {why} has no name."),
    };
}
