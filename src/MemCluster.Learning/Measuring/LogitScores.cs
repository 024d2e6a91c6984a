using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>What the logits of one forward pass say of each example; the ground of scores over epochs and runs.</summary>
/// <param name="El2n">‖p − one-hot(y)‖₂, 0 to √2; its mean over runs is EL2N (Paul et al. 2021).</param>
/// <param name="Margin">z_y − max over the others of z; its mean over epochs is AUM (Pleiss et al. 2020).</param>
/// <param name="CrossEntropy">−log p_y in nats.</param>
/// <param name="TrueProbability">p_y; mean and deviation over epochs are cartography's (Swayamdipta et al. 2020).</param>
/// <param name="Correct">Whether y has the largest logit (the first of equal ones counts).</param>
public sealed record LogitScores(double[] El2n, double[] Margin, double[] CrossEntropy, double[] TrueProbability, bool[] Correct)
{
    /// <param name="logits">Examples × classes; computed on in double.</param>
    /// <param name="labels">64-bit class numbers.</param>
    public static LogitScores Of(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var z = logits.detach().to(ScalarType.Float64);
        var own = labels.unsqueeze(1);
        var others = z.scatter(1, own, ScalarOps.Full(own.shape, double.NegativeInfinity, ScalarType.Float64));
        var logP = z.log_softmax(1);
        var p = z.softmax(1);
        var error = p - nn.functional.one_hot(labels, z.shape[1]).to(ScalarType.Float64);
        return new(
            error.Squared().sum(1).ToRoots(),
            (z.gather(1, own).squeeze(1) - others.amax([1])).ToDoubles(),
            (-logP.gather(1, own).squeeze(1)).ToDoubles(),
            p.gather(1, own).squeeze(1).ToDoubles(),
            Array.ConvertAll(z.argmax(1).eq(labels).ToInts(), right => right != 0));
    }

    /// <summary>The scores of consecutive examples, one after the other.</summary>
    public static LogitScores Joined(IReadOnlyList<LogitScores> parts) => new(
        [.. parts.SelectMany(part => part.El2n)], [.. parts.SelectMany(part => part.Margin)], [.. parts.SelectMany(part => part.CrossEntropy)],
        [.. parts.SelectMany(part => part.TrueProbability)], [.. parts.SelectMany(part => part.Correct)]);
}
