using MemCluster.Operations.Verbs;
using Petabridge.Cmd;

namespace MemCluster.Coordinator.Pbm;

/// <summary>The operator catalogue as a Petabridge.Cmd palette: <c>sweep status -s small</c>. Every argument is a switch with a value.</summary>
internal static class SweepPalette
{
    public const string Name = "sweep";

    public static readonly CommandPalette Palette = new(Name, OperatorCatalogue.All.Select(Definition).ToArray());

    /// <summary><c>--name</c>, and a letter of it that no argument before it has taken.</summary>
    public static IReadOnlyList<string> SwitchesOf(OperatorVerb verb, VerbArgument argument)
    {
        var taken = new HashSet<char>();
        foreach (var one in verb.Arguments)
        {
            var letter = one.Name.FirstOrDefault(letter => char.IsAsciiLetter(letter) && taken.Add(letter));
            if (one == argument)
            {
                return letter == default ? [$"--{one.Name}"] : [$"-{letter}", $"--{one.Name}"];
            }
        }

        throw new ArgumentException($"{verb.Name} has no argument {argument.Name}.", nameof(argument));
    }

    /// <summary>How <c>status small</c> is said here.</summary>
    public static string Command(string what)
    {
        var words = what.Split(' ', 2);
        var verb = OperatorCatalogue.Find(words[0])!;
        return words.Length == 1 ? $"{Name} {words[0]}" : $"{Name} {words[0]} {SwitchesOf(verb, verb.Arguments[0])[0]} {words[1]}";
    }

    private static CommandDefinition Definition(OperatorVerb verb)
    {
        var builder = new CommandDefinitionBuilder()
            .WithName(verb.Name)
            .WithDescription(verb.Asks ? $"{verb.Description} Only where the coordinator was started with --pbm-write." : verb.Description);
        foreach (var argument in verb.Arguments)
        {
            builder = builder.WithArgument(said =>
            {
                var one = said
                    .WithName(argument.Name)
                    .WithDescription(argument.Kind == ArgumentKind.Flag ? $"{argument.Description} Say: yes" : argument.Description)
                    .IsMandatory(argument.Required)
                    .AllowMultiple(argument.Kind is ArgumentKind.Files or ArgumentKind.Options or ArgumentKind.Repeated);
                foreach (var word in SwitchesOf(verb, argument))
                {
                    one = one.WithSwitch(word);
                }
            });
        }

        return builder.Build();
    }
}
