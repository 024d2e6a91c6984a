using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Adversarial training (Arpit et al. 2017, section 5.1): (1 − w)·L(x) + w·L(x̂). x̂ is where the search for critical samples that starts at x ends,
/// whether or not it found one; it is held fixed in the gradient and keeps the label of x. The search sees the network in eval mode.
/// </summary>
/// <param name="Weight">w, 0 to 1.</param>
internal sealed record Adversarial(double Weight, LassConstants Constants) : IRegularizer
{
    /// <summary>The search's noise by iteration, for these images; a test may give its own.</summary>
    public Func<Tensor, BatchDraws, Func<int, Tensor>> Noise { get; init; } =
        (images, draws) => iteration => draws.Gaussian(images, Seeds.Adversarial, iteration);

    public Tensor Loss(Tensor loss, BatchLoss of, BatchDraws draws)
    {
        var images = of.Batch.Images;
        var parameters = of.Network.Parameters.Select(parameter => parameter.Value).ToArray();
        var found = Lass.Search(NetworkFunction.Of(of.Network), parameters, images, Constants, Noise(images, draws));
        return loss.Times(1 - Weight).Plus(of.At(found.FinalInputs), Weight);
    }
}
