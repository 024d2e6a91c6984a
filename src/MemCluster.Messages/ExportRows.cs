using System.Text.Json.Serialization;

namespace MemCluster.Messages;

/// <summary>
/// A row of measures.csv: one number that was measured. A trial's epochs come once each, in order, whatever number of attempts measured them. Of the
/// numbers of every epoch, those over no examples (accuracy on corrupted examples where none is) have no row.
/// </summary>
/// <param name="Epoch">Counts from 1.</param>
/// <param name="Measure">One of <see cref="MeasureNames.Epoch"/>, or a number that the spec's own measures give.</param>
/// <param name="Value">Finite; null where the number is not.</param>
/// <param name="Absent">Why there is no value.</param>
public sealed record MeasureRow(
    int Trial, int Epoch, string Measure, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Value, Absence? Absent = null)
{
    public static MeasureRow Of(int trial, int epoch, string measure, double number) =>
        Absences.Of(number) is { } absent ? new(trial, epoch, measure, null, absent) : new(trial, epoch, measure, number);
}

/// <summary>One epoch of a trial to the last bit, as the attempt told it that speaks for the trial.</summary>
/// <param name="Epoch">Counts from 1.</param>
/// <param name="Weights">Digest of the weights after the epoch; empty for a workload without weights.</param>
/// <param name="Measures">The names of <paramref name="Values"/>.</param>
/// <param name="Values">A float64 each, little-endian: JSON would lose what kind of NaN a number is.</param>
/// <param name="Findings">What the spec's own measures found; with the first epoch stands what they found before it, as of epoch 0.</param>
public sealed record EpochRow(
    int Trial, int Attempt, int Epoch, string Weights, IReadOnlyList<string> Measures, byte[] Values, IReadOnlyList<Finding> Findings);

/// <summary>Numbers of one measure after one epoch of a trial that are not finite.</summary>
/// <param name="Form">One of <see cref="FindingForms"/>: of an array several numbers may be so.</param>
/// <param name="Numbers">How many of them are.</param>
public sealed record AbsenceRow(int Trial, int Epoch, string Measure, string Form, Absence Word, int Numbers);
