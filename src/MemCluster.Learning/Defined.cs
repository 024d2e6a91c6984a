using MemCluster.Messages;
using MemCluster.Statistics;

namespace MemCluster.Learning;

/// <summary>Statistics that some data has none of: a measure that uses one of them says so, and what came out NaN is told from it.</summary>
internal static class Defined
{
    /// <param name="values">Not negative.</param>
    public static double GiniOf(double[] values) => Gini.IsDefined(values) ? Gini.Of(values) : Absences.NotDefined;

    public static double AurocOf(double[] scores, bool[] positive) => Auroc.IsDefined(positive) ? Auroc.Of(scores, positive) : Absences.NotDefined;

    /// <summary>Nothing has no shares, and nothing compares with zero.</summary>
    public static double Share(double above, double below) => below != 0 ? above / below : Absences.NotDefined;
}
