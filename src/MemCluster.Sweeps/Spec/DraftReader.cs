namespace MemCluster.Sweeps;

/// <summary>Sorts the top of a sweep file into a <see cref="SpecDraft"/>, and knows which keys stand where.</summary>
internal sealed class DraftReader(SpecDraft draft, ProblemList problems)
{
    public const string Sweep = "sweep";
    public const string Question = "question";
    public const string Seeds = "seeds";
    public const string Axes = "axes";
    public const string Replicates = "replicates";
    public const string Until = "until";
    public const string AtLeast = "at-least";
    public const string AtMost = "at-most";
    public const string Requires = "requires";
    public const string Memory = "memory";
    public const string Label = "label";
    public const string Retries = "retries";
    public const string Limits = "limits";
    public const string Time = "time";
    public const string Idle = "idle";
    public const string Keep = "keep";
    public const string Claims = "claims";
    public const string Figures = "figures";

    /// <summary>Keys of the top of the file, in the order in which the canonical form writes them.</summary>
    public static readonly IReadOnlyList<string> TopKeys =
    [
        Sweep, Question, .. SettingsSchema.Sections,
        .. SettingsSchema.All.Where(setting => setting.Section.Length == 0).Select(setting => setting.Path),
        Axes, Seeds, Replicates, Requires, Retries, Limits, Keep, Claims, Figures,
    ];

    public void ReadTop(SpecNode tree)
    {
        if (tree is not SpecMapping top)
        {
            problems.Add(tree.Place, "a sweep file is a mapping; begin it with a line such as 'sweep: noise-by-capacity'");
            return;
        }

        foreach (var (key, value) in top.Entries)
        {
            if (!ReadTopEntry(key.Text, key.Place, value))
            {
                problems.Add(key.Place, UnknownTopKey(key.Text));
            }
        }
    }

    /// <returns>False when there is no such key at the top of a file.</returns>
    public bool ReadTopEntry(string key, SpecPlace place, SpecNode value)
    {
        switch (key)
        {
            case Sweep:
                draft.Sweep = value;
                return true;
            case Question:
                draft.Question = value;
                return true;
            case Seeds:
                draft.Seeds = value;
                return true;
            case Requires:
                (draft.RequiresMemory, draft.RequiresLabel) = (null, null);
                ReadMapping(Requires, value, ReadRequirement);
                return true;
            case Retries:
                draft.Retries = value;
                return true;
            case Limits:
                draft.Limits.Clear();
                ReadMapping(Limits, value, ReadLimit);
                return true;
            case Replicates:
                draft.ReplicatesPlace = place;
                draft.Replicates.Clear();
                ReadMapping(Replicates, value, ReadReplicates);
                return true;
            case Keep:
                draft.Keep = value;
                return true;
            case Axes:
                draft.AxesPlace = place;
                draft.Axes.Clear();
                ReadAxes(value);
                return true;
            case Claims:
                draft.Claims = value;
                return true;
            case Figures:
                draft.Figures = value;
                return true;
            case var section when SettingsSchema.Sections.Contains(section):
                draft.Fixed.RemoveAll(given => given.Setting.Section == section);
                ReadSection(section, place, value);
                return true;
            default:
                if (SettingsSchema.Find(key) is not { Section.Length: 0 } setting)
                {
                    return false;
                }

                SpecDraft.Replace(draft.Fixed, new(setting, place, value));
                return true;
        }
    }

    private void ReadMapping(string name, SpecNode node, Action<string, SpecPlace, SpecNode> read)
    {
        switch (node)
        {
            case SpecScalar { IsNull: true }:
                break;
            case SpecMapping mapping:
                foreach (var (key, value) in mapping.Entries)
                {
                    read(key.Text, key.Place, value);
                }

                break;
            default:
                problems.Add(node.Place, $"{name} is a mapping such as {ExampleOf(name)}");
                break;
        }
    }

    public void ReadLimit(string key, SpecPlace place, SpecNode value) => Take(draft.Limits, Limits, [Time, Idle, Memory], key, place, value);

    public void ReadReplicates(string key, SpecPlace place, SpecNode value) => Take(draft.Replicates, Replicates, [Until, AtLeast, AtMost, Claims], key, place, value);

    private void Take(Dictionary<string, SpecNode> into, string section, string[] keys, string key, SpecPlace place, SpecNode value)
    {
        if (keys.Contains(key))
        {
            into[key] = value;
        }
        else
        {
            problems.Add(place, $"unknown key {Phrases.Quoted(key)} in {section}{Phrases.Instead(key, keys)}");
        }
    }

    public void ReadRequirement(string key, SpecPlace place, SpecNode value)
    {
        switch (key)
        {
            case Memory:
                draft.RequiresMemory = value;
                break;
            case Label:
                draft.RequiresLabel = value;
                break;
            default:
                problems.Add(place, $"unknown key {Phrases.Quoted(key)} in {Requires}{Phrases.Instead(key, [Memory, Label])}");
                break;
        }
    }

