using System.Diagnostics.Metrics;
using MemCluster.Telemetry;

namespace MemCluster.Trainer;

/// <summary>A training floor as it stands, to be looked at by whoever exports it.</summary>
internal sealed class TrainerGauges : IDisposable
{
    private readonly Meter _meter = new(Signals.Name);

    public TrainerGauges(TrainingFloor floor, int slots)
    {
        _meter.CreateObservableGauge(
            "memcluster.trainer.slots",
            () =>
            {
                var busy = floor.Threads;
                return (Measurement<long>[])[Of(busy, "busy"), Of(slots - busy, "free")];
            },
            "{slot}", "Slots of this trainer.");
        _meter.CreateObservableGauge(
            "memcluster.trainer.buffer", () => floor.Hand.Sum(trial => (long)trial.Ledger.Unwritten.Count), "{epoch}", "Epochs that wait to be on the coordinator's disk.");
        _meter.CreateObservableGauge(
            "memcluster.trainer.buffer.fill",
            () => floor.Hand.Select(trial => trial.Ledger.Unwritten.Count / (double)TrialInHand.MostUnwritten).DefaultIfEmpty(0).Max(),
            "1", "How full the fullest trial's buffer is, from 0 to 1; at 1 its training waits.");
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long> Of(long slots, string state) => new(slots, new KeyValuePair<string, object?>("state", state));
}
