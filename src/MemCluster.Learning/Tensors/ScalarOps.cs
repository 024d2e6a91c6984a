using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Tensor operations with a number that is held while libtorch reads it. TorchSharp's own short forms (<c>x * 0.5</c>, <c>x + y</c>,
/// <c>x.square()</c>) turn a number into an object on the spot and hand over its bare pointer: the collector may free it in the middle of the
/// operation. A test reads the compiled code and names every use of them.
/// </summary>
internal static class ScalarOps
{
    public static Tensor Times(this Tensor x, double number)
    {
        using Scalar held = number;
        return x.mul(held);
    }

    public static Tensor Over(this Tensor x, double number)
    {
        using Scalar held = number;
        return x.div(held);
    }

    public static Tensor Plus(this Tensor x, double number)
    {
        using Scalar held = number;
        using Scalar one = 1;
        return x.add(held, one);
    }

    /// <summary>x + factor · y.</summary>
    public static Tensor Plus(this Tensor x, Tensor y, double factor = 1)
    {
        using Scalar held = factor;
        return x.add(y, alpha: held);
    }

    public static Tensor Squared(this Tensor x) => x * x;

    public static Tensor IsAbove(this Tensor x, double number)
    {
        using Scalar held = number;
        return x.gt(held);
    }

    /// <summary>Another value wherever the mask is true.</summary>
    public static Tensor Where(this Tensor x, Tensor mask, double value)
    {
        using Scalar held = value;
        return x.masked_fill(mask, held);
    }

    public static Tensor Full(long[] shape, double value, ScalarType type)
    {
        using Scalar held = value;
        return full(shape, held, dtype: type);
    }

    /// <summary>x ← x + factor · y.</summary>
    public static Tensor Add(this Tensor x, Tensor y, double factor = 1)
    {
        using Scalar held = factor;
        return x.add_(y, alpha: held);
    }

    /// <summary>x ← x / number.</summary>
    public static Tensor Divide(this Tensor x, double number)
    {
        using Scalar held = number;
        return x.div_(held);
    }

    /// <summary>x ← x · number.</summary>
    public static Tensor Multiply(this Tensor x, double number)
    {
        using Scalar held = number;
        return x.mul_(held);
    }

    /// <summary>x ← x within the bounds.</summary>
    public static Tensor Clamp(this Tensor x, double low, double high)
    {
        using Scalar least = low;
        using Scalar most = high;
        return x.clamp_(least, most);
    }

    /// <summary>Row indices[i] of x, along the dimension, grows by factor · row i of y.</summary>
    public static Tensor AddRows(this Tensor x, long dimension, Tensor indices, Tensor y, double factor = 1)
    {
        using Scalar held = factor;
        return x.index_add_(dimension, indices, y, alpha: held);
    }
}
