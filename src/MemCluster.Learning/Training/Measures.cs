using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>From what a network says of each example to the numbers of an epoch. Sums run in double, in file order.</summary>
internal static class Measures
{
    /// <summary>The measures in the order of <see cref="MeasureNames.Epoch"/>; not defined where a part has no examples.</summary>
    /// <param name="weights">Digest of the weights after the epoch.</param>
    public static EpochMeasures After(int epoch, CorruptedData data, ExampleScores train, ExampleScores validation, string weights)
    {
        var (given, truth, corrupted) = (data.Given, data.True, data.Corrupted);
        var values = new Dictionary<string, double>
        {
            [MeasureNames.TrainLoss] = Mean(train.Losses),
            [MeasureNames.TrainAccuracy] = Share(given.Length, _ => true, i => train.Predictions[i] == given[i]),
            [MeasureNames.TrainAccuracyClean] = Share(given.Length, i => !corrupted[i], i => train.Predictions[i] == given[i]),
            [MeasureNames.TrainAccuracyCorrupted] = Share(given.Length, i => corrupted[i], i => train.Predictions[i] == given[i]),
            [MeasureNames.TrainAccuracyCorruptedTrue] = Share(given.Length, i => corrupted[i], i => train.Predictions[i] == truth[i]),
            [MeasureNames.ValidationLoss] = Mean(validation.Losses),
            [MeasureNames.ValidationAccuracy] = Share(data.ValidationLabels.Length, _ => true, i => validation.Predictions[i] == data.ValidationLabels[i]),
        };
        return new EpochMeasures(epoch, [.. MeasureNames.Epoch.Select(name => values[name])], weights);
    }

    public static double TrainAccuracy(EpochMeasures epoch) => Value(epoch, MeasureNames.TrainAccuracy);

    /// <summary>Whether training ends after this epoch.</summary>
    public static bool IsLast(EpochMeasures epoch, TrainingSettings training) =>
        epoch.Epoch == training.Epochs || TrainAccuracy(epoch) >= training.StopAtTrainAccuracy || Value(epoch, MeasureNames.TrainLoss) <= training.StopAtTrainLoss;

    /// <summary>Whether both losses are numbers; otherwise the trial has diverged. Without validation examples only one is asked.</summary>
    public static bool AreFinite(EpochMeasures epoch) =>
        double.IsFinite(Value(epoch, MeasureNames.TrainLoss))
        && (double.IsFinite(Value(epoch, MeasureNames.ValidationLoss)) || double.IsNaN(Value(epoch, MeasureNames.ValidationAccuracy)));

    /// <summary>Whether anything was measured: there are always training examples, except for a workload without measures.</summary>
    public static bool AreThere(EpochMeasures epoch) => !double.IsNaN(TrainAccuracy(epoch));

    /// <summary>The epoch of a workload without measures.</summary>
    public static EpochMeasures None(int epoch) =>
        new(epoch, [.. Enumerable.Repeat(double.NaN, MeasureNames.Epoch.Length)], "");

    public static double Value(EpochMeasures epoch, string name) => epoch.Values[MeasureNames.Epoch.IndexOf(name)];

    private static double Mean(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return Defined.Share(sum, values.Length);
    }

    private static double Share(int count, Func<int, bool> counts, Func<int, bool> right)
    {
        var (all, hits) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            if (counts(i))
            {
                all++;
                hits += right(i) ? 1 : 0;
            }
        }

        return Defined.Share(hits, all);
    }
}
