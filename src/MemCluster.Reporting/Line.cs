namespace MemCluster.Reporting;

/// <summary>What colour may add to a line; the text already says it.</summary>
public enum Tone
{
    Plain,

    /// <summary>A heading, or the one line to look at.</summary>
    Strong,

    /// <summary>A remark that one need not read.</summary>
    Faint,
    Good,
    Bad,
}

/// <summary>A stretch of a line that stands for a number, for a background where there is colour.</summary>
/// <param name="Level">From 0, the least, to 1, the most.</param>
public readonly record struct Shade(int Start, int Length, double Level);

/// <summary>One line for people: at most <see cref="Width"/> columns, no control codes.</summary>
public sealed record Line(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>Every screen is made to fit this many columns.</summary>
    public const int Width = 100;

    /// <summary>In the order of the text, none over another.</summary>
    public IReadOnlyList<Shade> Shades { get; init; } = [];

    public static implicit operator Line(string text) => new(text);

    /// <summary>The text, cut with an ellipsis where it is too long.</summary>
    public static string Fit(string text, int width) => text.Length <= width ? text : width <= 1 ? "…" : text[..(width - 1)] + "…";

    public override string ToString() => Text;
}
