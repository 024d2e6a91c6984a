using System.CommandLine;

namespace MemCluster.Hosting;

/// <summary>A row of <see cref="NodeArguments"/>: an option of nodes, with all that any door has to know of it.</summary>
/// <param name="name">With its hyphens: <c>--listen</c>.</param>
/// <param name="hint">What stands for the value in help; empty for a switch, which has none.</param>
/// <param name="help">A sentence.</param>
/// <param name="verbs">Who takes it.</param>
public abstract class NodeArgument(string name, string hint, string help, NodeVerb verbs)
{
    public string Name { get; } = name;

    public string Hint { get; } = hint;

    public string Help { get; } = help;

    public NodeVerb Verbs { get; } = verbs;

    /// <summary>Whether the verbs can't do without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether the command that goes on with a stopped run must say it again.</summary>
    public bool IsSaidAgain { get; init; }

    /// <summary>Values to offer to a shell that completes.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The option itself; a new one each time, since it belongs to the command that it is added to.</summary>
    /// <param name="help">Where a verb means something narrower by it; null: the row's.</param>
    public abstract Option Make(string? help = null);
}

/// <inheritdoc/>
/// <typeparam name="T">What is made of the text; where it can be left out and has no default, a type with null.</typeparam>
public sealed class NodeArgument<T>(string name, string hint, string help, NodeVerb verbs) : NodeArgument(name, hint, help, verbs)
{
    /// <summary>From the texts of all its values, in order. A <see cref="FormatException"/>'s message is the sentence that is shown. Null for a switch.</summary>
    public Func<IReadOnlyList<string>, T>? Read { get; init; }

    /// <summary>What holds where nothing is said, as it would be typed; null: nothing.</summary>
    public string? Default { get; init; }

    /// <summary>Whether it may be given again and again.</summary>
    public bool IsRepeatable { get; init; }

    public override Option<T> Make(string? help = null)
    {
        var option = new Option<T>(Name) { Description = help ?? Help, HelpName = Hint.Length > 0 ? Hint : null, Required = IsRequired };
        if (IsRepeatable)
        {
            option.Arity = ArgumentArity.OneOrMore;
        }

        if (Words.Count > 0)
        {
            option.CompletionSources.Add([.. Words]);
        }

        if (Read is { } read)
        {
            option.CustomParser = given =>
            {
                try
                {
                    return read([.. given.Tokens.Select(token => token.Value)]);
                }
                catch (FormatException mistake)
                {
                    given.AddError(mistake.Message);
                    return default;
                }
            };
            if (Default is { } otherwise)
            {
                option.DefaultValueFactory = _ => read([otherwise]);
            }
        }

        return option;
    }
}
