using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>λ/2·‖w‖² in the loss: λ·w is added to the gradient, before momentum. <c>adamw</c> takes it from the weights instead.</summary>
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

    /// <summary>w ← w − rate·λ·w, with no part in the gradient.</summary>
    public void Shrink(Parameter parameter, double rate)
    {
        if (OnBiases || !parameter.IsBias)
        {
            using Scalar left = 1 - (rate * Lambda);
            parameter.Value.mul_(left);
        }
    }
}
