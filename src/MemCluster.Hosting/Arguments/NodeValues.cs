using System.Buffers;
using System.CommandLine;
using MemCluster.Telemetry;

namespace MemCluster.Hosting;

/// <summary>What was said for the rows of the table that a verb has, and what all verbs make of it alike.</summary>
public sealed class NodeValues
{
    /// <summary>What a shell would take for the end of a word, or of a command.</summary>
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(" ;&|<>()*");

    private readonly ParseResult _parse;
    private readonly IReadOnlyDictionary<NodeArgument, Option> _options;

    internal NodeValues(ParseResult parse, IReadOnlyDictionary<NodeArgument, Option> options) => (_parse, _options) = (parse, options);

    /// <summary>As a door reads them; for tests of what is made of them.</summary>
    internal static NodeValues Read(NodeVerb verb, params string[] args)
    {
        var command = new RootCommand();
        var switches = new NodeSwitches(verb, NodeArguments.Verbose.Make());
        switches.AddTo(command);
        return switches.Of(command.Parse(args));
    }

    /// <summary>What it says, or its default.</summary>
    public T Of<T>(NodeArgument<T> argument) => _parse.GetValue((Option<T>)_options[argument])!;

    /// <summary>Whether it was said, be it its default.</summary>
    public bool Says(NodeArgument argument) => _parse.GetResult(_options[argument]) is { Implicit: false };

    /// <summary>The options that a command which goes on with this one must repeat, each with a blank before it.</summary>
    public string Again => string.Concat(
        from row in _options.Keys
        where row.IsSaidAgain && Says(row)
        from token in _parse.GetResult(_options[row])!.Tokens
        select $" {row.Name} {(token.Value.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{token.Value}\"" : token.Value)}");

    /// <summary>How the node stands in the network.</summary>
    /// <param name="listen">The verb's row of it.</param>
    /// <exception cref="FormatException">The certificates, the file of Akka's settings, or a variable that sets one can't be used; a sentence.</exception>
    public NodeOptions Node(IReadOnlyList<string> profiles, NodeArgument<HostPort> listen) => new()
    {
        Profiles = profiles,
        Host = Of(listen).Host,
        Port = Of(listen).Port,
        Advertise = Of(NodeArguments.Advertise),
        Certificates = Of(NodeArguments.Certificates) is { } folder ? NodeCertificates.Load(folder) : null,
        Tuning = Tuning.Read(Of(NodeArguments.Hocon)),
    };

    /// <param name="where">The verb's row of it.</param>
    /// <param name="otherwise">The file where none is said; null: standard error.</param>
    public LogOptions Log(NodeArgument<string?> where, string? otherwise) =>
        LogOptions.Of(Of(where), Of(NodeArguments.LogFormat), Of(NodeArguments.Verbose), otherwise);

    /// <exception cref="FormatException">The address, here or in the environment, is none; a sentence.</exception>
    public OtlpOptions? Otlp() => OtlpOptions.Of(Of(NodeArguments.Otlp));
}
