using System.Security.Cryptography;
using System.Text;

namespace MemCluster.Hosting;

/// <summary>
/// The password of the HTTP API, one for a deployment: from <c>MEMCLUSTER_TOKEN</c>, or from a file that only its owner can read. Never an
/// argument, never in a log: both can be read by others.
/// </summary>
public sealed class ApiToken
{
    public const string Variable = "MEMCLUSTER_TOKEN";

    /// <summary>16 characters of a random hexadecimal token are 64 bits: nobody guesses that over a network.</summary>
    public const int LeastLength = 16;

    private const int MostLength = 1024;

    private readonly byte[] _digest;

    private ApiToken(string text) => (Text, _digest) = (text, Digest(text));

    /// <summary>The token itself, for the header of a request.</summary>
    public string Text { get; }

    /// <param name="file">From <c>--token-file</c>; it wins over the environment.</param>
    /// <returns>Null where neither says anything.</returns>
    /// <exception cref="FormatException">It is too short, or the file can't be used; a sentence without the token.</exception>
    public static ApiToken? Find(string? file)
    {
        if (file is not null)
        {
            return Of(ReadFile(file), file);
        }

        return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? Of(text, Variable) : null;
    }

    /// <param name="source">Where it comes from, for the sentence.</param>
    /// <exception cref="FormatException">It is too short or too long, or has blanks or letters that don't go into a header.</exception>
    public static ApiToken Of(string text, string source) =>
        text.Length is < LeastLength or > MostLength
            ? throw new FormatException($"The token in {source} has {text.Length} characters; it needs at least {LeastLength}. Make one with: openssl rand -hex 32")
            : text.Any(letter => letter is <= ' ' or >= '\x7f')
                ? throw new FormatException($"The token in {source} holds blanks or letters beyond ASCII. Make one with: openssl rand -hex 32")
                : new(text);

    /// <summary>Takes the same time whatever is offered: how long an answer takes must not tell how much of a guess was right.</summary>
    public bool Is(string offered) => CryptographicOperations.FixedTimeEquals(_digest, Digest(offered));

    /// <summary>Never the token: this may end up in a log.</summary>
    public override string ToString() => "(token)";

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static string ReadFile(string file)
    {
        try
        {
            PrivateFile.Require(file, ~(UnixFileMode.UserRead | UnixFileMode.UserWrite), "600");
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The token file {file} can't be read: {problem.Message}");
        }
    }
}
