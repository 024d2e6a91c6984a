using System.Globalization;

namespace MemCluster.Hosting;

/// <summary>How the kinds of <see cref="NodeArguments"/> are read; each says what it expects where something else was typed.</summary>
internal static class ArgumentKinds
{
    /// <summary>The only one there is.</summary>
    public static string One(IReadOnlyList<string> given) => string.Join(' ', given);

    /// <summary>What is done with it, or found at it, is not looked at here: nothing is opened before all of the command is understood.</summary>
    public static NodeArgument<string?> Text(string name, string hint, string help, NodeVerb verbs, bool again = false) =>
        new(name, hint, help, verbs) { Read = One, IsSaidAgain = again };

    /// <param name="remedy">What else may have been meant; may be empty.</param>
    public static NodeArgument<string?> OneOf(string name, string hint, string help, NodeVerb verbs, IReadOnlyList<string> words, string remedy = "") =>
        new(name, hint, help, verbs)
        {
            Read = given => words.Contains(One(given)) ? One(given) : throw new FormatException($"{name} {One(given)} is not one of {string.Join(", ", words)}{remedy}."),
            Words = words,
        };

    public static NodeArgument<int> Number(string name, string hint, string help, NodeVerb verbs, int least, int most, int otherwise, bool again = false) =>
        new(name, hint, help, verbs)
        {
            Read = given => Within(given, least, most) ?? throw new FormatException(
                string.Create(CultureInfo.InvariantCulture, $"{name} is a number from {least} to {most:n0}, not '{One(given)}'.")),
            Default = otherwise.ToString(CultureInfo.InvariantCulture),
            IsSaidAgain = again,
        };

    public static NodeArgument<int> Seconds(string name, string help, NodeVerb verbs, int least, int otherwise) => new(name, "SECONDS", help, verbs)
    {
        Read = given => Within(given, least, 86_400) ?? throw new FormatException($"{name} is a whole number of seconds from {least} to 86,400, not '{One(given)}'."),
        Default = otherwise.ToString(CultureInfo.InvariantCulture),
    };

    public static NodeArgument<HostPort> Endpoint(string name, string help, NodeVerb verbs, string otherwise, bool again = false) => new(name, "HOST:PORT", help, verbs)
    {
        Read = given => AddressOf(name, One(given)),
        Default = otherwise,
        IsSaidAgain = again,
    };

    public static NodeArgument<string?> Address(string name, string help, NodeVerb verbs, bool again = false) => new(name, "HOST:PORT", help, verbs)
    {
        Read = given => AddressOf(name, One(given)).ToString(),
        IsSaidAgain = again,
    };

    /// <summary>May be given several times, and hold several with commas between.</summary>
    public static NodeArgument<string[]> Addresses(string name, string help, NodeVerb verbs, bool required = false) => new(name, "HOST:PORT,…", help, verbs)
    {
        Read = given =>
        {
            try
            {
                // A comma alone is none, as of variables that aren't set.
                var nodes = SeedNodes.Parse(given);
                return nodes.Count > 0 || !required ? [.. nodes] : throw new FormatException("it names no address; write HOST:PORT.");
            }
            catch (FormatException mistake)
            {
                throw new FormatException($"{name}: {mistake.Message}");
            }
        },
        IsRepeatable = true,
        IsRequired = required,
    };

    /// <exception cref="FormatException">It is none.</exception>
    public static HostPort AddressOf(string name, string text)
    {
        try
        {
            var (host, port) = Node.ParseAddress(text);
            return new(host, port);
        }
        catch (FormatException)
        {
            throw new FormatException($"{name} is an address like node1:4053 or 127.0.0.1:0, not '{text}'.");
        }
    }

    /// <returns>Null if it is no number of the range.</returns>
    public static int? Within(IReadOnlyList<string> given, int least, int most) =>
        int.TryParse(One(given), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
