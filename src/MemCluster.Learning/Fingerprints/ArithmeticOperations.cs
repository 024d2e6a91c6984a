using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>The kernels that training, scoring and measures are made of, each on numbers that every machine makes alike.</summary>
internal static class ArithmeticOperations
{
    /// <summary>Rows × inner × columns: a first layer, a wide one, an output layer, odd sizes, a vector, an unfolded image.</summary>
    private static readonly (int Rows, int Inner, int Columns)[] Products =
        [(32, 784, 64), (128, 784, 512), (128, 512, 512), (32, 64, 10), (5, 17, 3), (1, 784, 10), (33, 65, 127), (12, 75, 196), (250, 3, 1)];

    public static IReadOnlyList<ArithmeticDigest> All() => [.. Of(ScalarType.Float32), .. Of(ScalarType.Float64)];

    private static IEnumerable<ArithmeticDigest> Of(ScalarType type)
    {
        using var scope = NewDisposeScope();
        foreach (var (rows, inner, columns) in Products)
        {
            using var each = NewDisposeScope();
            var (a, b) = (Made(1, type, rows, inner), Made(2, type, inner, columns));
            yield return Row($"product {rows}×{inner}×{columns}", a.matmul(b));
            yield return Row($"product {rows}×{inner}×{columns}, transposed", a.t().contiguous().t().matmul(b), a.matmul(b.t().contiguous().t()));
            yield return Row($"linear layer {rows}×{inner}×{columns}", nn.functional.linear(a, Made(3, type, columns, inner), Made(4, type, columns)));
        }

        yield return Row("stacked products", Made(1, type, 7, 32, 64).matmul(Made(2, type, 7, 64, 10)), Made(1, type, 3, 5, 17).matmul(Made(2, type, 3, 17, 3)));
        yield return Row("product with a vector", Made(1, type, 300, 77).matmul(Made(2, type, 77)));
        foreach (var (channels, filters, side) in ((int, int, int)[])[(1, 2, 9), (3, 5, 9), (9, 9, 9), (8, 16, 12), (12, 50, 14)])
        {
            using var each = NewDisposeScope();
            yield return Convolved(type, channels, filters, side);
        }

        var maps = Made(7, type, 6, 5, 14, 14);
        yield return Row("pooling", nn.functional.max_pool2d(maps, [3L, 3L], [2L, 2L], ceil_mode: true));
        yield return Row("batch normalization", BatchNorm.Normalize(
            maps, Made(8, type, 5), Made(9, type, 5), zeros(5, dtype: type), ones(5, dtype: type), BatchStatistics.Own));
        foreach (var (name, of) in Functions())
        {
            using var each = NewDisposeScope();
            yield return Row(name, of(Made(5, type, 128, 10).Times(8)), of(Made(6, type, 3001).Times(8)));
        }

        foreach (var length in (long[])[7, 1000])
        {
            using var generator = new Generator(42);
            yield return Row($"{length} normal numbers", randn([length], dtype: type, generator: generator));
        }
    }

    private static IEnumerable<(string Name, Func<Tensor, Tensor> Of)> Functions() =>
    [
        ("exponential", x => x.exp()), ("logarithm", x => x.abs().Plus(0.01).log()), ("1/root", x => x.abs().Plus(0.01).rsqrt()), ("quotient", x => x / x.abs().Plus(1)),
        ("softmax", x => x.softmax(-1)), ("log-softmax", x => x.log_softmax(-1)), ("sum", x => x.sum()), ("sum of rows", x => x.sum(-1)), ("sum of columns", x => x.sum([0L])),
        ("mean", x => x.mean()), ("largest", x => x.amax([-1L])),
    ];

    /// <summary>Forwards, its gradients, and the gradient of their squares.</summary>
    private static ArithmeticDigest Convolved(ScalarType type, int channels, int filters, int side)
    {
        using var on = enable_grad();
        var leaves = Tensors.Leaves([Made(1, type, 10, channels, side, side), Made(2, type, filters, channels, 5, 5), Made(3, type, filters)]);
        var maps = Convolution.Of(leaves[0], leaves[1], leaves[2], padding: 2);
        var gradients = autograd.grad([maps], leaves, [Made(4, type, maps.shape)], retain_graph: true, create_graph: true);
        var twice = autograd.grad([gradients[0].Squared().sum().Plus(gradients[1].Squared().sum())], [leaves[0], leaves[1]]);
        return Row($"convolution {channels}→{filters} of {side}×{side}", [maps, .. gradients, .. twice]);
    }

    private static ArithmeticDigest Row(string operation, params Tensor[] results) => new(
        operation, results[0].dtype == ScalarType.Float64 ? "float64" : "float32", Arithmetic.DigestOf([.. results.SelectMany(result => result.ToBytes())]));

    /// <summary>Numbers between −½ and ½, all of them float32 exactly.</summary>
    private static Tensor Made(ulong key, ScalarType type, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        var state = key * 0x9E37_79B9_7F4A_7C15 + 1;
        for (var i = 0; i < values.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            values[i] = (state >> 40) / (float)(1 << 24) - 0.5f;
        }

        using var made = tensor(values, shape);
        return made.to(type, copy: true);
    }
}
