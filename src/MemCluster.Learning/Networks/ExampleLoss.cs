using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>The loss of one example. A batch's loss is the mean over its examples.</summary>
public abstract record ExampleLoss
{
    private ExampleLoss()
    {
    }

    /// <summary>Divided by the number of classes.</summary>
    public bool MeanOverClasses { get; init; }

    /// <summary>The loss that training minimizes.</summary>
    public static ExampleLoss Of(TrainingLoss loss) => loss.Kind switch
    {
        TrainingLoss.CrossEntropyKind => new CrossEntropy { MeanOverClasses = loss.MeanOverClasses },
        TrainingLoss.SmoothedLog => new SmoothedLog(loss.Offset) { MeanOverClasses = loss.MeanOverClasses },
        TrainingLoss.Squared => new Squared { MeanOverClasses = loss.MeanOverClasses },
        _ => throw new ArgumentException($"No loss is called '{loss.Kind}'.", nameof(loss)),
    };

    /// <summary>One number per example; differentiable twice.</summary>
    /// <param name="logits">… × classes.</param>
    /// <param name="labels">64-bit class numbers, of the shape of <paramref name="logits"/> without its last dimension.</param>
    public Tensor PerExample(Tensor logits, Tensor labels) =>
        MeanOverClasses ? SumOverClasses(logits, labels).Over(logits.shape[^1]) : SumOverClasses(logits, labels);

    /// <summary>The mean over a minibatch, in the order of operations that training has.</summary>
    public virtual Tensor Mean(Tensor logits, Tensor labels) => PerExample(logits, labels).mean();

    private protected abstract Tensor SumOverClasses(Tensor logits, Tensor labels);

    private static Tensor Own(Tensor perClass, Tensor labels) => perClass.gather(-1, labels.unsqueeze(-1)).squeeze(-1);

    /// <summary>−log p of the label, in nats.</summary>
    public sealed record CrossEntropy : ExampleLoss
    {
        // Torch's own: its bits are in the results of all trials.
        public override Tensor Mean(Tensor logits, Tensor labels) =>
            MeanOverClasses ? base.Mean(logits, labels) : nn.functional.cross_entropy(logits, labels);

        private protected override Tensor SumOverClasses(Tensor logits, Tensor labels) => -Own(logits.log_softmax(-1), labels);
    }

    /// <summary>‖logits − one-hot of the label‖², which is ‖logits‖² − 2·z of the label + 1.</summary>
    public sealed record Squared : ExampleLoss
    {
        private protected override Tensor SumOverClasses(Tensor logits, Tensor labels) =>
            logits.Squared().sum(-1).Plus(Own(logits, labels), -2).Plus(1);
    }

    /// <summary>
    /// −log(offset + p of the label). Over C classes, −(1/C)·log(0.1 + p), it is the loss of the script behind figures 3 and 4 of Arpit et al. 2017,
    /// not of their text. With many classes the 1/C shrinks every step.
    /// </summary>
    /// <param name="Offset">Above 0.</param>
    public sealed record SmoothedLog(double Offset) : ExampleLoss
    {
        /// <summary>As that script has it.</summary>
        public SmoothedLog()
            : this(0.1) => MeanOverClasses = true;

        private protected override Tensor SumOverClasses(Tensor logits, Tensor labels) => -Own(logits.softmax(-1), labels).Plus(Offset).log();
    }
}
