namespace MemCluster.Hosting;

/// <summary>
/// Which nodes to ask on joining, and whether to begin a cluster if none of them answers. Of the nodes named with --join only the first may
/// begin one: with the same list on every machine there is one cluster, whoever starts first.
/// </summary>
/// <param name="Others"><c>HOST:PORT</c>, this node not among them.</param>
/// <param name="MayBegin">Begin a cluster of one's own if nobody answers.</param>
public sealed record SeedNodes(IReadOnlyList<string> Others, bool MayBegin)
{
    /// <param name="join">Named by the operator, in order; this node may be among them.</param>
    /// <param name="lastMembers">Nodes that were members when this one last ran: asked too, so that a node started again finds its cluster.</param>
    /// <param name="self">This node, as others dial it.</param>
    public static SeedNodes Of(IReadOnlyList<string> join, IReadOnlyList<string> lastMembers, string self) => new(
        [.. join.Concat(lastMembers).Where(member => member != self).Distinct()],
        join.Count == 0 || join[0] == self);

    /// <summary>Addresses of options that may be given several times, and hold several with commas between.</summary>
    /// <exception cref="FormatException">One is not HOST:PORT; the message says so in a sentence.</exception>
    public static IReadOnlyList<string> Parse(IEnumerable<string> options)
    {
        string[] members = [.. options.SelectMany(option => option.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()];
        foreach (var member in members)
        {
            Node.ParseAddress(member);
        }

        return members;
    }
}
