using System.CommandLine;

namespace MemCluster.Cli;

/// <summary>Options that several verbs share and no node has, so that one name means one thing everywhere; those of nodes are <see cref="Hosting.NodeArguments"/>.</summary>
internal static class Options
{
    /// <summary>Of every verb.</summary>
    public static readonly Option<bool> Verbose = VerboseEverywhere();

    /// <summary>One or more sweep files. A mistyped option must not be taken for one.</summary>
    public static Argument<string[]> Specs(string description)
    {
        var argument = new Argument<string[]>("SPEC") { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
            {
                result.AddError($"There is no option {token.Value} here.");
            }
        });
        return argument;
    }

    public static Option<string[]> Set() => new("--set")
    {
        Description = "Override a setting of the file, for example training.epochs=5. Repeatable.",
        HelpName = "SETTING=VALUE",
        DefaultValueFactory = _ => [],
    };

    public static Option<string?> Preset(string description = "Lay this preset of the file over it, for example quick; the sweep is then named NAME-PRESET.") =>
        new("--preset") { Description = description, HelpName = "PRESET" };

    public static Option<string?> At()
    {
        var option = new Option<string?>("--at")
        {
            Description = "Ask the coordinator at this address instead of the home; of several, with commas between them, the first that answers.",
            HelpName = "HOST:PORT",
        };
        option.Validators.Add(result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (text.Split(',').FirstOrDefault(one => !IsAddress(one)) is { } wrong)
            {
                result.AddError($"--at is an address like node1:4053 or 127.0.0.1:0, not '{wrong}'.");
            }
        });
        return option;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    private static bool IsAddress(string text) => text.Contains("://", StringComparison.Ordinal)
        || (text.LastIndexOf(':') is var colon and > 0 && ushort.TryParse(text.AsSpan(colon + 1), out _));

    private static Option<bool> VerboseEverywhere()
    {
        var option = Hosting.NodeArguments.Verbose.Make();
        option.Recursive = true;
        return option;
    }
}
