using System.Globalization;
using System.Text.RegularExpressions;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Operations;

/// <summary>
/// Conditions on trials as people type them: <c>noise=label .40</c>, <c>state=failed</c>, <c>validation_accuracy_best&gt;0.9</c>. A value of an
/// axis is brought to its canonical form first, so that however it is written it is found.
/// </summary>
public sealed partial class TrialFilter
{
    private static readonly string[] States = ["pending", "running", "finished", "diverged", "failed", "cancelled"];

    private readonly List<Func<TrialRow, bool>> _conditions;

    private TrialFilter(List<Func<TrialRow, bool>> conditions) => _conditions = conditions;

    /// <exception cref="UserError">A condition can't be read, names no column, or no value that the column could have.</exception>
    public static TrialFilter Of(SweepSpec spec, IEnumerable<string> conditions) => new([.. conditions.Select(condition => Read(spec, condition))]);

    /// <summary>All of the conditions hold.</summary>
    public bool Takes(TrialRow row) => _conditions.TrueForAll(condition => condition(row));

    private static Func<TrialRow, bool> Read(SweepSpec spec, string condition)
    {
        var match = Shape().Match(condition);
        if (!match.Success)
        {
            throw new UserError($"'{condition}' is no condition; write it as COLUMN=VALUE, for example \"noise=label 0.4\" or state=failed.");
        }

        var column = TrialColumn.Find(spec, match.Groups["column"].Value);
        var (sign, said) = (match.Groups["sign"].Value, match.Groups["value"].Value.Trim());
        if (sign is "=" or "!=")
        {
            var equal = Equal(column, said);
            return sign == "=" ? equal : row => !equal(row);
        }

        if (!double.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound))
        {
            throw new UserError($"'{condition}' compares with '{said}', which is no number; {sign} takes numbers only.");
        }

        return row => column.Number(row) is { } number && sign switch
        {
            "<" => number < bound,
            "<=" => number <= bound,
            ">" => number > bound,
            _ => number >= bound,
        };
    }

    private static Func<TrialRow, bool> Equal(TrialColumn column, string said)
    {
        if (column.Setting is { } setting)
        {
            var value = SettingsSchema.Canonical(setting, said, out var problem) ?? throw new UserError($"{column.Name}={said}: {problem}");
            return row => column.Text(row) == value;
        }

        if (column.Name == "state" && !States.Contains(said))
        {
            throw new UserError($"'{said}' is no state of a trial{Phrases.Instead(said, States)}");
        }

        return double.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? row => column.Number(row) == number || column.Text(row) == said
            : row => column.Text(row) == said;
    }

    [GeneratedRegex(@"^\s*(?<column>[^=<>!\s]+)\s*(?<sign><=|>=|!=|=|<|>)\s*(?<value>.*)$")]
    private static partial Regex Shape();
}
