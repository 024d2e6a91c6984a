using System.CommandLine;
using System.CommandLine.Completions;

namespace MemCluster.Cli.Completion;

/// <summary>What a shell may offer for a value.</summary>
internal enum Offer
{
    /// <summary>It is a flag: no value follows.</summary>
    None,

    /// <summary>A value that nobody can guess.</summary>
    Anything,
    Folder,
    File,
    SweepFile,

    /// <summary>Names that only a home or a coordinator knows; asked of <c>memcluster complete</c> when they are wanted.</summary>
    Sweep,
    Node,

    /// <summary>One of a few words.</summary>
    Choice,
}

/// <param name="Choices">Where <paramref name="Offer"/> is <see cref="Offer.Choice"/>.</param>
internal sealed record CompletedValue(string Name, string Description, Offer Offer, IReadOnlyList<string> Choices);

/// <summary>A verb as shells see it, read from the command tree, so that the scripts can't fall behind it.</summary>
/// <param name="Path"><c>status</c>, or <c>data get</c>; empty for the program itself.</param>
/// <param name="Places">What stands by its place; the last may stand again and again.</param>
internal sealed record CompletedVerb(
    string Path, string Description, IReadOnlyList<CompletedVerb> Verbs, IReadOnlyList<CompletedValue> Options, IReadOnlyList<CompletedValue> Places)
{
    public string Name => Path.Split(' ')[^1];

    /// <summary>This one and all below it.</summary>
    public IEnumerable<CompletedVerb> All => Verbs.SelectMany(verb => verb.All).Prepend(this);

    public static CompletedVerb Of(RootCommand root) => Of(root, "", [.. root.Options.Where(option => option.Recursive)]);

    private static CompletedVerb Of(Command command, string path, IReadOnlyList<Option> everywhere) => new(
        path, command.Description ?? "",
        [.. command.Subcommands.Where(verb => !verb.Hidden).Select(verb => Of(verb, $"{path} {verb.Name}".Trim(), everywhere))],
        [.. command.Options.Union(everywhere).Where(option => !option.Hidden).Select(OfOption)],
        [.. command.Arguments.Where(argument => !argument.Hidden).Select(OfArgument)]);

    private static CompletedValue OfOption(Option option)
    {
        string[] choices = [.. (option.HelpName ?? "").Split('|').Where(word => word.Length > 0 && word.All(char.IsAsciiLetterLower))];
        var offer = option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? Offer.None
            : choices.Length > 0 ? Offer.Choice
            : option.HelpName switch { "DIR" => Offer.Folder, "FILE" => Offer.File, _ => Offer.Anything };
        return new(option.Name, option.Description ?? "", offer, choices);
    }

    private static CompletedValue OfArgument(Argument argument)
    {
        string[] choices = [.. argument.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
        return new(argument.Name, argument.Description ?? "", argument.Name switch
        {
            "SPEC" => Offer.SweepFile,
            "SWEEP" => Offer.Sweep,
            "NODE" => Offer.Node,
            "FOLDER" => Offer.Folder,
            _ => choices.Length > 0 ? Offer.Choice : Offer.Anything,
        }, choices);
    }
}
