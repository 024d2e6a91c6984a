using System.CommandLine;
using MemCluster.Operations.Verbs;

namespace MemCluster.Cli;

/// <summary>The operator catalogue as commands: at a home, or at a coordinator elsewhere.</summary>
internal static class ReadingVerbs
{
    public static IEnumerable<Command> Build(Doors doors, Terminal terminal) => OperatorCatalogue.All.Select(verb => Of(verb, doors, terminal));

    private static Command Of(OperatorVerb verb, Doors doors, Terminal terminal)
    {
        var command = new Command(verb.Name, verb.Description);
        var read = verb.Arguments.ToDictionary(argument => argument.Name, argument => Declare(command, argument));
        var (home, at) = (Options.Home(), Options.At());
        command.Add(home);
        command.Add(at);
        command.SetAction(async (parse, cancel) =>
        {
            var said = new VerbArguments(read.ToDictionary(argument => argument.Key, argument => argument.Value(parse)));
            await using var reader = await HomeReader.Open(doors, parse.GetValue(at), parse.GetValue(home)!);
            await foreach (var line in verb.Answer(reader.Operator!, said, cancel).WithCancellation(cancel))
            {
                terminal.Write(line);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    /// <returns>What reads the argument's values; none where it was not said.</returns>
    private static Func<ParseResult, IReadOnlyList<string>> Declare(Command command, VerbArgument argument)
    {
        switch (argument.Kind)
        {
            case ArgumentKind.Flag:
                var flag = new Option<bool>("--" + argument.Name) { Description = argument.Description };
                command.Add(flag);
                return parse => parse.GetValue(flag) ? ["true"] : [];
            case ArgumentKind.Option:
                var option = new Option<string?>("--" + argument.Name) { Description = argument.Description, HelpName = argument.Value };
                command.Add(option);
                return parse => parse.GetValue(option) is { } value ? [value] : [];
            case ArgumentKind.Options:
                var options = new Option<string[]>("--" + argument.Name)
                {
                    Description = argument.Description,
                    HelpName = argument.Value,
                    AllowMultipleArgumentsPerToken = true,
                    DefaultValueFactory = _ => [],
                };
                command.Add(options);
                return parse => parse.GetValue(options) ?? [];
            default:
                var word = new Argument<string?>(argument.Name.ToUpperInvariant())
                {
                    Description = argument.Description,
                    Arity = argument.Required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
                };
                command.Add(word);
                return parse => parse.GetValue(word) is { } value ? [value] : [];
        }
    }
}
