using System.Globalization;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Files;
using MemCluster.Sweeps;

namespace MemCluster.Operations;

/// <summary>A column of trials.csv, as people name it in filters and sorts.</summary>
/// <param name="Setting">Where the column is an axis: the setting it sweeps over, whose values may be written in any form.</param>
/// <param name="IsNumber">Whether it is ordered by size rather than by letters.</param>
public sealed record TrialColumn(string Name, Setting? Setting, Func<TrialRow, string> Text, Func<TrialRow, double?> Number, bool IsNumber)
{
    /// <param name="word">A column's name; an axis may go by any of its setting's names (<c>width</c> for <c>capacity</c>).</param>
    /// <exception cref="UserError">There is no such column; the nearest word is named.</exception>
    public static TrialColumn Find(SweepSpec spec, string word)
    {
        var name = SettingsSchema.Find(word) is { } setting && spec.Axes.FirstOrDefault(axis => SettingsSchema.Find(axis.Name) == setting) is { } axis ? axis.Name : word;
        var columns = TrialsCsv.Columns(spec);
        if (!columns.Contains(name))
        {
            throw new UserError(SettingsSchema.Find(word) is { } fixedSetting
                ? $"{fixedSetting.Name} is the same in all trials of {spec.Name}, so it is no column; expected one of {string.Join(", ", columns)}."
                : $"'{word}' is no column of {spec.Name}{Phrases.Instead(word, columns)}");
        }

        var place = spec.Axes.Select(axis => axis.Name).ToList().IndexOf(name);
        return place >= 0 ? OfText(name, SettingsSchema.Find(name), row => row.Settings[place], spec.Axes[place].Values.All(value => NumberIn(value) is not null)) : name switch
        {
            "trial" => OfNumber(name, row => row.Trial),
            "seed" => new(name, null, row => row.Seed.ToString(CultureInfo.InvariantCulture), row => row.Seed, IsNumber: true),
            "state" => OfText(name, null, StateOf),
            "epochs" => OfNumber(name, row => row.Epochs),
            "weights" => OfText(name, null, row => row.Weights),
            "cell" => OfText(name, null, row => row.Cell),
            _ => OfMeasure(name),
        };
    }

    /// <summary>Also that it runs, which trials.csv does not say.</summary>
    public static string StateOf(TrialRow row) => row.State == TrialState.Running ? "running" : Numbers.StateName(row.State);

    private static TrialColumn OfText(string name, Setting? setting, Func<TrialRow, string> text, bool isNumber = false) =>
        new(name, setting, text, row => NumberIn(text(row)), isNumber);

    private static TrialColumn OfNumber(string name, Func<TrialRow, double?> number) =>
        new(name, null, row => number(row) is { } value ? Numbers.RoundTrip(value) : "", number, IsNumber: true);

    /// <summary>One that is not finite goes by its word: <c>gradient_norm=came out NaN</c>.</summary>
    private static TrialColumn OfMeasure(string name)
    {
        return new(name, null, Text, Number, IsNumber: true);

        double? Number(TrialRow row) => row.Measures.TryGetValue(name, out var value) ? value : null;

        string Text(TrialRow row) => Number(row) is { } value ? Numbers.RoundTrip(value)
            : (row.Absent ?? Absences.None).TryGetValue(name, out var word) ? Absences.Words(word) : "";
    }

    private static double? NumberIn(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
