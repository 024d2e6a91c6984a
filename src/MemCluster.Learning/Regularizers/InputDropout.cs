using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Input values are set to zero with this probability; the others stay as they are.</summary>
/// <param name="Rate">0 to below 1.</param>
internal sealed record InputDropout(double Rate) : IRegularizer
{
    public Tensor Input(Tensor images, BatchDraws draws) => images * draws.Mask(images, Rate, 1, Seeds.InputDropout);
}
