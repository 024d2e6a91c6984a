using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>A value of a setting, read once: how it is written, and what it does to the settings of a trial.</summary>
/// <param name="Text">Short canonical text.</param>
internal sealed record SettingValue(string Text, Func<TrialSettings, TrialSettings> Put);

/// <summary>
/// One thing that a sweep file can fix or sweep over. Parsing, <c>--set</c>, axes, the canonical form and a cell's identity all run over the
/// table of these (<see cref="SettingsSchema"/>): adding a setting is one entry there.
/// </summary>
public abstract class Setting
{
    private protected Setting(string path, string? alias, string unit, string meaning) =>
        (Path, Alias, Unit, Meaning) = (path, alias, unit, meaning);

    /// <summary>Where it stands in a sweep file: <c>training.rate</c>. Part of every cell's identity: it must never change.</summary>
    public string Path { get; }

    /// <summary>Its shorter name as an axis, and in results: <c>rate</c>.</summary>
    public string? Alias { get; }

    /// <summary>What its values count, for people: <c>units per hidden layer</c>; empty where the value says it.</summary>
    public string Unit { get; }

    public string Meaning { get; }

    /// <summary>Its name as an axis and as a column of trials.csv.</summary>
    public string Name => Alias ?? Path;

    /// <summary>The mapping that it stands in (<c>training</c>); empty at the top of the file.</summary>
    public string Section => Path.Contains('.', StringComparison.Ordinal) ? Path[..Path.IndexOf('.', StringComparison.Ordinal)] : "";

    /// <summary>Its key within that mapping.</summary>
    public string Key => Path[(Path.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>What a value must be: <c>a whole number from 0 to 64</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Short canonical text of the value that these settings have.</summary>
    public abstract string TextOf(TrialSettings settings);

    public abstract bool IsDefault(TrialSettings settings);

    /// <param name="subject">What sentences about it call it.</param>
    /// <returns>Null when the node holds no such value; why is then in the list.</returns>
    internal abstract SettingValue? Read(SpecNode node, string subject, ProblemList problems);
}

/// <summary>A setting of one type, in one written form.</summary>
internal sealed class Setting<T>(
    string path, string? alias, string unit, string meaning, Form<T> form,
    Func<TrialSettings, T> get, Func<TrialSettings, T, TrialSettings> put) : Setting(path, alias, unit, meaning)
{
    private static readonly TrialSettings Defaults = new();

    private readonly T _default = get(Defaults);

    public override string Expected => form.Expected;

    public override string TextOf(TrialSettings settings) => form.Write(get(settings));

    public override bool IsDefault(TrialSettings settings) => EqualityComparer<T>.Default.Equals(get(settings), _default);

    internal override SettingValue? Read(SpecNode node, string subject, ProblemList problems)
    {
        if (!form.TryRead(node, subject, problems, out var value))
        {
            return null;
        }

        return new(form.Write(value), settings => put(settings, value));
    }
}
