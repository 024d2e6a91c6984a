using System.Text.RegularExpressions;

namespace MemCluster.Pbm.Tests;

/// <summary>What came back, line by line.</summary>
/// <param name="Error">The sentence of a refusal; null where there was none.</param>
internal sealed record Answer(IReadOnlyList<string> Lines, string? Error);

/// <summary>A way to ask a verb of a real coordinator.</summary>
internal abstract class Door : IAsyncDisposable
{
    public Testbed Bed { get; private set; } = null!;

    /// <param name="said">Arguments by the names that the catalogue gives them; a flag's value is <c>true</c>, a file's its name in the specs folder.</param>
    /// <param name="enough">For verbs without an end: the asker goes when this holds of the lines so far.</param>
    public abstract Task<Answer> Ask(string verb, IReadOnlyList<(string Name, string Value)> said, Func<IReadOnlyList<string>, bool>? enough = null);

    /// <summary>How a verb is said here, as a pattern.</summary>
    public abstract string Command(string verb, string sweep);

    public static async Task<Door> Open(string kind)
    {
        var bed = await Testbed.Start();
        Door door = kind == "http" ? new HttpDoor() : new PaletteDoor();
        door.Bed = bed;
        return door;
    }

    public virtual ValueTask DisposeAsync() => Bed.DisposeAsync();

    protected static string Pattern(string text) => Regex.Escape(text).Replace("-", "\\-", StringComparison.Ordinal);
}
