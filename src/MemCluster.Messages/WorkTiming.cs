namespace MemCluster.Messages;

/// <summary>The settings of a trial that decide how long an epoch takes, and nothing else: seeds, noise and rates cost nothing.</summary>
/// <param name="Draws">The regularizers that draw numbers in every step, sorted, joined by " + "; empty for none.</param>
public sealed record WorkShape(
    string Data, int? Train, int? Validation, string Network, int Depth, int Width, int Batch, string Precision, int Threads, string Draws)
{
    public static WorkShape Of(TrialSettings settings) => new(
        settings.Data.Name, settings.Data.Train, settings.Data.Validation,
        settings.Network.Kind, settings.Network.Depth, settings.Network.Width,
        settings.Training.Batch, settings.Numerics.Precision, settings.Numerics.Threads, DrawsOf(settings.Regularizer));

    private static string DrawsOf(Regularizer regularizer)
    {
        var drawing = new List<string>(4);
        if (regularizer.Dropout > 0)
        {
            drawing.Add("dropout");
        }

        if (regularizer.HiddenNoise > 0)
        {
            drawing.Add("hidden-noise");
        }

        if (regularizer.InputDropout > 0)
        {
            drawing.Add("input-dropout");
        }

        if (regularizer.InputNoise > 0)
        {
            drawing.Add("input-noise");
        }

        return string.Join(" + ", drawing);
    }
}

/// <summary>How long epochs of one shape took here, over every finished trial of every sweep in the home.</summary>
/// <param name="Epochs">Epochs trained in these trials.</param>
/// <param name="Seconds">Slot time of these trials, start to end.</param>
public sealed record WorkTiming(WorkShape Shape, int Trials, long Epochs, double Seconds)
{
    /// <summary>0 when no epoch was trained.</summary>
    public double SecondsPerEpoch => Epochs == 0 ? 0 : Seconds / Epochs;
}
