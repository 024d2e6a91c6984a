namespace MemCluster.Sweeps;

/// <summary>
/// <c>--set path=value</c>: as if the value stood at that place of the file. A whole section or axis is replaced, not merged;
/// an axis takes the place of what the file fixes (the reverse is refused: it would change the shape of the sweep).
/// </summary>
internal static class SetOverlay
{
    public static void Apply(SpecDraft draft, IReadOnlyList<string> sets, ProblemList problems)
    {
        for (var i = 0; i < sets.Count; i++)
        {
            Apply(draft, sets[i], i + 1, problems);
        }
    }

    private static void Apply(SpecDraft draft, string set, int source, ProblemList problems)
    {
        var place = new SpecPlace(source, 1, 1);
        var equals = set.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            problems.Add(place, "this is no setting; write --set PATH=VALUE, such as --set training.epochs=5");
            return;
        }

        var path = set[..equals].Trim();
        var text = set[(equals + 1)..];
        var value = text.Trim().Length == 0 ? new SpecScalar(place, "", Plain: true, TextColumn: 0) : YamlTree.Read(text, source, problems);
        if (value is null)
        {
            return;
        }

        var reader = new DraftReader(draft, problems);
        if (reader.ReadTopEntry(path, place, value))
        {
            return;
        }

        foreach (var (section, read) in new (string, Action<string, SpecPlace, SpecNode>)[]
        {
            (DraftReader.Requires + ".", reader.ReadRequirement), (DraftReader.Limits + ".", reader.ReadLimit),
            (DraftReader.Replicates + ".", reader.ReadReplicates),
        })
        {
            if (path.StartsWith(section, StringComparison.Ordinal))
            {
                read(path[section.Length..], place, value);
                return;
            }
        }

        const string inAxes = DraftReader.Axes + ".";
        var isAxis = path.StartsWith(inAxes, StringComparison.Ordinal);
        var name = isAxis ? path[inAxes.Length..] : path;
        if (SettingsSchema.Find(name) is not { } setting)
        {
            problems.Add(place, WrongPath(name, isAxis));
            return;
        }

        if (isAxis)
        {
            draft.Fixed.RemoveAll(given => given.Setting == setting);
        }

        SpecDraft.Replace(isAxis ? draft.Axes : draft.Fixed, new(setting, place, value));
    }

    private static string WrongPath(string name, bool isAxis)
    {
        // A part of a value that is written as a whole: noise.level, training.schedule.every.
        var whole = SettingsSchema.All.FirstOrDefault(setting =>
            name.StartsWith(setting.Path + ".", StringComparison.Ordinal) || name.StartsWith(setting.Name + ".", StringComparison.Ordinal));
        if (whole is not null)
        {
            return $"{whole.Path} is set as a whole; give it {whole.Expected}";
        }

        if (name.Split('.')[0] is "claims" or "figures")
        {
            return "claims and figures are written in the file, or in a preset of it";
        }

        string[] valid = isAxis ? [.. SettingsSchema.Names] : [.. DraftReader.TopKeys, .. SettingsSchema.Names];
        return $"unknown {(isAxis ? "axis" : "setting")} {Phrases.Quoted(name)}{Phrases.Instead(name, valid)}";
    }
}
