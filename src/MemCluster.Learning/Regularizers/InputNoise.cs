using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Gaussian noise added to the inputs, drawn anew for every batch.</summary>
/// <param name="Deviation">Standard deviation in pixel units (pixels are in [0, 1]).</param>
/// <param name="PixelUnits">How much of the images' numbers one is, 1 × channels × 1 × 1; null: 1.</param>
internal sealed record InputNoise(double Deviation, Tensor? PixelUnits = null) : IRegularizer
{
    public Tensor Input(Tensor images, BatchDraws draws)
    {
        using Scalar deviation = Deviation;
        var noise = draws.Gaussian(images, Seeds.InputNoise);
        return images.add(PixelUnits is null ? noise : noise * PixelUnits, alpha: deviation);
    }
}
