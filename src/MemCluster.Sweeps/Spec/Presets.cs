using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// <c>presets:</c> of a sweep file: partial specs, one of which may be laid over the file. The overlay works on the tree, before anything is
/// read, so that a preset is checked like the file itself and its problems stand where they were written.
/// </summary>
internal sealed class Presets
{
    public const string Key = "presets";

    private readonly List<SpecEntry> _presets;

    private Presets(SpecMapping body, List<SpecEntry> presets) => (Body, _presets) = (body, presets);

    /// <summary>The file without its presets.</summary>
    public SpecMapping Body { get; }

    public IEnumerable<string> Names => _presets.Select(preset => preset.Key.Text);

    public static Presets Split(SpecMapping file, ProblemList problems)
    {
        var presets = new List<SpecEntry>();
        var node = file.Entries.FirstOrDefault(entry => entry.Key.Text == Key)?.Value;
        if (node is not (null or SpecMapping))
        {
            problems.Add(node.Place, "presets is a mapping from names to what each lays over the file, such as 'quick: { seeds: 1 }'");
        }

        foreach (var entry in (node as SpecMapping)?.Entries ?? [])
        {
            if (!SweepId.IsValid(entry.Key.Text))
            {
                problems.Add(entry.Key.Place, $"{Phrases.Quoted(entry.Key.Text)} is no name for a preset; use lower-case letters, digits and hyphens, such as 'quick'");
            }
            else if (entry.Value is SpecMapping or SpecScalar { IsNull: true })
            {
                presets.Add(entry);
            }
            else
            {
                problems.Add(entry.Value.Place, $"preset '{entry.Key.Text}' is a mapping of settings, such as '{{ seeds: 1, training.epochs: 20 }}'");
            }
        }

        return new(file with { Entries = [.. file.Entries.Where(entry => entry.Key.Text != Key)] }, presets);
    }

    /// <summary>Whether the preset gives the sweep a name of its own.</summary>
    public bool NamesSweep(string preset) => Find(preset)?.Entries.Any(entry => entry.Key.Text == DraftReader.Sweep) == true;

    public bool Has(string preset) => Names.Contains(preset);

    /// <summary>The file with a preset laid over it.</summary>
    public SpecMapping With(string preset, ProblemList problems) =>
        Find(preset) is { } over ? new TreeOverlay(preset, problems).Lay(Body, over) : Body;

    /// <summary>Whether a place lies inside this preset's part of the file.</summary>
    public bool Holds(string preset, SpecPlace place)
    {
        var (first, last) = (_presets.First(entry => entry.Key.Text == preset).Key.Place, LastOf(_presets.First(entry => entry.Key.Text == preset).Value));
        return place.Source == 0 && Compare(place, first) >= 0 && Compare(place, last) <= 0;
    }

    private SpecMapping? Find(string preset) => _presets.Find(entry => entry.Key.Text == preset)?.Value as SpecMapping;

    private static int Compare(SpecPlace a, SpecPlace b) => a.Line != b.Line ? a.Line.CompareTo(b.Line) : a.Column.CompareTo(b.Column);

    private static SpecPlace LastOf(SpecNode node) => node switch
    {
        SpecScalar scalar => scalar.Place with { Column = scalar.Place.Column + scalar.Text.Length + 1 },
        SpecSequence { Items.Count: > 0 } sequence => LastOf(sequence.Items[^1]),
        SpecMapping { Entries.Count: > 0 } mapping => LastOf(mapping.Entries[^1].Value),
        _ => node.Place,
    };
}
