using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>
/// A trial between two epochs: all that it takes to go on to the same bits. Draws are keyed by epoch, so there is no random state in it.
/// </summary>
/// <param name="Epochs">What was measured so far, in order, with everything that was found.</param>
/// <param name="Tensors">Bytes of the parameters, then of what else the network remembers, then of what the optimizer remembers; none for a sleep.</param>
/// <param name="Tally">What the measures remember of each example; null where none does.</param>
/// <param name="Spent">Time in training behind it, by all the attempts that it was handed through.</param>
public sealed record TrialMemory(
    IReadOnlyList<EpochMeasures> Epochs, IReadOnlyList<byte[]> Tensors, IReadOnlyDictionary<string, double[]>? Tally, TimeSpan Spent)
{
    /// <summary>Weights of the best epoch so far, where they are to be kept.</summary>
    public Finding? Best { get; init; }

    /// <summary>Epochs trained.</summary>
    public int Epoch => Epochs.Count;
}

/// <summary>Where a trial goes on from, and who may keep what it has reached.</summary>
/// <param name="From">Null: from the beginning.</param>
/// <param name="Between">
/// Called after each epoch but the last, when it has been reported, with a way to take what the trial is by then (null: it is too
/// much to be kept); may throw <see cref="OperationCanceledException"/> to end the training there.
/// </param>
/// <param name="Keeps">False: nobody takes anything, so nothing need be remembered for it.</param>
public sealed record TrialCourse(TrialMemory? From = null, Action<Func<TrialMemory?>>? Between = null, bool Keeps = true)
{
    public static readonly TrialCourse Whole = new();

    /// <summary>Which weights are told.</summary>
    public WeightsPlan Keep { get; init; } = WeightsPlan.None;

    /// <summary>Called on the same thread, when training has ended, with weights that are kept and could not be told with its last epoch: nobody knew then that it diverges.</summary>
    public Action<Finding> Found { get; init; } = _ => { };
}
