using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>A workload that only waits, for trying out a deployment. It never touches a torch type, so libtorch is not loaded for it.</summary>
internal static class SleepWorkload
{
    /// <param name="wait">Waits for a time, or throws <see cref="OperationCanceledException"/>; handed in, so that a test need not wait.</param>
    public static TrialOutcome Run(TrialSettings settings, Action<TimeSpan> wait, TrialKeeping keeping, CancellationToken stop)
    {
        var share = TimeSpan.FromSeconds(settings.Network.Seconds / settings.Training.Epochs);
        keeping.Begin();
        for (var epoch = keeping.Epoch + 1; epoch <= settings.Training.Epochs; epoch++)
        {
            stop.ThrowIfCancellationRequested();
            if (share > TimeSpan.Zero)
            {
                wait(share);
            }

            keeping.Note(Measures.None(epoch));
            if (epoch < settings.Training.Epochs)
            {
                keeping.Between(() => ([], null, null));
            }
        }

        return new TrialOutcome(TrialState.Finished, settings.Training.Epochs, ImmutableSortedDictionary<string, double>.Empty, "");
    }
}
