using System.Collections.Immutable;

namespace MemCluster.Messages;

/// <summary>Where a trial stands. One byte each: a sweep may have ten million.</summary>
public enum TrialState : byte
{
    Pending = 0,
    Running = 1,

    /// <summary>Trained to its end.</summary>
    Finished = 2,

    /// <summary>The loss became NaN or infinite: a result, with the measures of the last finite epoch.</summary>
    Diverged = 3,

    /// <summary>Training threw; the same settings would throw again.</summary>
    Failed = 4,

    Cancelled = 5,

    /// <summary>Pending, and not to be handed out yet: the scores that it needs are not there. Known to the rules alone; everywhere else it is pending.</summary>
    Waiting = 6,

    /// <summary>
    /// No claim has asked for it (<see cref="ReplicatePlan"/>). Known to the rules alone: elsewhere it is pending while claims may still ask, and when they no longer do
    /// it is no trial of the sweep.
    /// </summary>
    Spare = 7,
}

/// <summary>
/// How a trial's training ended: the final row of trials.csv. It depends on the trial's settings alone, never on where, when or how often it ran.
/// </summary>
/// <param name="State">Finished or Diverged.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="Measures">Final measures by column name (<see cref="MeasureNames.Final"/>); what does not exist or is not finite is not among them.</param>
/// <param name="Weights">Digest of the final weights (16 hexadecimal digits); empty for a workload without weights.</param>
public sealed record TrialOutcome(TrialState State, int Epochs, ImmutableSortedDictionary<string, double> Measures, string Weights)
{
    /// <summary>Final measures that are no finite number, and why; null if there are none. A convergence epoch that was not reached is none of them.</summary>
    public ImmutableSortedDictionary<string, Absence>? Absent { get; init; }
}

/// <summary>One epoch of a trial.</summary>
/// <param name="Epoch">Counts from 1.</param>
/// <param name="Values">One number for each of <see cref="MeasureNames.Epoch"/>, in that order; not finite where there is none (<see cref="Absences.OfEpoch"/>).</param>
/// <param name="Weights">Digest of the weights after the epoch (16 hexadecimal digits).</param>
public sealed record EpochMeasures(int Epoch, ImmutableArray<double> Values, string Weights)
{
    /// <summary>What the spec's own measures found since the last epoch told: after this one, and before the first one of all (epoch 0).</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>The measures by the names they have in results. Accuracies are shares from 0 to 1, losses mean cross-entropy in nats.</summary>
public static class MeasureNames
{
    public const string TrainLoss = "train_loss";
    public const string TrainAccuracy = "train_accuracy";

    /// <summary>Accuracy on the training examples that were left as they are.</summary>
    public const string TrainAccuracyClean = "train_accuracy_clean";

    /// <summary>Accuracy on the corrupted training examples against the label given.</summary>
    public const string TrainAccuracyCorrupted = "train_accuracy_corrupted";

    /// <summary>Accuracy on the corrupted training examples against the true label.</summary>
    public const string TrainAccuracyCorruptedTrue = "train_accuracy_corrupted_true";

    public const string ValidationLoss = "validation_loss";
    public const string ValidationAccuracy = "validation_accuracy";

    public const string ValidationAccuracyBest = "validation_accuracy_best";
    public const string ValidationBestEpoch = "validation_best_epoch";
    public const string ValidationAccuracyLast = "validation_accuracy_last";
    public const string ValidationLossLast = "validation_loss_last";
    public const string ConvergenceEpoch = "convergence_epoch";

    /// <summary>Measured after each epoch, in the order of <see cref="EpochMeasures.Values"/>.</summary>
    public static readonly ImmutableArray<string> Epoch =
    [
        TrainLoss, TrainAccuracy, TrainAccuracyClean, TrainAccuracyCorrupted, TrainAccuracyCorruptedTrue,
        ValidationLoss, ValidationAccuracy,
    ];

    /// <summary>The final measures, in the order of trials.csv.</summary>
    public static readonly ImmutableArray<string> Final =
    [
        TrainAccuracy, TrainAccuracyClean, TrainAccuracyCorrupted, TrainAccuracyCorruptedTrue, TrainLoss,
        ValidationAccuracyBest, ValidationBestEpoch, ValidationAccuracyLast, ValidationLossLast, ConvergenceEpoch,
    ];

    /// <summary>Whether it lies between 0 and 1 whatever happens: accuracies, other shares of examples, areas under a curve, Gini coefficients.</summary>
    public static bool IsShare(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Contains("accuracy", StringComparison.Ordinal) || name.StartsWith("csr_", StringComparison.Ordinal) || name.Contains("_gini", StringComparison.Ordinal)
            || name.EndsWith("_share", StringComparison.Ordinal) || name.EndsWith("_auroc", StringComparison.Ordinal);
    }
}
