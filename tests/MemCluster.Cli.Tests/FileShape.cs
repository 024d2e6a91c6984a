using System.Text.RegularExpressions;

namespace MemCluster.Cli.Tests;

/// <summary>What of a folder's C# files is too much to be held in one's head: a long file, and a type that is spread over several.</summary>
internal static partial class FileShape
{
    public const int MostLines = 300;

    public static IReadOnlyList<string> LongFiles(string folder) =>
    [
        .. from file in Files(folder)
           let lines = File.ReadLines(file.Path).Count()
           where lines > MostLines
           select $"{file.Name} has {lines} lines; at most {MostLines} are read in one go.",
    ];

    /// <summary>Only for a source generator, which adds its part where nobody looks, may a type be partial, and then it is all in one file.</summary>
    public static IReadOnlyList<string> TornTypes(string folder)
    {
        var parts = (
            from file in Files(folder)
            let text = File.ReadAllText(file.Path)
            from part in Partial().Matches(text)
            select (file.Name, Type: $"{Space().Match(text).Groups["name"]}.{part.Groups["name"]}", IsGenerated: Generated().IsMatch(part.Value))).ToList();
        return
        [
            .. parts.Where(part => !part.IsGenerated).Select(part => $"{part.Name}: {part.Type} is partial, and nothing in it needs a source generator."),
            .. from part in parts
               group part.Name by (Project: part.Name.Split('/')[0], part.Type) into type
               where type.Distinct().Count() > 1
               select $"{type.Key.Type} is spread over {string.Join(", ", type.Distinct())}.",
        ];
    }

    private static IEnumerable<(string Path, string Name)> Files(string folder) =>
        from path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let name = Path.GetRelativePath(folder, path)
        where !name.Split('/').Any(part => part is "obj" or "bin")
        select (path, name);

    /// <summary>A declaration and its body, which ends as far to the right as it began.</summary>
    [GeneratedRegex(@"^(?<indent> *)(?:[a-z]+ )*?partial (?:record class|record struct|class|record|struct|interface) (?<name>\w+)[^{;]*(?:;|\{.*?^\k<indent>\}$)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Partial();

    [GeneratedRegex(@"\[(?:GeneratedRegex|LibraryImport|LoggerMessage)\b|: JsonSerializerContext\b")]
    private static partial Regex Generated();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Space();
}
