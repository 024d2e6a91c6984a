using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// A sweep's trials in order, each made when it is asked for: a million of them cost no more memory than their axes. Places count from 0;
/// the seed changes fastest, then the last axis.
/// </summary>
public sealed class Grid
{
    /// <summary>
    /// Of the rule that turns a spec into this order. It stands in every sweep's first event: another order under the same number would
    /// make old journals speak of other trials.
    /// </summary>
    public const int ExpansionVersion = 1;

    private static readonly string[] NamelessAxes = ["noise", "capacity", "regularizer"];

    private readonly TrialSettings _shared;
    private readonly Func<TrialSettings, TrialSettings>[][] _puts;
    private readonly ScoringGrid _scoring;

    /// <exception cref="FormatException">The spec was not made by <see cref="SpecFile"/>.</exception>
    public Grid(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
        _shared = spec.Base;
        _puts = [.. spec.Axes.Select(PutsOf)];
        Configurations = spec.Axes.Aggregate(1, (product, axis) => checked(product * axis.Values.Length));
        Count = checked(Configurations * spec.Seeds.Count);
        _scoring = new(spec);
    }

    /// <summary>Whether some trials of the sweep may leave examples out.</summary>
    public static bool Prunes(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Base.Prune != Prune.None || spec.Axes.Any(axis => axis.Name == SettingsSchema.Prune);
    }

    public SweepSpec Spec { get; }

    public int Count { get; }

    /// <summary>
    /// Trials that compute scores for those of the grid. They have the places behind it, <see cref="Count"/> and up, with settings, cell and label as all trials
    /// have, and are no cells of the grid.
    /// </summary>
    public int ScoringCount => _scoring.Count;

    /// <summary>The ways in which scoring trials score, run by run.</summary>
    public IReadOnlyList<ScoringWork> Works => _scoring.Works;

    /// <summary>Combinations of axis values; each is trained once per seed.</summary>
    public int Configurations { get; }

    public TrialSettings SettingsAt(int place) => place < Count
        ? SettingsInGrid(Checked(place))
        : ScoringTrial.SettingsOf(SettingsInGrid(PrunedBy(place)[0]), WorkAt(place).Run);

    /// <summary>Places of the trials whose scores this one needs, in the order of their runs; none where it needs none, as a scoring trial itself.</summary>
    public IReadOnlyList<int> ScoresOf(int place) => place >= Count ? [] : Array.ConvertAll(_scoring.ScoresOf(Checked(place)), number => Count + number);

    /// <summary>Places of the trials that need the scores of this scoring trial, in grid order.</summary>
    public IReadOnlyList<int> PrunedBy(int scoringPlace) => _scoring.PrunedBy(CheckedScoring(scoringPlace));

    /// <summary>What a scoring trial measures.</summary>
    public ScoringWork WorkAt(int scoringPlace) => _scoring.WorkOf(CheckedScoring(scoringPlace));

    private TrialSettings SettingsInGrid(int place)
    {
        var rest = ConfigurationOf(place);
        var settings = _shared with { Seed = SeedAt(place) };
        for (var axis = _puts.Length - 1; axis >= 0; axis--)
        {
            (rest, var value) = Math.DivRem(rest, _puts[axis].Length);
            settings = _puts[axis][value](settings);
        }

        return settings;
    }

    public ulong SeedAt(int place) => place < Count ? Spec.Seeds[Checked(place) % Spec.Seeds.Count] : SettingsAt(place).Seed;

    /// <summary>Trials of one configuration have all but the seed in common, and stand side by side.</summary>
    public int ConfigurationOf(int place) => Checked(place) / Spec.Seeds.Count;

    /// <summary>Which value of this axis the trial has, from 0.</summary>
    public int ValueIndexAt(int place, int axis)
    {
        var rest = ConfigurationOf(place);
        for (var later = _puts.Length - 1; later > axis; later--)
        {
            rest /= _puts[later].Length;
        }

        return rest % _puts[axis].Length;
    }

    /// <summary>The trial's value on each axis, in short canonical form; of a scoring trial empty where the axis is none of its own.</summary>
    public ImmutableArray<string> ValuesAt(int place)
    {
        if (place >= Count)
        {
            return [.. ValuesAt(PrunedBy(place)[0]).Select((value, axis) => _scoring.IsShared(axis) ? "" : value)];
        }

        var rest = ConfigurationOf(place);
        var values = new string[_puts.Length];
        for (var axis = _puts.Length - 1; axis >= 0; axis--)
        {
            (rest, var value) = Math.DivRem(rest, _puts[axis].Length);
            values[axis] = Spec.Axes[axis].Values[value];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    public CellId CellAt(int place) => CellIdentity.Of(SettingsAt(place));

    /// <summary>The trial in a few words, for people: <c>label 0.4 · 128 · none · seed 0</c>; axes that no value explains go by name (<c>rate 0.1</c>).</summary>
    public string LabelAt(int place)
    {
        var values = ValuesAt(place)
            .Select((value, axis) => (Value: value, Label: NamelessAxes.Contains(Spec.Axes[axis].Name) ? value : $"{Spec.Axes[axis].Name} {value}"))
            .Where(entry => entry.Value.Length > 0).Select(entry => entry.Label);
        if (place < Count)
        {
            return string.Join(" · ", values.Append(string.Create(CultureInfo.InvariantCulture, $"seed {SeedAt(place)}")));
        }

        var run = WorkAt(place).Run is var number and > 0 ? string.Create(CultureInfo.InvariantCulture, $", run {number + 1}") : "";
        return string.Join(" · ", values.Prepend("scores " + WorkAt(place).Measure)
            .Append(string.Create(CultureInfo.InvariantCulture, $"for seed {SeedAt(PrunedBy(place)[0])}{run}")));
    }

    private static Func<TrialSettings, TrialSettings>[] PutsOf(Axis axis)
    {
        var setting = SettingsSchema.Find(axis.Name) ?? throw new FormatException($"There is no setting '{axis.Name}' to sweep over.");
        return [.. axis.Values.Select(value => SettingsSchema.ReadCanonical(setting, value).Put)];
    }

    private int Checked(int place) => (uint)place < (uint)Count
        ? place
        : throw new ArgumentOutOfRangeException(nameof(place), place, $"{Spec.Name} has places 0 to {Count - 1}.");

    private int CheckedScoring(int place) => place >= Count && place - Count < _scoring.Count
        ? place - Count
        : throw new ArgumentOutOfRangeException(nameof(place), place, $"{Spec.Name} has {_scoring.Count} scoring trials, from place {Count} on.");
}
