namespace MemCluster.Messages;

/// <summary>Which training examples are wrong, and so to be found by a score.</summary>
public static class MislabelledExamples
{
    /// <summary>Where labels were replaced, those whose label is not the true one: a random label may be, and nothing can find that. Else those that the noise chose.</summary>
    public static bool[] Mask<T>(IReadOnlyList<T> given, IReadOnlyList<T> truth, bool[] corrupted)
        where T : IEquatable<T>
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(corrupted);
        bool[] differs = [.. corrupted.Select((chosen, example) => chosen && !given[example].Equals(truth[example]))];
        return differs.Contains(true) ? differs : corrupted;
    }
}
