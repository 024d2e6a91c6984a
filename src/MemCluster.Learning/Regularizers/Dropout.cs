using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>After every hidden ReLU a unit is dropped with this probability, and the others grow by 1/(1 − rate).</summary>
/// <param name="Rate">0 to below 1.</param>
internal sealed record Dropout(double Rate) : IRegularizer
{
    public Tensor Hidden(Tensor activations, int layer, BatchDraws draws) =>
        activations * draws.Mask(activations, Rate, 1 / (1 - Rate), Seeds.Dropout, layer);
}