    private void ReadAxes(SpecNode node)
    {
        if (node is not SpecMapping mapping)
        {
            problems.Add(node.Place, node is SpecScalar { IsNull: true }
                ? "axes is empty; list at least one, such as 'noise: [none, label 0.2]', or leave it out"
                : "axes is a mapping from settings to their values, such as 'noise: [none, label 0.2]'");
            return;
        }

        foreach (var (key, value) in mapping.Entries)
        {
            ReadAxis(key.Text, key.Place, value);
        }
    }

    private void ReadAxis(string name, SpecPlace place, SpecNode value)
    {
        if (SettingsSchema.Find(name) is not { } setting)
        {
            problems.Add(place, name == Seeds
                ? "seeds are no axis of their own; write 'seeds:' at the top of the file"
                : $"unknown axis {Phrases.Quoted(name)}{Suggest(name, [.. SettingsSchema.Names])}");
        }
        else if (draft.Axes.Find(other => other.Setting == setting) is { } first)
        {
            problems.Add(place, $"'{name}' is the same axis as the one in line {first.KeyPlace.Line}; keep one of them");
        }
        else
        {
            draft.Axes.Add(new(setting, place, value));
        }
    }

    private void ReadSection(string section, SpecPlace place, SpecNode node)
    {
        if (section == "data")
        {
            draft.DataPlace = place;
        }

        switch (node)
        {
            case SpecMapping mapping:
                ReadSectionEntries(section, mapping.Entries);
                break;
            case SpecScalar { IsNull: false } when section is "data" or "network":
                ReadShortSection(section, node);
                break;
            default:
                problems.Add(node.Place, $"{section} is a mapping such as {ExampleOf(section)}");
                break;
        }
    }

    /// <summary><c>network: sleep 0.5</c>, <c>data: mnist train=5000</c>.</summary>
    private void ReadShortSection(string section, SpecNode node)
    {
        var head = section == "data" ? "name" : "kind";
        if (KindForm.Read(node, head, section, $"such as {ExampleOf(section)}", problems) is not { } form)
        {
            return;
        }

        Fix(section, head, form.Kind.Place, form.Kind);
        var numbers = section == "network" ? NetworkKind.Find(form.Kind.Text)?.Numbers ?? [] : [];
        for (var i = 0; i < form.Unnamed.Count; i++)
        {
            if (i < numbers.Count)
            {
                Fix(section, numbers[i], form.Unnamed[i].Place, form.Unnamed[i]);
            }
            else if (section == "data" || NetworkKind.Find(form.Kind.Text) is not null)
            {
                problems.Add(form.Unnamed[i].Place,
                    $"{section} {Phrases.Quoted(form.Kind.Text)} takes no such value, {Phrases.Quoted(form.Unnamed[i].Text)}; write {ExampleOf(section)}");
            }
        }

        ReadSectionEntries(section, form.Named);
    }

    private void ReadSectionEntries(string section, IReadOnlyList<SpecEntry> entries)
    {
        string[] keys = [.. SettingsSchema.All.Where(setting => setting.Section == section).Select(setting => setting.Key)];
        foreach (var (key, value) in entries)
        {
            if (keys.Contains(key.Text))
            {
                Fix(section, key.Text, key.Place, value);
            }
            else
            {
                problems.Add(key.Place, $"unknown key {Phrases.Quoted(key.Text)} in {section}{Suggest(key.Text, keys)}");
            }
        }
    }

    private void Fix(string section, string key, SpecPlace place, SpecNode value)
    {
        var given = new Given(SettingsSchema.Find($"{section}.{key}")!, place, value);
        if (draft.Fixed.Exists(other => other.Setting == given.Setting))
        {
            problems.Add(place, $"{section}.{key} is given twice; keep one of them");
        }
        else
        {
            draft.Fixed.Add(given);
        }
    }

    public static string UnknownTopKey(string key) => $"unknown key {Phrases.Quoted(key)}{Suggest(key, [.. TopKeys, Presets.Key])}";

    /// <summary>Where the word belongs if it is right elsewhere, else the nearest one that is right here.</summary>
    private static string Suggest(string word, IReadOnlyCollection<string> here)
    {
        if (Phrases.Nearest(word, here) is { } near)
        {
            return $"; did you mean '{near}'?";
        }

        return SettingsSchema.Find(word) is { } elsewhere
            ? $"; it stands {(elsewhere.Section.Length == 0 ? "at the top of the file" : $"in {elsewhere.Section}: '{elsewhere.Section}: {{ {elsewhere.Key}: … }}'")}"
              + ", or under axes to sweep over it"
            : Phrases.Instead(word, here);
    }

    private static string ExampleOf(string section) => section switch
    {
        "data" => "'data: { name: mnist, train: 5000 }'",
        "network" => "'network: { kind: mlp, depth: 2 }'",
        Requires => "'requires: { memory: 8GiB, label: gpu }'",
        Replicates => "'replicates: { until: decided, at-least: 3, at-most: 40 }'",
        Limits => "'limits: { time: 2h, idle: 5m, memory: 4GiB }'",
        SettingsSchema.Measures => "'measures: { csr: every 10, sharpness: last }'",
        _ => "'training: { epochs: 100, rate: 0.01 }'",
    };
}
