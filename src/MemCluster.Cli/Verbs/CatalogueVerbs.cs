using System.CommandLine;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;

namespace MemCluster.Cli;

/// <summary>The operator catalogue as commands: at a home, or at a coordinator elsewhere. <c>resume</c> has a command of its own, which also runs a home.</summary>
internal static class CatalogueVerbs
{
    public static IEnumerable<Command> Build(Doors doors, Terminal terminal) => OperatorCatalogue.All.Where(verb => verb.Name != "resume").Select(verb => Of(verb, doors, terminal));

    private static Command Of(OperatorVerb verb, Doors doors, Terminal terminal)
    {
        var command = new Command(verb.Name, verb.Description);
        var read = verb.Arguments.ToDictionary(argument => argument.Name, argument => Declare(command, argument));
        var (home, at) = (Options.Home(), new ReachSwitches());
        command.Add(home);
        at.AddTo(command);
        var yes = new Option<bool>("--yes") { Description = "Don't ask." };
        if (verb.Asks)
        {
            command.Add(yes);
        }

        command.SetAction(async (parse, cancel) =>
        {
            var said = new VerbArguments(read.ToDictionary(argument => argument.Key, argument => argument.Value(parse)));
            await using var reader = await HomeReader.Open(doors, at.Of(parse), parse.GetValue(home)!);
            return await Do(verb, reader.Operator!, said, terminal, verb.Asks && parse.GetValue(yes), cancel);
        });
        return command;
    }

    /// <summary>Says what will happen, asks where it can't be taken back, does it.</summary>
    /// <param name="yes">It was answered beforehand.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Do(OperatorVerb verb, IOperator answerer, VerbArguments said, Terminal terminal, bool yes, CancellationToken cancel)
    {
        if (verb.Announce is { } announce)
        {
            var sentence = await announce(answerer, said, cancel);
            if (verb.Asks && !yes && !terminal.CanAsk)
            {
                throw new UserError($"{sentence} Nothing was done: nobody is there to be asked; say --yes to do it.");
            }

            if (!said.Has(OperatorCatalogue.Json))
            {
                terminal.Write(sentence);
            }

            if (verb.Asks && !yes && !terminal.Ask("Go on?"))
            {
                terminal.Write("Nothing was done.");
                return ExitCodes.Fine;
            }
        }

        await foreach (var line in verb.Answer(answerer, said, cancel).WithCancellation(cancel))
        {
            terminal.Write(line);
        }

        return ExitCodes.Fine;
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
