using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>The real thing, in this process: libtorch is loaded here, and whatever ends it ends this process.</summary>
public sealed class Training(DataSource data, TimeProvider clock) : ITraining
{
    private readonly Lock _gate = new();
    private string? _fingerprint;

    /// <param name="folder">To look for data sets in first; null: the usual places.</param>
    public static Training Of(string? folder) => new(new DataSource(DataFolder.Find(folder)), TimeProvider.System);

    public TrialOutcome Train(TrialAssignment trial, TrialCourse course, Action begun, Action<EpochMeasures> measured, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(begun);
        begun();
        return TrialRun.Run(trial.Settings, data, measured, clock, stop, course, trial.Kept);
    }

    public string Fingerprint()
    {
        lock (_gate)
        {
            return _fingerprint ??= Learning.Fingerprint.Compute();
        }
    }
}
