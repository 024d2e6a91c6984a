using System.CommandLine;
using MemCluster.Hosting;

namespace MemCluster.Cli;

/// <summary>How a coordinator is reached, as the person said it.</summary>
/// <param name="Address">From <c>--at</c>; null: whoever works on the home, or the home itself.</param>
/// <param name="Ca">File of the CA whose certificates are trusted; null without <c>--ca</c>.</param>
/// <param name="TokenFile">Null without <c>--token-file</c>.</param>
public sealed record Reach(string? Address, string? Ca, string? TokenFile)
{
    /// <summary>Set for what only looks: it waits a while for a coordinator that moves to another node, where the address is one of <c>--at</c>.</summary>
    public bool Waits { get; init; }

    /// <summary>Set, it counts as <c>--ca</c>.</summary>
    public const string CaVariable = "MEMCLUSTER_CA";

    /// <summary>Whoever is at the home.</summary>
    public static Reach Home { get; } = new(null, null, null);
}

/// <summary>The options of verbs that can ask a coordinator elsewhere.</summary>
internal sealed class ReachSwitches
{
    private readonly Option<string?> _at = Options.At();

    private readonly Option<string?> _ca = new("--ca")
    {
        Description = $"CA that signed the coordinator's certificate; asks over HTTPS. Default: {Reach.CaVariable}.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _tokenFile = NodeArguments.TokenFile.Make();

    public void AddTo(Command command)
    {
        command.Add(_at);
        command.Add(_ca);
        command.Add(_tokenFile);
    }

    public Reach Of(ParseResult parse) => new(
        parse.GetValue(_at),
        parse.GetValue(_ca) ?? (Environment.GetEnvironmentVariable(Reach.CaVariable) is { Length: > 0 } file ? file : null),
        parse.GetValue(_tokenFile));
}
