namespace MemCluster.Messages;

/// <summary>
/// A row of measures.csv: one number that exists. A trial's epochs come once each, in order, whatever number of attempts measured them.
/// </summary>
/// <param name="Epoch">Counts from 1.</param>
/// <param name="Measure">One of <see cref="MeasureNames.Epoch"/>.</param>
/// <param name="Value">Finite.</param>
public sealed record MeasureRow(int Trial, int Epoch, string Measure, double Value);
