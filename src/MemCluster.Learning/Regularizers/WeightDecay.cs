using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>λ/2·‖w‖² in the loss: λ·w is added to the gradient, before momentum.</summary>
/// <param name="OnBiases">Whether biases decay too.</param>
internal sealed record WeightDecay(double Lambda, bool OnBiases) : IRegularizer
{
    public void Gradient(Parameter parameter, Tensor gradient)
    {
        if (OnBiases || !parameter.IsBias)
        {
            using Scalar lambda = Lambda;
            gradient.add_(parameter.Value, alpha: lambda);
        }
    }
}
