using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace MemCluster.Hosting;

/// <summary>What is wrong with a command as it was typed.</summary>
public static class CommandMistakes
{
    /// <param name="command">How its help is asked for, without the option.</param>
    /// <returns>Sentences; none where it can be done.</returns>
    public static IReadOnlyList<string> Of(ParseResult parse, string command) =>
        parse.Errors.Count > 0 && parse.Action is ParseErrorAction ? [.. parse.Errors.Select(error => error.Message), $"See: {command} --help"]
        : Empty(parse) is { } name ? [$"{name} is empty; say what you mean, or leave it out. Was it a variable that isn't set?"]
        : [];

    /// <summary>The command that a shell asks about is a half one; there an empty word is where the cursor stands.</summary>
    private static string? Empty(ParseResult parse) => parse.CommandResult.Command.Name is "complete" ? null : parse.CommandResult.Children
        .Where(given => given.Tokens.Any(token => token.Value.Length == 0))
        .Select(given => given is OptionResult option ? option.Option.Name : (given as ArgumentResult)?.Argument.Name)
        .FirstOrDefault();
}
