using System.CommandLine;

namespace MemCluster.Hosting;

/// <summary>The options of one verb, made from the table.</summary>
/// <param name="verbose">It stands above all verbs of the door, which brings it.</param>
public sealed class NodeSwitches(NodeVerb verb, Option<bool> verbose)
{
    private readonly Dictionary<NodeArgument, Option> _options = NodeArguments.Table.Where(row => row.Verbs.HasFlag(verb))
        .ToDictionary(row => row, row => row == NodeArguments.Verbose ? verbose : row.Make());

    public void AddTo(Command command)
    {
        foreach (var option in _options.Values.Where(option => option != verbose))
        {
            command.Add(option);
        }
    }

    public NodeValues Of(ParseResult parse) => new(parse, _options);
}
