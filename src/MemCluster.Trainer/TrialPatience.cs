using System.Globalization;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Trainer;

/// <summary>Whether a trial takes longer than it may. What its process takes of the machine is looked at where there is such a process.</summary>
internal static class TrialPatience
{
    /// <param name="trained">How long it has been in training, without what it waited for its coordinator.</param>
    /// <param name="sinceEpoch">The same since its last epoch, or since its begin.</param>
    /// <returns>Null while it may go on.</returns>
    public static TrainingEnd.Failed? Judge(TrialLimits? limits, TimeSpan trained, TimeSpan sinceEpoch) =>
        limits?.Time is { } time && trained > time
            ? new($"it took longer than the {TimeLength.Text(time)} that a trial of this sweep may take", trained, FaultKind.Overtime)
        : limits?.Idle is { } idle && sinceEpoch > idle
            ? new(string.Create(CultureInfo.InvariantCulture, $"no epoch ended in {sinceEpoch.TotalSeconds:0} s; in this sweep one may take {TimeLength.Text(idle)}"), trained, FaultKind.Stalled)
        : null;
}
