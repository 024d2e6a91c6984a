using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Which of the network's settings mean something for a kind of network. A new kind is one entry of <see cref="Kinds"/>.</summary>
/// <param name="Owns">Keys of the network section, apart from <c>kind</c>.</param>
/// <param name="Numbers">Those of them that the short form gives by order: <c>sleep 0.5</c>.</param>
internal sealed record NetworkKind(string Name, IReadOnlyList<string> Owns, IReadOnlyList<string> Numbers)
{
    public static readonly IReadOnlyList<NetworkKind> Kinds =
    [
        new(NetworkSettings.Mlp, ["depth", "width", "widths", "init"], []),
        new(NetworkSettings.Cnn, ["filters", "multiplier", "padding", "pool-stride", "batch-norm", "regularized"], []),
        new(NetworkSettings.Sleep, ["seconds"], ["seconds"]),
    ];

    public static NetworkKind? Find(string name) => Kinds.FirstOrDefault(kind => kind.Name == name);
}
