using System.Text.RegularExpressions;

namespace MemCluster.Telemetry;

/// <summary>
/// The last fence before a line leaves the process: nothing of ours logs a password or a token, but drivers and servers quote connection strings,
/// addresses and headers in their errors.
/// </summary>
internal static partial class Secrets
{
    public static string Mask(string text) => Quick(text) ? Pattern().Replace(text, "${before}***") : text;

    private static bool Quick(string text) =>
        text.Contains("pass", StringComparison.OrdinalIgnoreCase) || text.Contains("pwd", StringComparison.OrdinalIgnoreCase)
        || text.Contains("bearer", StringComparison.OrdinalIgnoreCase) || text.Contains("://", StringComparison.Ordinal)
        || text.Contains("token", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>Password=…;</c> and its kin, <c>Bearer …</c>, <c>MEMCLUSTER_TOKEN=…</c>, <c>scheme://user:…@host</c>.</summary>
    [GeneratedRegex(
        """(?<before>\b(?:password|passwd|passfile|pwd|memcluster_token|token)\s*=\s*)(?:"[^"]*"|'[^']*'|[^;,\s"'\\]+)|(?<before>\bbearer\s+)[^\s"',;]+|(?<before>\b[a-z][a-z0-9+.-]*://[^\s/:@]+:)[^\s/@]+(?=@)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
