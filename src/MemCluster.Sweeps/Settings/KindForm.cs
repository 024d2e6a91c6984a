namespace MemCluster.Sweeps;

/// <summary>
/// A value that begins with its kind: in short <c>label 0.2 keep-true-class=false</c> (numbers in order, then options), in full
/// <c>{kind: label, level: 0.2, keep-true-class: false}</c>. Both become the same thing here.
/// </summary>
internal sealed record KindForm(SpecScalar Kind, IReadOnlyList<SpecScalar> Unnamed, IReadOnlyList<SpecEntry> Named)
{
    /// <param name="head">The key of the kind in the full form.</param>
    /// <param name="expected">What a value must be, for the sentence when it is none.</param>
    public static KindForm? Read(SpecNode node, string head, string subject, string expected, ProblemList problems)
    {
        switch (node)
        {
            case SpecScalar { IsNull: true } or SpecScalar { Text: "" }:
                problems.Add(node.Place, $"{subject} has no value; give it {expected}, or leave the key out");
                return null;
            case SpecScalar scalar:
                return ReadShort(scalar, subject, problems);
            case SpecMapping mapping:
                var kind = mapping.Entries.FirstOrDefault(entry => entry.Key.Text == head)?.Value;
                if (kind is SpecScalar { IsNull: false } word)
                {
                    return new(word, [], [.. mapping.Entries.Where(entry => entry.Key.Text != head)]);
                }

                problems.Add(kind?.Place ?? mapping.Place, $"this {subject} does not say its {head}; begin it with '{head}:', {expected}");
                return null;
            default:
                problems.Add(node.Place, $"{subject} takes one value here, {expected}; to sweep over several, list them under axes");
                return null;
        }
    }

    /// <summary>The arguments by name.</summary>
    /// <param name="numbers">Names of those that the short form gives by order.</param>
    /// <param name="options">Names of the others.</param>
    /// <returns>Null when one is unknown, doubled or too many; why is then in the list.</returns>
    public Dictionary<string, SpecNode>? Arguments(
        string subject, IReadOnlyList<string> numbers, IReadOnlyList<string> options, ProblemList problems)
    {
        var before = problems.Count;
        var arguments = new Dictionary<string, SpecNode>();
        for (var i = 0; i < Unnamed.Count; i++)
        {
            if (i < numbers.Count)
            {
                arguments[numbers[i]] = Unnamed[i];
            }
            else
            {
                problems.Add(Unnamed[i].Place, numbers.Count == 0
                    ? $"{subject} takes no number, {Phrases.Quoted(Unnamed[i].Text)} stands here; take it out"
                    : $"{subject} takes only its {Phrases.Listed(numbers)}; take {Phrases.Quoted(Unnamed[i].Text)} out");
            }
        }

        string[] valid = [.. numbers, .. options];
        foreach (var (key, value) in Named)
        {
            if (!valid.Contains(key.Text))
            {
                problems.Add(key.Place, valid.Length == 0
                    ? $"{subject} has no options; take {Phrases.Quoted(key.Text)} out"
                    : $"unknown key {Phrases.Quoted(key.Text)} of {subject}{Phrases.Instead(key.Text, valid)}");
            }
            else if (!arguments.TryAdd(key.Text, value))
            {
                problems.Add(key.Place, $"{subject} gives its {key.Text} twice; keep one of them");
            }
        }

        return problems.Count == before ? arguments : null;
    }

    private static KindForm? ReadShort(SpecScalar scalar, string subject, ProblemList problems)
    {
        var parts = scalar.Words();
        if (parts.Count == 0)
        {
            problems.Add(scalar.Place, $"{subject} is empty here; give it a value, or 'none'");
            return null;
        }

        var unnamed = new List<SpecScalar>();
        var named = new List<SpecEntry>();
        foreach (var part in parts.Skip(1))
        {
            var equals = part.Text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                unnamed.Add(part);
            }
            else
            {
                named.Add(new(part.Part(0, equals), part.Part(equals + 1, part.Text.Length - equals - 1)));
            }
        }

        return new(parts[0], unnamed, named);
    }
}
