using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Gaussian noise added after every hidden ReLU, drawn anew for every batch.</summary>
/// <param name="Deviation">Standard deviation in units of the activations.</param>
internal sealed record HiddenNoise(double Deviation) : IRegularizer
{
    public Tensor Hidden(Tensor activations, int layer, BatchDraws draws)
    {
        using Scalar deviation = Deviation;
        return activations.add(draws.Gaussian(activations, Seeds.HiddenNoise, layer), alpha: deviation);
    }
}
