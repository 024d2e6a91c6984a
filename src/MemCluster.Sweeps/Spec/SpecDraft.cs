namespace MemCluster.Sweeps;

/// <summary>A setting that the file names, with what it gives it, not read yet.</summary>
/// <param name="KeyPlace">Where its key stands.</param>
internal sealed record Given(Setting Setting, SpecPlace KeyPlace, SpecNode Value);

/// <summary>
/// A sweep file sorted into its parts. Each <c>--set</c> replaces a part here, before any value is read: what it replaces need not be right.
/// </summary>
internal sealed class SpecDraft
{
    public SpecNode? Sweep { get; set; }
    public SpecNode? Question { get; set; }
    public SpecNode? Seeds { get; set; }
    public SpecNode? RequiresMemory { get; set; }
    public SpecNode? RequiresLabel { get; set; }
    public SpecNode? Retries { get; set; }

    /// <summary>What the file says under <c>limits</c>, by key.</summary>
    public Dictionary<string, SpecNode> Limits { get; } = [];

    /// <summary>What the file says under <c>replicates</c>, by key.</summary>
    public Dictionary<string, SpecNode> Replicates { get; } = [];

    /// <summary>Where that begins.</summary>
    public SpecPlace ReplicatesPlace { get; set; } = new(0, 1, 1);

    public SpecNode? Keep { get; set; }

    /// <summary>What the sweep is expected to show; read when its axes are known.</summary>
    public SpecNode? Claims { get; set; }

    public SpecNode? Figures { get; set; }

    /// <summary>Settings that every trial shares, in the order of the file.</summary>
    public List<Given> Fixed { get; } = [];

    public List<Given> Axes { get; } = [];

    /// <summary>Where the axes begin, for problems of all of them together.</summary>
    public SpecPlace AxesPlace { get; set; } = new(0, 1, 1);

    /// <summary>Where the data set should have been named.</summary>
    public SpecPlace DataPlace { get; set; } = new(0, 1, 1);

    public static void Replace(List<Given> among, Given given)
    {
        var at = among.FindIndex(other => other.Setting == given.Setting);
        if (at < 0)
        {
            among.Add(given);
        }
        else
        {
            among[at] = given;
        }
    }
}
