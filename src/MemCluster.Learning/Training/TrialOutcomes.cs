using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Folds a trial's epochs into its final row.</summary>
public static class TrialOutcomes
{
    /// <summary>
    /// The last epoch's training measures and validation; the best validation accuracy and its epoch (the first of equal ones); the first epoch
    /// with every training example right against its given label; what the spec's own measures found last. What does not exist, or is no finite number, is absent.
    /// </summary>
    /// <param name="epochs">In order; of a diverged trial, the finite ones.</param>
    /// <param name="initialWeights">Digest before the first epoch: the weights of a trial that diverged in it.</param>
    public static TrialOutcome Fold(TrialState state, IReadOnlyList<EpochMeasures> epochs, string initialWeights)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        if (epochs.Count > 0)
        {
            var best = epochs[0];
            foreach (var epoch in epochs)
            {
                best = Value(epoch, MeasureNames.ValidationAccuracy) > Value(best, MeasureNames.ValidationAccuracy) ? epoch : best;
            }

            var last = epochs[^1];
            foreach (var name in MeasureNames.Final.Intersect(MeasureNames.Epoch))
            {
                Note(name, Value(last, name));
            }

            var bestAccuracy = Value(best, MeasureNames.ValidationAccuracy);
            Note(MeasureNames.ValidationAccuracyBest, bestAccuracy);
            Note(MeasureNames.ValidationBestEpoch, double.IsFinite(bestAccuracy) ? best.Epoch : double.NaN);
            Note(MeasureNames.ValidationAccuracyLast, Value(last, MeasureNames.ValidationAccuracy));
            Note(MeasureNames.ValidationLossLast, Value(last, MeasureNames.ValidationLoss));
            foreach (var found in epochs.SelectMany(epoch => epoch.Findings).Where(found => found.Form == FindingForms.Number))
            {
                Note(found.Name, found.ToNumbers()[0]);
            }

            Note(MeasureNames.ConvergenceEpoch, epochs.FirstOrDefault(epoch => Value(epoch, MeasureNames.TrainAccuracy) == 1)?.Epoch ?? double.NaN);
        }

        return new TrialOutcome(state, epochs.Count, measures.ToImmutable(), epochs.Count > 0 ? epochs[^1].Weights : initialWeights);

        void Note(string name, double value)
        {
            if (double.IsFinite(value))
            {
                measures[name] = value;
            }
        }
    }

    private static double Value(EpochMeasures epoch, string name) => epoch.Values[MeasureNames.Epoch.IndexOf(name)];
}
