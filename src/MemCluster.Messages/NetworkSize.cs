namespace MemCluster.Messages;

/// <summary>How much a network's weights are, from its settings alone: what is asked before anything runs.</summary>
public static class NetworkSize
{
    private const int Side = 28;
    private const int Kernel = 5;
    private const int Window = 3;

    private static readonly int[] Units = [384, 192];

    /// <summary>Bytes of a copy of the weights, running statistics included; 0 for a workload without weights.</summary>
    public static long WeightBytes(TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Weights(settings) * (settings.Numerics.Precision == "float64" ? sizeof(double) : sizeof(float));
    }

    /// <summary>Numbers in all.</summary>
    private static long Weights(TrialSettings settings)
    {
        if (DataCatalog.Find(settings.Data.Name)?.Pooled(settings.Data.Pool) is not { } card)
        {
            return 0;
        }

        long classes = settings.Data.Labels == DataSettings.UniqueLabels ? settings.Data.Train ?? card.Train : card.Classes;
        return settings.Network.Kind switch
        {
            NetworkSettings.Mlp => Mlp(settings.Network, card.Pixels, classes),
            NetworkSettings.Cnn => Cnn(settings.Network, card, classes),
            _ => 0,
        };
    }

    private static long Mlp(NetworkSettings network, long inputs, long classes)
    {
        var weights = 0L;
        foreach (long width in network.HiddenWidths())
        {
            weights += Dense(inputs, width);
            inputs = width;
        }

        return weights + Dense(inputs, classes);
    }

    private static long Cnn(NetworkSettings network, DataSetCard card, long classes)
    {
        // Each channel, and each dense unit, has a gain, a shift, a running mean and a running variance.
        var norm = network.BatchNorm ? 4 : 0;
        var filters = Scaled(network.Filters);
        var maps = filters * Left(card.Height) * Left(card.Width);
        var (wide, narrow) = (Scaled(Units[0]), Scaled(Units[1]));
        return Dense(card.Channels * Kernel * Kernel, filters) + Dense(filters * Kernel * Kernel, filters) + Dense(maps, wide) + Dense(wide, narrow) + Dense(narrow, classes)
            + norm * (2 * filters + wide + narrow);

        long Scaled(int number) => Math.Max(1, (long)Math.Round(number * network.Multiplier, MidpointRounding.AwayFromZero));

        long Left(long side) => Pooled(Convolved(Pooled(Convolved(Math.Min(side, Side)))));

        long Convolved(long side) => network.Padding == "same" ? side : side - Kernel + 1;

        long Pooled(long side) => network.Padding == "same" ? (side + network.PoolStride - 1) / network.PoolStride : ((side - Window) / network.PoolStride) + 1;
    }

    private static long Dense(long inputs, long outputs) => (inputs + 1) * outputs;
}
