using System.Collections.Concurrent;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Reading;

/// <summary>A sweep's stored spec as this version of the program takes it.</summary>
internal abstract record StoredSpec
{
    private StoredSpec()
    {
    }

    public sealed record Readable(SweepSpec Spec) : StoredSpec;

    /// <param name="Why">What stands in the way, as half a sentence.</param>
    public sealed record Unreadable(string Why) : StoredSpec;
}

/// <summary>
/// Stored specs by their text, for those who write the rows and those who read them: to read one takes longer than all the rest of a status. One that
/// was written by another version of the program may not be readable here, which is a fact about that sweep and no fault.
/// </summary>
internal sealed class SpecBook
{
    private const int MostRemembered = 1000;

    public static readonly SpecBook Shared = new();

    private readonly ConcurrentDictionary<string, StoredSpec> _read = new();

    public StoredSpec Of(string text)
    {
        if (_read.Count > MostRemembered)
        {
            _read.Clear();
        }

        return _read.GetOrAdd(text, Read);
    }

    private static StoredSpec Read(string text)
    {
        var reading = SpecFile.Parse(text, "journal", []);
        return reading.Spec is { } spec ? new StoredSpec.Readable(spec) : new StoredSpec.Unreadable(string.Join("; ", reading.Problems));
    }
}
