using System.Collections;
using System.Globalization;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace MemCluster.Hosting;

/// <summary>
/// Akka's own knobs as an operator turns them: a HOCON file, and on top of it environment variables named as Akka's other tools name them,
/// <c>AKKA__CLUSTER__SPLIT_BRAIN_RESOLVER__STABLE_AFTER=20s</c>. Both lie above hocon/'s profiles and below the command line.
/// </summary>
public static class Tuning
{
    /// <summary>Variables that begin so are knobs; two underscores are a dot, one is a hyphen.</summary>
    public const string Prefix = "AKKA__";

    private const string Variables = "the environment";

    /// <param name="file">A HOCON file; null for none.</param>
    /// <returns>What of it lies on top of the profiles; empty for nothing.</returns>
    /// <exception cref="FormatException">The file or a variable can't be read, or says what is not the operator's to say; the message is a sentence.</exception>
    public static Config Read(string? file) => Read(file, Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? ""));

    /// <inheritdoc cref="Read(string?)"/>
    public static Config Read(string? file, IReadOnlyDictionary<string, string> environment)
    {
        var knobs = FromVariables(environment);
        return file is null ? knobs : knobs.IsEmpty ? FromFile(file) : knobs.WithFallback(FromFile(file));
    }

    private static Config FromFile(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The HOCON file {file} can't be read: {failure.Message}");
        }

        if (HoconShape.Problem(text) is { } problem)
        {
            throw new FormatException($"The HOCON file {file} can't be understood: {problem}.");
        }

        Config knobs;
        try
        {
            knobs = string.IsNullOrWhiteSpace(text) ? Config.Empty : ConfigurationFactory.ParseString(text);
            _ = knobs.ToString(); // Some mistakes are found only when values are looked at.
        }
        catch (Exception mistake)
        {
            throw new FormatException($"The HOCON file {file} can't be understood: {mistake.Message.Split('\n', 2)[0]}");
        }

        Refuse(knobs, file);
        return knobs;
    }

    private static Config FromVariables(IReadOnlyDictionary<string, string> environment)
    {
        var single = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var lists = new SortedDictionary<string, SortedDictionary<int, string>>(StringComparer.Ordinal);
        foreach (var (name, value) in environment.Where(entry => entry.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)))
        {
            var parts = name.ToLowerInvariant().Split("__").Select(part => part.Replace('_', '-')).ToArray();
            if (parts.Length < 2 || parts.Any(part => part.Length == 0))
            {
                throw new FormatException($"The variable {name} names no setting; write for instance {Prefix}CLUSTER__SPLIT_BRAIN_RESOLVER__STABLE_AFTER=20s");
            }

            if (parts.Length > 2 && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var place))
            {
                var list = string.Join('.', parts[..^1]);
                (lists.TryGetValue(list, out var entries) ? entries : lists[list] = [])[place] = value;
            }
            else
            {
                single[string.Join('.', parts)] = value;
            }
        }

        var lines = single.Select(entry => $"{entry.Key} = {Quoted(entry.Value)}")
            .Concat(lists.Select(entry => $"{entry.Key} = [{string.Join(", ", entry.Value.Values.Select(Quoted))}]"));
        var knobs = single.Count + lists.Count == 0 ? Config.Empty : ConfigurationFactory.ParseString(string.Join('\n', lines));
        Refuse(knobs, Variables);
        return knobs;
    }

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static void Refuse(Config knobs, string where)
    {
        foreach (var path in knobs.IsEmpty ? [] : Leaves("", knobs.Root))
        {
            if (Promises.Problem(path) is { } problem)
            {
                throw new FormatException(where == Variables
                    ? $"The variable {NameOf(path)} sets {path}: {problem}"
                    : $"The HOCON file {where} sets {path}: {problem}");
            }
        }
    }

    private static string NameOf(string path) =>
        path.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal).Replace('-', '_');

    private static IEnumerable<string> Leaves(string path, HoconValue value) => value.IsObject()
        ? value.GetObject().Items.SelectMany(item => Leaves(path.Length == 0 ? item.Key : $"{path}.{item.Key}", item.Value))
        : [path];
}
