namespace MemCluster.Sweeps;

/// <summary>
/// One mapping laid over another: a section, the axes, the replicates, the claims and the figures key by key, everything else as a whole. A setting may be
/// named with dots or by its short name (<c>training.epochs</c>, <c>rate</c>, <c>axes.capacity</c>). An empty value takes a key out.
/// </summary>
internal sealed class TreeOverlay(string preset, ProblemList problems)
{
    /// <summary>Mappings that are laid over each other key by key.</summary>
    private static readonly string[] Merged = [.. SettingsSchema.Sections, DraftReader.Axes, DraftReader.Replicates, DraftReader.Claims, DraftReader.Figures];

    public SpecMapping Lay(SpecMapping file, SpecMapping over)
    {
        var entries = file.Entries.ToList();
        foreach (var entry in over.Entries)
        {
            if (Merged.Contains(entry.Key.Text) && entry.Value is SpecMapping parts)
            {
                foreach (var part in parts.Entries)
                {
                    Into(entries, entry.Key.Text, entry.Key.Place, part);
                }
            }
            else if (Inside(entry.Key) is var (section, key))
            {
                Into(entries, section, entry.Key.Place, new(key, entry.Value));
            }
            else
            {
                Replace(entries, entry, (a, b) => a == b);
            }
        }

        return file with { Entries = entries };
    }

    /// <summary>A dotted name, or the short one of a setting inside a section, as section and key.</summary>
    private static (string Section, SpecScalar Key)? Inside(SpecScalar key)
    {
        var dot = key.Text.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && Merged.Contains(key.Text[..dot]))
        {
            return (key.Text[..dot], key.Part(dot + 1, key.Text.Length - dot - 1));
        }

        return !Merged.Contains(key.Text) && SettingsSchema.Find(key.Text) is { Section.Length: > 0 } setting
            ? (setting.Section, key with { Text = setting.Key, TextColumn = 0 })
            : null;
    }

    private void Into(List<SpecEntry> entries, string section, SpecPlace place, SpecEntry part)
    {
        var at = entries.FindIndex(entry => entry.Key.Text == section);
        if (at >= 0 && entries[at].Value is not SpecMapping && entries[at].Value is not SpecScalar { IsNull: true })
        {
            problems.Add(place, $"preset '{preset}' changes a part of {section}, which the file writes in its short form; write it in full there, as '{section}: {{ … }}'");
            return;
        }

        var inner = at < 0 ? [] : (entries[at].Value as SpecMapping)?.Entries.ToList() ?? [];
        var isAxes = section == DraftReader.Axes;
        if (isAxes && SettingsSchema.Find(part.Key.Text) is { } setting)
        {
            // As with --set, an axis takes the place of what the file fixes.
            Drop(entries, setting);
        }

        Func<string, string, bool> same = isAxes ? SameSetting : (a, b) => a == b;
        if (part.Value is SpecScalar { IsNull: true })
        {
            inner.RemoveAll(entry => same(entry.Key.Text, part.Key.Text));
        }
        else
        {
            Replace(inner, part, same);
        }

        var merged = new SpecEntry(at < 0 ? new(place, section, Plain: true, TextColumn: 0) : entries.First(entry => entry.Key.Text == section).Key,
            new SpecMapping(at < 0 ? place : entries.First(entry => entry.Key.Text == section).Value.Place, inner));
        Replace(entries, merged, (a, b) => a == b);
    }

    private static void Drop(List<SpecEntry> entries, Setting setting)
    {
        entries.RemoveAll(entry => setting.Section.Length == 0 && entry.Key.Text == setting.Path);
        var at = entries.FindIndex(entry => entry.Key.Text == setting.Section);
        if (at >= 0 && entries[at].Value is SpecMapping section)
        {
            entries[at] = entries[at] with { Value = section with { Entries = [.. section.Entries.Where(entry => entry.Key.Text != setting.Key)] } };
        }
    }

    private static bool SameSetting(string a, string b) => a == b || (SettingsSchema.Find(a) is { } setting && setting == SettingsSchema.Find(b));

    private static void Replace(List<SpecEntry> entries, SpecEntry entry, Func<string, string, bool> same)
    {
        var at = entries.FindIndex(other => same(other.Key.Text, entry.Key.Text));
        if (at < 0)
        {
            entries.Add(entry);
        }
        else
        {
            entries[at] = entry;
        }
    }
}
