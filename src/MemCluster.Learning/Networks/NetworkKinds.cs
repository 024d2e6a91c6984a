using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>The networks by name. To add one: a file beside <see cref="Mlp"/>, a line here, its name in Messages, and its test.</summary>
internal static class NetworkKinds
{
    public static INetwork Create(NetworkSettings settings, DataSetCard card, Seeds seeds, ScalarType type) => settings.Kind switch
    {
        NetworkSettings.Mlp => new Mlp(settings, card, seeds, type),
        NetworkSettings.Cnn => new Cnn(settings, card, seeds, type),
        _ => throw new ArgumentException($"No network is called '{settings.Kind}'.", nameof(settings)),
    };
}
