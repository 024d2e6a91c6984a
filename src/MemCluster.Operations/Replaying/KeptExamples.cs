using MemCluster.Messages;
using MemCluster.Statistics;
using MemCluster.Sweeps;

namespace MemCluster.Operations.Replaying;

/// <summary>
/// Which examples a trial keeps, from what its scoring trials are recorded to have found, by the coordinator's rule. Found anew, and not read from the trial's own
/// record: the record is what is on trial.
/// </summary>
internal static class KeptExamples
{
    /// <returns>As <see cref="KeptBits"/>; null where the trial leaves none out by scores.</returns>
    /// <exception cref="UserError">Some scores are not recorded.</exception>
    public static async Task<byte[]?> Of(IOperator answerer, Grid grid, int place, CancellationToken cancel)
    {
        var settings = grid.SettingsAt(place);
        var scoring = grid.ScoresOf(place);
        if (scoring.Count == 0 || settings.Network.Kind == NetworkSettings.Sleep)
        {
            return null;
        }

        var runs = new List<double[]>();
        foreach (var score in scoring)
        {
            var epochs = new List<double[]>();
            await foreach (var array in answerer.Arrays(grid.Spec.Name, score + 1, cancel))
            {
                if (array.Found.Name == settings.Prune.Score)
                {
                    epochs.Add(array.Found.ToNumbers());
                }
            }

            runs.Add(epochs.Count > 0
                ? OverEpochs.Mean(epochs)
                : throw new UserError($"Trial {place + 1} of {grid.Spec.Name} leaves examples out by {settings.Prune.Score} of trial {score + 1}, and nothing is recorded of that. Look with: memcluster trial {grid.Spec.Name} {place + 1}"));
        }

        return KeptBits.Of(settings.Prune, OverEpochs.Mean(runs));
    }
}
