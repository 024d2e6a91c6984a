using MemCluster.Messages;

namespace MemCluster.Reporting.Plans;

/// <summary>Where a cost comes from: the weakest source that any part of it needed.</summary>
public enum CostBasis
{
    /// <summary>Epochs of just this shape were timed here.</summary>
    Measured,

    /// <summary>Other shapes were timed here; the arithmetic scales them.</summary>
    Scaled,

    /// <summary>Nothing was timed here: arithmetic alone.</summary>
    Estimated,
}

/// <summary>
/// Seconds per epoch of one slot, from what was measured here, else from counting multiplications. The constants are those of TorchSharp
/// on one thread of a 2020s server core (a step of 128 examples of a 512-wide MLP: 4.4 ms); they only serve until something was measured.
/// </summary>
public sealed class WorkModel
{
    private const double MultiplyAddsPerSecond = 58e9;
    private const double SecondsPerStep = 170e-6;

    /// <summary>How much longer a multiplication takes in a convolution (24 filters, batch 64: 40 ms a step).</summary>
    private const double ConvolutionPace = 2.5;

    /// <summary>Words, journal and bookkeeping of a trial, whatever it trains.</summary>
    private const double SecondsPerTrial = 0.005;

    private readonly Dictionary<WorkShape, double> _measured = [];
    private readonly double? _scale;

    public WorkModel(IReadOnlyList<WorkTiming> timings)
    {
        var usable = timings.Where(timing => timing.SecondsPerEpoch > 0 && timing.Shape.Network != NetworkSettings.Sleep).ToArray();
        foreach (var timing in usable)
        {
            _measured[timing.Shape] = timing.SecondsPerEpoch;
        }

        // The middle one: a machine that was busy for one trial must not make everything look slow.
        // Trials that measure more than every epoch's numbers tell little of the arithmetic of training.
        var ratios = usable.Where(timing => timing.Shape.Measures is null).Select(timing => timing.SecondsPerEpoch / Arithmetic(timing.Shape)).Order().ToArray();
        _scale = ratios.Length == 0 ? null : ratios[ratios.Length / 2];
    }

    public (double Seconds, CostBasis Basis) EpochOf(WorkShape shape) =>
        _measured.TryGetValue(shape, out var measured) ? (measured, CostBasis.Measured)
        : _scale is { } scale ? (Arithmetic(shape) * scale, CostBasis.Scaled)
        : (Arithmetic(shape), CostBasis.Estimated);

    /// <summary>Seconds that a slot spends on the trial if it trains all its epochs.</summary>
    public double TrialOf(TrialSettings settings) =>
        TrialOf(WorkShape.Of(settings), settings.Training.Epochs, settings.Network.Seconds, settings.Measures);

    /// <param name="sleeps">Seconds that a trial without training waits.</param>
    /// <param name="measures">What it measures now and then; where just this was timed, it is in the time of the epochs.</param>
    public double TrialOf(WorkShape shape, int epochs, double sleeps, MeasurePlan? measures = null)
    {
        if (shape.Network == NetworkSettings.Sleep)
        {
            return SecondsPerTrial + sleeps;
        }

        var (seconds, basis) = EpochOf(shape);
        return SecondsPerTrial + epochs * seconds + (basis == CostBasis.Measured ? 0 : (_scale ?? 1) * Measuring(shape, epochs, measures));
    }

    private static double Measuring(WorkShape shape, int epochs, MeasurePlan? measures)
    {
        var (train, validation, _, classes, products) = SizesOf(shape);
        var steps = shape.EpochSteps ?? Math.Ceiling(train / Math.Max(1, shape.Batch));
        return MeasureCosts.MultiplyAdds(measures, new(products, train, validation, classes, steps, shape.Batch, epochs))
            * (shape.Precision == "float64" ? 2 : 1) / MultiplyAddsPerSecond / Math.Sqrt(Math.Max(1, shape.Threads));
    }

    private static (double Train, double Validation, double Inputs, double Classes, double Products) SizesOf(WorkShape shape)
    {
        var card = DataCatalog.Find(shape.Data)?.Pooled(shape.Pool ?? 1);
        double inputs = card?.Pixels ?? 1;
        double train = shape.Train ?? card?.Train ?? 0;
        var (classes, validation) = shape.UniqueLabels == true ? (train, 0) : (card?.Classes ?? 1, shape.Validation ?? card?.Validation ?? 0);
        return (train, validation, inputs, classes,
            shape.Cnn is { } cnn ? Products(cnn, card?.Channels ?? 1, classes)
            : shape.Depth == 0 ? inputs * classes
            : inputs * shape.Width + (shape.Depth - 1.0) * shape.Width * shape.Width + shape.Width * classes);
    }

    private static double Arithmetic(WorkShape shape)
    {
        var (train, validation, inputs, _, weights) = SizesOf(shape);

        // A step goes forward once and backward twice; after the epoch everything goes forward once more to be measured. Of two splits the larger one counts.
        var trained = shape.SecondSplit is { } split ? Math.Max(split.Of((int)train), train - split.Of((int)train)) : train;
        var (steps, seen) = shape.EpochSteps is { } counted ? (counted, (double)counted * shape.Batch) : (Math.Ceiling(trained / Math.Max(1, shape.Batch)), trained);
        var regularizers = shape.Regularizers.Split(" + ");
        var passes = RegularizerKind.All.Where(kind => regularizers.Contains(kind.Name)).Select(kind => kind.Passes).DefaultIfEmpty(RegularizerKind.PlainPasses).Max();
        var multiplyAdds = weights * (passes * seen + train + validation) * (shape.Precision == "float64" ? 2 : 1);
        var draws = shape.Regularizers.Length == 0 ? 0 : seen * (inputs + shape.Depth * (double)shape.Width) * 5e-9;
        return steps * SecondsPerStep
            + multiplyAdds / MultiplyAddsPerSecond / Math.Sqrt(Math.Max(1, shape.Threads)) + draws;
    }

    /// <summary>Multiplications for one image, each convolution's as often as it has places: 28 × 28, less what padding and pooling leave out.</summary>
    private static double Products(CnnShape cnn, double channels, double classes)
    {
        var (filters, same) = (cnn.Filters * cnn.Multiplier, cnn.Padding == "same");
        var (first, pooled) = same ? (28, Math.Ceiling(28.0 / cnn.PoolStride)) : (24, Math.Floor(21.0 / cnn.PoolStride) + 1);
        var (second, left) = same ? (pooled, Math.Ceiling(pooled / cnn.PoolStride)) : (pooled - 4, Math.Floor((pooled - 7) / cnn.PoolStride) + 1);
        var (wide, narrow) = (384 * cnn.Multiplier, 192 * cnn.Multiplier);
        return ConvolutionPace * 25 * filters * (channels * first * first + filters * second * second)
            + filters * left * left * wide + wide * narrow + narrow * classes;
    }
}
