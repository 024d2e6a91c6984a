using System.Collections.Immutable;

namespace MemCluster.Messages;

/// <summary>Folds a trial's epochs into its final row.</summary>
public static class TrialOutcomes
{
    /// <summary>
    /// The last epoch's training measures and validation; the best validation accuracy and its epoch (the first of equal ones); the first epoch
    /// with every training example right against its given label; what the spec's own measures found last. What is no finite number is told by its word.
    /// </summary>
    /// <param name="epochs">In order; of a diverged trial, the finite ones.</param>
    /// <param name="initialWeights">Digest before the first epoch: the weights of a trial that diverged in it.</param>
    public static TrialOutcome Fold(TrialState state, IReadOnlyList<EpochMeasures> epochs, string initialWeights)
    {
        var measures = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        var absent = ImmutableSortedDictionary.CreateBuilder<string, Absence>(StringComparer.Ordinal);
        if (epochs.Count > 0)
        {
            var best = epochs[0];
            foreach (var epoch in epochs)
            {
                best = Value(epoch, MeasureNames.ValidationAccuracy) > Value(best, MeasureNames.ValidationAccuracy) ? epoch : best;
            }

            if (!double.IsNaN(Value(epochs[^1], MeasureNames.TrainAccuracy)))
            {
                OfEpochs(best, epochs[^1]);
            }

            foreach (var found in epochs.SelectMany(epoch => epoch.Findings).Where(found => found.Form == FindingForms.Number))
            {
                Note(found.Name, found.ToNumbers()[0]);
            }

            // Where there is none it was not reached: no number that failed, but a time known to be longer.
            if (epochs.FirstOrDefault(epoch => Value(epoch, MeasureNames.TrainAccuracy) == 1) is { } converged)
            {
                measures[MeasureNames.ConvergenceEpoch] = converged.Epoch;
            }
        }

        return new TrialOutcome(state, epochs.Count, measures.ToImmutable(), epochs.Count > 0 ? epochs[^1].Weights : initialWeights)
        {
            Absent = absent.Count > 0 ? absent.ToImmutable() : null,
        };

        void OfEpochs(EpochMeasures best, EpochMeasures last)
        {
            foreach (var name in MeasureNames.Final.Intersect(MeasureNames.Epoch))
            {
                Note(name, Number(last, name));
            }

            var bestAccuracy = Number(best, MeasureNames.ValidationAccuracy);
            Note(MeasureNames.ValidationAccuracyBest, bestAccuracy);
            Note(MeasureNames.ValidationBestEpoch, double.IsFinite(bestAccuracy) ? best.Epoch : bestAccuracy);
            Note(MeasureNames.ValidationAccuracyLast, Number(last, MeasureNames.ValidationAccuracy));
            Note(MeasureNames.ValidationLossLast, Number(last, MeasureNames.ValidationLoss));
        }

        // The last one counts, also where it is no number: an earlier one must not stand in its place.
        void Note(string name, double value)
        {
            measures.Remove(name);
            absent.Remove(name);
            if (Absences.Of(value) is { } word)
            {
                absent[name] = word;
            }
            else
            {
                measures[name] = value;
            }
        }
    }

    /// <summary>A number with its word: also of an epoch kept by a version that had none.</summary>
    private static double Number(EpochMeasures epoch, string name) =>
        Absences.OfEpoch(MeasureNames.Epoch, epoch.Values.AsSpan(), MeasureNames.Epoch.IndexOf(name)) == Absence.NotDefined ? Absences.NotDefined : Value(epoch, name);

    private static double Value(EpochMeasures epoch, string name) => epoch.Values[MeasureNames.Epoch.IndexOf(name)];
}
