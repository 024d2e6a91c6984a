namespace MemCluster.Cli;

/// <summary>A command as the user would type it next: with the home they use, where it isn't the usual one, or the coordinator they asked.</summary>
internal static class CommandText
{
    public const string UsualHome = ".memcluster";

    public static string Of(string verb, string what, string home) => Again($"{verb} {what}", null, home);

    /// <param name="what">The verb and what stands behind it.</param>
    public static string Again(string what, string? at, string home) =>
        $"memcluster {what}{(at is not null ? $" --at {at}" : home == UsualHome ? "" : $" --home {Quoted(home)}")}".Replace("  ", " ", StringComparison.Ordinal);

    public static string Quoted(string path) => path.Contains(' ') ? $"'{path}'" : path;
}
