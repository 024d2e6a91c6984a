namespace MemCluster.Cli;

/// <summary>A command as the user would type it next: with the home they use, where it isn't the usual one.</summary>
internal static class CommandText
{
    public const string UsualHome = ".memcluster";

    public static string Of(string verb, string what, string home) =>
        $"memcluster {verb} {what}{(home == UsualHome ? "" : $" --home {Quoted(home)}")}".Replace("  ", " ", StringComparison.Ordinal);

    private static string Quoted(string path) => path.Contains(' ') ? $"'{path}'" : path;
}
