using System.Diagnostics.CodeAnalysis;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>How a kind of value is written in YAML, and written back as short canonical text.</summary>
internal abstract class Form<T>
{
    /// <summary>What a value must be, to follow <c>is not</c>.</summary>
    public abstract string Expected { get; }

    /// <returns>False when the node holds no such value; then at least one problem was added.</returns>
    public abstract bool TryRead(SpecNode node, string subject, ProblemList problems, [MaybeNullWhen(false)] out T value);

    /// <summary>Short canonical text: reading it gives the value again.</summary>
    public abstract string Write(T value);

    /// <summary>Nothing there: an empty value, <c>~</c> or <c>null</c>.</summary>
    protected bool IsMissing(SpecNode node, string subject, ProblemList problems)
    {
        if (node is not SpecScalar { IsNull: true })
        {
            return false;
        }

        problems.Add(node.Place, $"{subject} has no value; give it {Expected}, or leave the key out");
        return true;
    }
}

/// <summary>A value that is one word or number.</summary>
internal abstract class ScalarForm<T> : Form<T>
{
    public override bool TryRead(SpecNode node, string subject, ProblemList problems, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        switch (node)
        {
            case SpecScalar when IsMissing(node, subject, problems):
                return false;
            case SpecScalar scalar when TryReadText(scalar.Text.Trim(), out value):
                return true;
            case SpecScalar scalar:
                problems.Add(scalar.Place, Wrong(subject, scalar.Text));
                return false;
            case SpecSequence:
                problems.Add(node.Place, $"{subject} takes one value here, {Expected}; to sweep over several, list them under axes");
                return false;
            default:
                problems.Add(node.Place, $"{subject} takes a single value, {Expected}, not a mapping");
                return false;
        }
    }

    protected abstract bool TryReadText(string text, [MaybeNullWhen(false)] out T value);

    protected virtual string Wrong(string subject, string text) => $"{subject} {Phrases.Quoted(text)} is not {Expected}";
}

/// <summary>A whole number within bounds, both allowed.</summary>
internal sealed class WholeForm(int least, int most) : ScalarForm<int>
{
    public override string Expected => $"a whole number from {Phrases.Count(least)} to {Phrases.Count(most)}";

    public override string Write(int value) => ShortNumber.Write(value);

    /// <summary>Whether a text is such a number, written in digits.</summary>
    public bool Holds(string text) => text.All(char.IsAsciiDigit) && TryReadText(text, out _) && !text.StartsWith('0');

    protected override bool TryReadText(string text, out int value)
    {
        var isWhole = ShortNumber.TryReadWhole(text, out var whole) && whole >= least && whole <= most;
        value = isWhole ? (int)whole : 0;
        return isWhole;
    }
}

/// <summary>A number within bounds.</summary>
/// <param name="expected">The bounds in words, such as <c>a share from 0 to 1</c>.</param>
internal sealed class RealForm(string expected, Func<double, bool> within) : ScalarForm<double>
{
    public static readonly RealForm Share = new("a share from 0 to 1", share => share is >= 0 and <= 1);

    public override string Expected => expected;

    public override string Write(double value) => ShortNumber.Write(value);

    protected override bool TryReadText(string text, out double value)
    {
        var isReal = ShortNumber.TryRead(text, out value) && within(value);
        value = isReal ? value + 0.0 : 0; // no minus zero
        return isReal;
    }
}

/// <summary>One of a few words.</summary>
internal sealed class WordForm(params string[] words) : ScalarForm<string>
{
    public override string Expected => words.Length == 1 ? $"'{words[0]}'" : $"one of {Phrases.Listed(words)}";

    public override string Write(string value) => value;

    protected override bool TryReadText(string text, [MaybeNullWhen(false)] out string value)
    {
        value = words.Contains(text) ? text : null;
        return value is not null;
    }

    protected override string Wrong(string subject, string text) => Phrases.Nearest(text, words) is { } near
        ? $"{subject} {Phrases.Quoted(text)} is not {Expected}; did you mean '{near}'?"
        : base.Wrong(subject, text);
}

/// <summary>Units of each hidden layer: <c>512-256</c>.</summary>
internal sealed class WidthsForm : ScalarForm<string>
{
    private const int MostLayers = 64;
    private static readonly WholeForm Width = new(1, 65_536);

    public override string Expected => $"'{NetworkSettings.SameWidths}', or up to {MostLayers} widths joined by hyphens, such as 512-256";

    public override string Write(string value) => value;

    protected override bool TryReadText(string text, [MaybeNullWhen(false)] out string value)
    {
        var widths = text.Split('-', StringSplitOptions.TrimEntries);
        var isRead = text == NetworkSettings.SameWidths || (widths.Length <= MostLayers && Array.TrueForAll(widths, Width.Holds));
        value = isRead ? string.Join('-', widths) : null;
        return isRead;
    }
}

internal sealed class FlagForm : ScalarForm<bool>
{
    public override string Expected => "true or false";

    public override string Write(bool value) => value ? "true" : "false";

    protected override bool TryReadText(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE";
        return value || text is "false" or "False" or "FALSE";
    }
}

/// <summary>A name of <see cref="DataCatalog"/>.</summary>
internal sealed class DataSetForm : ScalarForm<string>
{
    private static readonly string[] Names = [.. DataCatalog.All.Select(card => card.Name)];

    public override string Expected => $"a data set: {Phrases.Listed(Names)}";

    public override string Write(string value) => value;

    protected override bool TryReadText(string text, [MaybeNullWhen(false)] out string value)
    {
        value = Names.Contains(text) ? text : null;
        return value is not null;
    }

    protected override string Wrong(string subject, string text) => $"unknown data set {Phrases.Quoted(text)}{Phrases.Instead(text, Names)}";
}

/// <summary>A value that may be absent, which a word says: <c>all</c> examples, <c>none</c> for a rule that never applies.</summary>
internal sealed class OptionalForm<T>(string absent, Form<T> form) : Form<T?>
    where T : struct
{
    public override string Expected => $"{form.Expected}, or {absent}";

    public override string Write(T? value) => value is { } present ? form.Write(present) : absent;

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, out T? value)
    {
        value = null;
        if (IsMissing(node, subject, problems))
        {
            return false;
        }

        if (node is SpecScalar scalar && scalar.Text.Trim() == absent)
        {
            return true;
        }

        var isRead = form.TryRead(node, subject, problems, out var present);
        value = isRead ? present : null;
        return isRead;
    }
}
