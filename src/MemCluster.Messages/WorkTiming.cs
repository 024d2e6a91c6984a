using System.Text.Json.Serialization;

namespace MemCluster.Messages;

/// <summary>The settings of a trial that decide how long an epoch takes, and nothing else: seeds, noise and rates cost nothing.</summary>
/// <param name="Regularizers">Names of those at work, joined by " + "; empty for none. Most draw numbers in every step.</param>
public sealed record WorkShape(
    string Data, int? Train, int? Validation, string Network, int Depth, int Width, int Batch, string Precision, int Threads, string Regularizers)
{
    /// <summary>Of a cnn; null for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CnnShape? Cnn { get; init; }

    /// <summary>Steps of an epoch where the settings count them; else as many as the training set has batches.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EpochSteps { get; init; }

    /// <summary>Pixels a side that are pooled to one; null where images are as they are stored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Pool { get; init; }

    /// <summary>Every training example is a class of its own: as many outputs as examples, and nothing to score on; null where labels are as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? UniqueLabels { get; init; }

    /// <summary>Training in two phases, each on a part of the examples; null where all are trained on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SecondSplit? SecondSplit { get; init; }

    /// <summary>Measures besides those of every epoch, which may cost more than the training; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Measures { get; init; }

    public static WorkShape Of(TrialSettings settings) => new(
        settings.Data.Name, settings.Data.Train, settings.Data.Validation,
        settings.Network.Kind, settings.Network.HiddenWidths().Count, settings.Network.HiddenWidths().DefaultIfEmpty(settings.Network.Width).Max(),
        settings.Training.Batch, settings.Numerics.Precision, settings.Numerics.Threads, RegularizersOf(settings.Regularizer))
    {
        Cnn = settings.Network.Kind == NetworkSettings.Cnn ? CnnShape.Of(settings.Network) : null,
        EpochSteps = settings.Training.EpochSteps,
        Pool = settings.Data.Pool > 1 ? settings.Data.Pool : null,
        UniqueLabels = settings.Data.Labels == DataSettings.UniqueLabels ? true : null,
        SecondSplit = settings.Training.SecondSplit,
        Measures = settings.Measures is { } plan ? TextOf(plan) : null,
    };

    private static string TextOf(MeasurePlan plan) =>
        string.Join(" + ", MeasureKind.All.Where(kind => kind.Get(plan) is not null).Select(kind => $"{kind.Name} {kind.Get(plan)!.Text}"));

    private static string RegularizersOf(Regularizer regularizer) =>
        string.Join(" + ", RegularizerKind.All.Where(kind => kind.Get(regularizer) > 0).Select(kind => kind.Name));
}

/// <summary>What a cnn's epochs cost depends on besides.</summary>
public sealed record CnnShape(int Filters, double Multiplier, string Padding, int PoolStride, bool BatchNorm)
{
    public static CnnShape Of(NetworkSettings network) =>
        new(network.Filters, network.Multiplier, network.Padding, network.PoolStride, network.BatchNorm);
}

/// <summary>How long epochs of one shape took here, over every finished trial of every sweep in the home.</summary>
/// <param name="Epochs">Epochs trained in these trials.</param>
/// <param name="Seconds">Slot time of these trials, start to end.</param>
public sealed record WorkTiming(WorkShape Shape, int Trials, long Epochs, double Seconds)
{
    /// <summary>0 when no epoch was trained.</summary>
    public double SecondsPerEpoch => Epochs == 0 ? 0 : Seconds / Epochs;
}
