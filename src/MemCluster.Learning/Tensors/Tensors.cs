using static TorchSharp.torch;

namespace MemCluster.Learning;

internal static class Tensors
{
    /// <summary>All numbers, row by row, in double.</summary>
    public static double[] ToDoubles(this Tensor tensor)
    {
        using var values = tensor.detach().to(ScalarType.Float64).cpu().contiguous();
        return [.. values.data<double>()];
    }

    /// <summary>
    /// The square root of each number, in double. Never libtorch's own root: MKL computes it by way of the processor's estimate of 1/√x, which every maker
    /// fills in as he likes, and is off in the last bit now and then.
    /// </summary>
    public static double[] ToRoots(this Tensor tensor) => Array.ConvertAll(tensor.ToDoubles(), Math.Sqrt);

    public static int[] ToInts(this Tensor tensor)
    {
        using var values = tensor.to(ScalarType.Int32).cpu().contiguous();
        return [.. values.data<int>()];
    }

    /// <summary>The numbers as they lie in memory, little-endian.</summary>
    public static byte[] ToBytes(this Tensor tensor)
    {
        using var values = tensor.detach().cpu().contiguous();
        return values.bytes.ToArray();
    }

    /// <summary>Overwrites the numbers in place.</summary>
    /// <param name="bytes">As many as it has.</param>
    public static void SetBytes(this Tensor tensor, byte[] bytes)
    {
        using var off = no_grad();
        using var values = empty(tensor.shape, dtype: tensor.dtype, device: CPU);
        bytes.CopyTo(values.bytes);
        tensor.copy_(values);
    }

    public static double ToDouble(this Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();

    /// <summary>Fresh leaves of autograd with the same values; the originals stay as they are.</summary>
    public static List<Tensor> Leaves(IEnumerable<Tensor> values) => [.. values.Select(value => value.detach().requires_grad_())];

    public static Tensor Indices(IEnumerable<int> indices) => tensor(indices.Select(index => (long)index).ToArray(), device: ComputeDevice.Torch);

    /// <summary>The inner product of two lists of tensors of the same shapes.</summary>
    public static Tensor Dot(IEnumerable<Tensor> left, IEnumerable<Tensor> right) =>
        left.Zip(right, (a, b) => (a * b).sum()).Aggregate((sum, next) => sum.Plus(next));
}
