using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Gaussian noise added to the inputs, drawn anew for every batch.</summary>
/// <param name="Deviation">Standard deviation in pixel units (images are in [0, 1]).</param>
internal sealed record InputNoise(double Deviation) : IRegularizer
{
    public Tensor Input(Tensor images, BatchDraws draws)
    {
        using Scalar deviation = Deviation;
        return images.add(draws.Gaussian(images, Seeds.InputNoise), alpha: deviation);
    }
}
