using System.CommandLine;
using MemCluster.Hosting;
using MemCluster.Operations.Verbs;

namespace MemCluster.Cli;

/// <summary>A verb of the operator catalogue as a command: at a home, or at a coordinator elsewhere. What it does is set by its maker.</summary>
internal sealed class CatalogueCommand : Command
{
    private readonly Doors _doors;
    private readonly bool _looks;
    private readonly ReachSwitches _at = new();
    private readonly Dictionary<string, Func<ParseResult, IReadOnlyList<string>>> _read;

    public CatalogueCommand(OperatorVerb verb, Doors doors, Terminal terminal)
        : base(verb.Name, verb.Description)
    {
        _doors = doors;
        _looks = !verb.Changes;
        _read = verb.Arguments.ToDictionary(argument => argument.Name, Declare);
        Add(Home);
        _at.AddTo(this);
        SetAction(async (parse, cancel) =>
        {
            await using var reader = await Open(parse, cancel);
            await foreach (var line in VerbRun.Lines(verb, reader.Operator!, Said(parse), terminal.CanAsk ? terminal.Ask : null, cancel))
            {
                terminal.Write(line);
            }

            return ExitCodes.Fine;
        });
    }

    public Option<string> Home { get; } = NodeArguments.Home.Make();

    public Reach ReachOf(ParseResult parse) => _at.Of(parse) with { Waits = _looks };

    public Task<HomeReader> Open(ParseResult parse, CancellationToken cancel) => HomeReader.Open(_doors, ReachOf(parse), parse.GetValue(Home)!, cancel);

    public VerbArguments Said(ParseResult parse) => new(
        _read.ToDictionary(argument => argument.Key, argument => argument.Value(parse)),
        new AskedAt(_doors.Clock, what => CommandText.Again(what, ReachOf(parse).Address, parse.GetValue(Home)!)));

    /// <returns>What reads the argument's values; none where it was not said.</returns>
    private Func<ParseResult, IReadOnlyList<string>> Declare(VerbArgument argument)
    {
        var (name, description) = ("--" + argument.Name, argument.Description);
        switch (argument.Kind)
        {
            case ArgumentKind.Flag:
                var flag = new Option<bool>(name) { Description = description };
                Add(flag);
                return parse => parse.GetValue(flag) ? ["true"] : [];
            case ArgumentKind.Option:
                var option = new Option<string?>(name) { Description = description, HelpName = argument.Value };
                Add(option);
                return parse => parse.GetValue(option) is { } value ? [value] : [];
            case ArgumentKind.Options or ArgumentKind.Repeated:
                var options = new Option<string[]>(name)
                {
                    Description = description,
                    HelpName = argument.Value,
                    AllowMultipleArgumentsPerToken = argument.Kind == ArgumentKind.Options,
                    DefaultValueFactory = _ => [],
                };
                Add(options);
                return parse => parse.GetValue(options) ?? [];
            case ArgumentKind.Files:
                var files = Cli.Options.Specs(description);
                Add(files);
                return parse => parse.GetValue(files) ?? [];
            default:
                var word = new Argument<string?>(argument.Name.ToUpperInvariant())
                {
                    Description = description,
                    Arity = argument.Required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
                };
                Add(word);
                return parse => parse.GetValue(word) is { } value ? [value] : [];
        }
    }
}
