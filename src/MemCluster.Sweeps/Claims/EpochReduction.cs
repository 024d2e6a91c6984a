using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <param name="Value">Finite; null where <paramref name="Absent"/> says why.</param>
internal readonly record struct EpochValue(int Epoch, double? Value, Absence Absent);

/// <summary>One number out of a trial's epochs.</summary>
internal static class EpochReduction
{
    /// <param name="curve">By epoch.</param>
    /// <param name="best">Epoch of the best validation accuracy; 0 for none.</param>
    /// <returns>
    /// No value where there is none; with a word where what it would be made of was measured and is no number. Epochs at which the measure is not defined are left
    /// out of a mean or an extreme; one that came out NaN or infinite is not, for nobody knows what the mean would be.
    /// </returns>
    public static (double? Value, Absence Absent) Of(MeasureRef measure, IReadOnlyList<EpochValue> curve, int best)
    {
        if (curve.Count == 0)
        {
            return default;
        }

        return measure.At switch
        {
            At.Last => (curve[^1].Value, curve[^1].Absent),
            At.Best => After(best),
            At.Epoch => After((int)measure.Number),
            At.Max => Over(curve, values => values.Max()),
            At.Min => Over(curve, values => values.Min()),
            At.Mean => Over(curve, values => values.Average()),
            At.Plateau => Over([.. curve.Skip(curve.Count - (int)measure.Number)], values => values.Average()),
            At.FirstAtLeast => First(value => value >= measure.Number),
            At.FirstAtMost => First(value => value <= measure.Number),
            _ => default,
        };

        (double?, Absence) After(int epoch) => curve.FirstOrDefault(point => point.Epoch == epoch) is var point ? (point.Value, point.Absent) : default;

        (double?, Absence) First(Func<double, bool> reached)
        {
            foreach (var point in curve)
            {
                if (point.Absent is Absence.Nan or Absence.Infinite)
                {
                    return (null, point.Absent); // Nobody knows whether it was reached here.
                }

                if (point.Value is { } value && reached(value))
                {
                    return (point.Epoch, default);
                }
            }

            return default;
        }
    }

    private static (double? Value, Absence Absent) Over(IReadOnlyList<EpochValue> points, Func<IEnumerable<double>, double> of)
    {
        var worst = points.Max(point => point.Absent is Absence.NotDefined ? default : point.Absent);
        double[] values = [.. points.Select(point => point.Value).OfType<double>()];
        return worst != default ? (null, worst)
            : values.Length == 0 ? (null, Absence.NotDefined)
            : (of(values), default);
    }
}
