using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// The only way to a convolution: unfold, then one matrix product an image, which computes with nothing but what was written, forwards, backwards
/// and twice backwards. A test reads the compiled code for any other call of one.
/// </summary>
internal static class Convolution
{
    static Convolution() => TorchLibrary.ForgoForeignKernels();

    /// <summary>Stride 1: images × filters × height × width.</summary>
    /// <param name="images">Images × channels × height × width.</param>
    /// <param name="filters">Filters × channels × kernel × kernel; not flipped (cross-correlation).</param>
    /// <param name="bias">One for each filter, or none.</param>
    /// <param name="padding">Rows and columns of zeros on each side.</param>
    public static Tensor Of(Tensor images, Tensor filters, Tensor? bias, long padding) =>
        nn.functional.conv2d(images, filters, bias, padding: [padding, padding]);
}
