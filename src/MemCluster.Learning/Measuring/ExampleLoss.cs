using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>The loss of one example. A batch's loss is the mean over its examples.</summary>
public abstract record ExampleLoss
{
    private ExampleLoss()
    {
    }

    /// <summary>One number per example, in nats; differentiable twice.</summary>
    /// <param name="logits">… × classes.</param>
    /// <param name="labels">64-bit class numbers, of the shape of <paramref name="logits"/> without its last dimension.</param>
    public abstract Tensor PerExample(Tensor logits, Tensor labels);

    /// <summary>−log p of the label.</summary>
    public sealed record CrossEntropy : ExampleLoss
    {
        public override Tensor PerExample(Tensor logits, Tensor labels) => -logits.log_softmax(-1).gather(-1, labels.unsqueeze(-1)).squeeze(-1);
    }

    /// <summary>
    /// −(1/C)·log(offset + p of the label) for C classes: the loss of the script behind figures 3 and 4 of Arpit et al. 2017, not of their text.
    /// With many classes the 1/C shrinks every step.
    /// </summary>
    /// <param name="Offset">Above 0; the script's value is the default.</param>
    public sealed record SmoothedLog(double Offset = 0.1) : ExampleLoss
    {
        public override Tensor PerExample(Tensor logits, Tensor labels) =>
            logits.softmax(-1).gather(-1, labels.unsqueeze(-1)).squeeze(-1).Plus(Offset).log().Over(-(double)logits.shape[^1]);
    }
}
