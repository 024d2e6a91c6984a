using System.Diagnostics.CodeAnalysis;

namespace MemCluster.Learning;

/// <summary>A data set is missing, damaged or too small. The message is a sentence for the user: what, where, what to do.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "What a user reads of is a problem with data, not an exception.")]
public sealed class DataProblem(string message) : Exception(message);
