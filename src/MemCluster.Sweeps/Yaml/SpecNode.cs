namespace MemCluster.Sweeps;

/// <summary>Where something was written.</summary>
/// <param name="Source">0 for the file, n for the n-th <c>--set</c>.</param>
internal readonly record struct SpecPlace(int Source, int Line, int Column);

/// <summary>
/// YAML with its places kept and nothing thrown away: repeated keys are still there, so that they can be reported with everything else.
/// </summary>
internal abstract record SpecNode(SpecPlace Place);

/// <param name="Plain">Not quoted, so that an empty one, <c>~</c> and <c>null</c> mean that nothing is there.</param>
/// <param name="TextColumn">Column of the text's first character; 0 where the text does not stand in the file letter by letter.</param>
internal sealed record SpecScalar(SpecPlace Place, string Text, bool Plain, int TextColumn) : SpecNode(Place)
{
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>A part of this text, with its own place.</summary>
    public SpecScalar Part(int start, int length) => new(
        TextColumn == 0 ? Place : Place with { Column = TextColumn + start },
        Text.Substring(start, length), Plain: false, TextColumn == 0 ? 0 : TextColumn + start);

    /// <summary>The words of this text, each with its place.</summary>
    public List<SpecScalar> Words() => Split(char.IsWhiteSpace);

    /// <summary>The parts between the separators, without the empty ones.</summary>
    public List<SpecScalar> Split(Func<char, bool> separates)
    {
        var parts = new List<SpecScalar>();
        for (var start = 0; start < Text.Length; start++)
        {
            if (separates(Text[start]))
            {
                continue;
            }

            var end = start;
            while (end < Text.Length && !separates(Text[end]))
            {
                end++;
            }

            parts.Add(Part(start, end - start));
            start = end;
        }

        return parts;
    }

    /// <summary>Text that stands in no file, such as a value out of the journal.</summary>
    public static SpecScalar Of(string text) => new(new(0, 1, 1), text, Plain: true, TextColumn: 1);
}

internal sealed record SpecSequence(SpecPlace Place, IReadOnlyList<SpecNode> Items) : SpecNode(Place);

internal sealed record SpecMapping(SpecPlace Place, IReadOnlyList<SpecEntry> Entries) : SpecNode(Place);

internal sealed record SpecEntry(SpecScalar Key, SpecNode Value);
