using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

internal static class NetworkWeights
{
    /// <summary>
    /// A copy of the parameters, in order, then of what else the network remembers: the order that <see cref="WeightsDigest"/> runs over, so that the digest
    /// of the copy's numbers is the epoch's.
    /// </summary>
    public static Safetensors Of(INetwork network)
    {
        var values = network.Parameters.Select(parameter => parameter.Value).Concat(network.Buffers).ToArray();
        SavedTensor[] tensors = [.. network.TensorNames.Zip(values).Select(
            one => new SavedTensor(one.First, TypeOf(one.Second), one.Second.shape, one.Second.numel() * one.Second.element_size()))];
        var data = new byte[tensors.Sum(tensor => tensor.Bytes)];
        var from = 0;
        foreach (var value in values)
        {
            var numbers = value.ToBytes();
            numbers.CopyTo(data, from);
            from += numbers.Length;
        }

        return new(tensors, [], data);
    }

    private static string TypeOf(Tensor tensor) => tensor.dtype == ScalarType.Float64 ? Safetensors.Float64 : Safetensors.Float32;
}
