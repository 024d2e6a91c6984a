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
        var read = new List<(string Name, Func<ParseResult, string?> Value)>();
        foreach (var argument in verb.Arguments)
        {
            if (argument.Flag)
            {
                var flag = new Option<bool>("--" + argument.Name) { Description = argument.Description };
                command.Add(flag);
                read.Add((argument.Name, parse => parse.GetValue(flag) ? "true" : null));
            }
            else
            {
                var value = new Argument<string?>(argument.Name.ToUpperInvariant())
                {
                    Description = argument.Description,
                    Arity = argument.Required ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
                };
                command.Add(value);
                read.Add((argument.Name, parse => parse.GetValue(value)));
            }
        }

        var (home, at) = (Options.Home(), Options.At());
        command.Add(home);
        command.Add(at);
        command.SetAction(async (parse, cancel) =>
        {
            var said = new VerbArguments(read.Select(entry => (entry.Name, Value: entry.Value(parse)))
                .Where(entry => entry.Value is not null).ToDictionary(entry => entry.Name, entry => entry.Value!));
            await using var reader = await HomeReader.Open(doors, parse.GetValue(at), parse.GetValue(home)!);
            await foreach (var line in verb.Answer(reader.Operator!, said, cancel).WithCancellation(cancel))
            {
                terminal.Write(line);
            }

            return ExitCodes.Fine;
        });
        return command;
    }
}
