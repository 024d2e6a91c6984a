namespace MemCluster.Messages;

/// <summary>The loss that training minimizes: its mean over a minibatch.</summary>
/// <param name="Kind">
/// <c>cross-entropy</c>: −log p of the label. <c>smoothed-log</c>: −log(offset + p of the label), the loss in the script behind Figs. 3 and 4 of Arpit et
/// al. 2017. <c>squared</c>: the squared distance of the logits from the label's one-hot vector (Belkin et al. 2019).
/// </param>
/// <param name="Offset">Smoothed log only: above 0; the script's is 0.1.</param>
/// <param name="MeanOverClasses">Divided by the number of classes, as a mean over outputs is (the script). Every step is then as much smaller.</param>
public sealed record TrainingLoss(string Kind, double Offset = 0, bool MeanOverClasses = false)
{
    public const string CrossEntropyKind = "cross-entropy";
    public const string SmoothedLog = "smoothed-log";
    public const string Squared = "squared";

    public static readonly TrainingLoss CrossEntropy = new(CrossEntropyKind);

    public static readonly IReadOnlyList<string> Kinds = [CrossEntropyKind, SmoothedLog, Squared];
}
