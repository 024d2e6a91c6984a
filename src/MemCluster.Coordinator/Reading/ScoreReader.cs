using System.Collections.Concurrent;
using MemCluster.Messages;
using MemCluster.Statistics;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Which examples a trial keeps, from what its scoring trials found. A function of rows that never change: asked again, by another coordinator or after a
/// crash, it gives the same bits.
/// </summary>
/// <param name="flush">After it, everything written so far is readable.</param>
internal sealed class ScoreReader(ReadModelReader model, Func<CancellationToken, Task> flush)
{
    private const int MostRemembered = 32;

    /// <summary>Scores read last: many trials wait for the same ones. By cell, so that a deleted sweep's are still true.</summary>
    private readonly ConcurrentDictionary<(CellId, string), double[]> _remembered = new();

    public Task<Scored> Find(Grid grid, int place) => Task.Run(async () =>
    {
        var settings = grid.SettingsAt(place);
        if (settings.Network.Kind == NetworkSettings.Sleep)
        {
            return new Scored.Found(null);
        }

        var runs = new List<double[]>();
        var flushed = false;
        foreach (var score in grid.ScoresOf(place))
        {
            var key = (grid.CellAt(score), settings.Prune.Score);
            if (!_remembered.TryGetValue(key, out var scores))
            {
                if (!flushed)
                {
                    await flush(CancellationToken.None).ConfigureAwait(false);
                    flushed = true;
                }

                if (Read(grid.Spec.Name, score + 1, settings.Prune.Score) is not { } read)
                {
                    return (Scored)new Scored.Missing($"trial {score + 1}, which computes its scores, ended before it measured them");
                }

                // Where a score is NaN there is no order; whichever examples stayed, the trial would claim that they are the ones with low scores.
                if (read.Count(double.IsNaN) is var nan and > 0)
                {
                    return new Scored.Missing($"{settings.Prune.Score} came out NaN for {nan} of {read.Length} training examples in trial {score + 1}, which computes its scores");
                }

                if (_remembered.Count >= MostRemembered)
                {
                    _remembered.Clear();
                }

                scores = _remembered[key] = read;
            }

            runs.Add(scores);
        }

        return new Scored.Found(KeptBits.Of(settings.Prune, OverEpochs.Mean(runs)));
    });

    /// <summary>Mean over the epochs measured; null if there are none.</summary>
    private double[]? Read(SweepId sweep, int trial, string score)
    {
        var row = model.Find(sweep) ?? throw new InvalidOperationException($"{sweep} is not in the read model yet.");
        double[][] epochs = [.. model.Measured.Arrays(row, trial).Where(array => array.Found.Name == score).Select(array => array.Found.ToNumbers())];
        return epochs.Length == 0 ? null : OverEpochs.Mean(epochs);
    }
}
