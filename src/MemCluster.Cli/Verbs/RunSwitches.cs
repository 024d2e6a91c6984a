using System.CommandLine;
using MemCluster.Hosting;

namespace MemCluster.Cli;

/// <summary>The options that <c>run</c> and <c>resume</c> share: those of a node, and one of their own.</summary>
internal sealed class RunSwitches
{
    private readonly NodeSwitches _node = new(NodeVerb.Run, Options.Verbose);

    private readonly Option<bool> _accept = new("--accept-version")
    {
        Description = "Continue a sweep that was begun under another numerics version; its later trials may differ in the last bits.",
    };

    public void AddTo(Command command)
    {
        _node.AddTo(command);
        command.Add(_accept);
    }

    /// <summary>Where and how a run happens; what it computes is in the specs.</summary>
    public NodeValues Of(ParseResult parse) => _node.Of(parse);

    public bool AcceptsVersion(ParseResult parse) => parse.GetValue(_accept);

    public string HomeOf(ParseResult parse) => Of(parse).Of(NodeArguments.Home);
}
