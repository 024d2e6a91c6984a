using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>The tensors that training changes, as bytes and back.</summary>
internal static class TensorMemory
{
    public static IReadOnlyList<byte[]> Take(INetwork network, IOptimizer optimizer) => [.. All(network, optimizer).Select(tensor => tensor.ToBytes())];

    /// <exception cref="FormatException">They are of another network: their number or their sizes differ.</exception>
    public static void Restore(INetwork network, IOptimizer optimizer, IReadOnlyList<byte[]> kept)
    {
        var tensors = All(network, optimizer).ToArray();
        if (tensors.Length != kept.Count || tensors.Zip(kept).Any(pair => pair.First.numel() * pair.First.element_size() != pair.Second.Length))
        {
            throw new FormatException("The checkpoint is of another network than the trial's.");
        }

        foreach (var (tensor, bytes) in tensors.Zip(kept))
        {
            tensor.SetBytes(bytes);
        }
    }

    private static IEnumerable<Tensor> All(INetwork network, IOptimizer optimizer) =>
        network.Parameters.Select(parameter => parameter.Value).Concat(network.Buffers).Concat(optimizer.State);
}
