namespace MemCluster.Sweeps;

/// <summary>What differs between two specs of one name, for the person who must decide which of them was meant.</summary>
public static class SpecDifference
{
    private const int Shown = 12;

    /// <param name="before">Canonical text of the sweep that exists.</param>
    /// <param name="after">Canonical text of the file.</param>
    /// <returns>
    /// Lines <c>- …</c> for what only the first has and <c>+ …</c> for what only the second has, in the order of a spec; of a list, only the
    /// values that differ. The question, what it requires, how it bears with failures, how its claims ask for seeds, the weights that it keeps, claims and figures are left out: they are no part of a sweep's identity.
    /// </returns>
    public static IReadOnlyList<string> Between(string before, string after)
    {
        var old = Entries(before);
        var @new = Entries(after);
        var lines = new List<string>();
        foreach (var key in old.Keys.Union(@new.Keys).OrderBy(Order).Where(IsIdentity))
        {
            var (was, becomes) = (Entry(old, key), Entry(@new, key));
            if (was != becomes)
            {
                Add(lines, '-', key, was, becomes);
                Add(lines, '+', key, becomes, was);
            }
        }

        return lines;
    }

    private static bool IsIdentity(string key) =>
        key is not (DraftReader.Question or DraftReader.Retries or DraftReader.Keep or DraftReader.Claims or DraftReader.Figures)
        && key.Split('.')[0] is not (DraftReader.Requires or DraftReader.Limits or DraftReader.Replicates);

    private static void Add(List<string> lines, char sign, string key, string? mine, string? other)
    {
        if (mine is null)
        {
            return;
        }

        if (Values(mine) is not { } values)
        {
            lines.Add($"{sign} {key}: {mine}");
            return;
        }

        var others = Values(other) ?? [];
        var known = others.ToHashSet();
        var mineOnly = values.Where(value => !known.Contains(value)).ToList();
        var differsInOrder = mineOnly.Count == 0 && values.Length == others.Length;
        var shown = differsInOrder ? [.. values] : mineOnly;
        if (shown.Count > 0)
        {
            var text = $"{string.Join(", ", shown.Take(Shown))}{(shown.Count > Shown ? $" … {shown.Count - Shown} more" : "")}";

            // Beside a plain 'seeds: 3' a list must look like one.
            lines.Add(other is not null && Values(other) is null ? $"{sign} {key}: [{text}]" : $"{sign} {key}: {text}");
        }
    }

    /// <summary>What a spec says of a key, or the default that stands behind its silence.</summary>
    private static string? Entry(Dictionary<string, string> entries, string key)
    {
        if (entries.TryGetValue(key, out var text))
        {
            return text;
        }

        var silent = SettingsSchema.All.FirstOrDefault(setting => setting.Path == key);
        var isAxis = silent is not null && entries.ContainsKey($"{DraftReader.Axes}.{silent.Name}");
        return silent is null || isAxis || silent.TextOf(new()).Length == 0 ? null : $"{silent.TextOf(new())} (default)";
    }

    private static string[]? Values(string? text) =>
        text is ['[', .., ']'] ? text[1..^1].Split(", ") : null;

    /// <summary>Canonical text is regular enough to be read by lines: <c>key: value</c>, or <c>section:</c> and indented keys.</summary>
    private static Dictionary<string, string> Entries(string canonical)
    {
        var entries = new Dictionary<string, string>();
        var section = "";
        foreach (var line in canonical.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var key = line[..colon].Trim();
            var value = line[(colon + 1)..].Trim();
            if (value.Length == 0)
            {
                section = key + ".";
            }
            else
            {
                entries[line[0] == ' ' ? section + key : key] = value;
            }
        }

        return entries;
    }

    private static int Order(string key)
    {
        var top = key.Split('.')[0];
        return DraftReader.TopKeys.ToList().IndexOf(top);
    }
}
