using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Groups;

/// <summary>What measures over curves need to know of each trial: its errors at the end, and on validation after each epoch. Errors are shares from 0 to 1.</summary>
internal sealed class TrialErrors
{
    public static readonly TrialErrors None = new();

    private readonly Dictionary<int, (double Train, double Validation)> _last = [];
    private readonly Dictionary<int, List<(double Epoch, double Error)>> _epochs = [];

    /// <summary>Goes once through the rows of trials and measures.</summary>
    public static async Task<TrialErrors> Gather(ResultRows rows, CancellationToken cancel)
    {
        var errors = new TrialErrors();
        var scaleOf = TrialScale.Of(rows.Spec, new Grid(rows.Spec).SettingsAt);
        await foreach (var row in rows.Trials().WithCancellation(cancel))
        {
            if (row.State is not (TrialState.Pending or TrialState.Running or TrialState.Waiting))
            {
                double ErrorOf(string accuracy) => row.State == TrialState.Diverged ? 1 - scaleOf(row.Trial - 1).Chance
                    : row.State == TrialState.Finished && row.Measures.TryGetValue(accuracy, out var share) ? 1 - share : double.NaN;
                errors._last[row.Trial - 1] = (ErrorOf(MeasureNames.TrainAccuracy), ErrorOf(MeasureNames.ValidationAccuracyLast));
            }
        }

        await foreach (var row in rows.Measures().WithCancellation(cancel))
        {
            if (row is { Measure: MeasureNames.ValidationAccuracy, Value: { } accuracy })
            {
                if (!errors._epochs.TryGetValue(row.Trial - 1, out var curve))
                {
                    errors._epochs.Add(row.Trial - 1, curve = []);
                }

                curve.Add((row.Epoch, 1 - accuracy));
            }
        }

        return errors;
    }

    /// <summary>After the last epoch; that of guessing where it diverged, NaN where it failed, null where it has not ended.</summary>
    /// <param name="place">Of the trial in the grid, from 0.</param>
    public (double Train, double Validation)? LastOf(int place) => _last.TryGetValue(place, out var errors) ? errors : null;

    /// <summary>On validation, in order; null where the trial has not ended, nothing where it did not finish.</summary>
    public IReadOnlyList<(double Epoch, double Error)>? EpochsOf(int place) => LastOf(place) is not { } last ? null
        : double.IsNaN(last.Validation) ? [] : _epochs.GetValueOrDefault(place) ?? [];
}
