using System.Diagnostics.CodeAnalysis;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>None, one kind, or a combination: <c>dropout 0.3 + weight-decay 0.0001</c>, or a list of them.</summary>
internal sealed class RegularizerForm : Form<Regularizer>
{
    private const string None = "none";

    private static readonly string[] Names = [None, .. RegularizerKind.All.Select(kind => kind.Name)];

    public override string Expected => $"a regularizer such as 'none' or 'dropout 0.5' ({Phrases.Listed(Names)}), or several joined by ' + '";

    public override string Write(Regularizer value)
    {
        var parts = RegularizerKind.All.Where(kind => kind.Get(value) != 0).Select(kind =>
            $"{kind.Name} {ShortNumber.Write(kind.Get(value))}"
            + (kind.Option is { } option && option.Get(value) != option.Choices[0] ? $" {option.Name}={option.Get(value)}" : "")
            + string.Concat((kind.Numbers ?? []).Where(number => number.Get(value) != number.Default).Select(number => $" {number.Name}={ShortNumber.Write(number.Get(value))}")));
        var text = string.Join(" + ", parts);
        return text.Length == 0 ? None : text;
    }

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, [MaybeNullWhen(false)] out Regularizer value)
    {
        value = null;
        var before = problems.Count;
        var all = new Regularizer();
        var seen = new HashSet<string>();
        IReadOnlyList<SpecNode> parts = node switch
        {
            SpecSequence sequence => sequence.Items,
            SpecScalar { IsNull: false } scalar => scalar.Split(letter => letter == '+'),
            _ => [node],
        };
        if (parts.Count == 0)
        {
            problems.Add(node.Place, $"{subject} is empty here; write 'none' for no regularizer");
            return false;
        }

        foreach (var part in parts)
        {
            all = ReadPart(part, parts.Count, subject, seen, problems, all);
        }

        value = all;
        return problems.Count == before;
    }

    private Regularizer ReadPart(
        SpecNode part, int parts, string subject, HashSet<string> seen, ProblemList problems, Regularizer all)
    {
        if (KindForm.Read(part, "kind", subject, Expected, problems) is not { } form)
        {
            return all;
        }

        var name = form.Kind.Text;
        var kind = RegularizerKind.All.FirstOrDefault(kind => kind.Name == name);
        if (kind is null && name != None)
        {
            problems.Add(form.Kind.Place, $"unknown regularizer {Phrases.Quoted(name)}{Phrases.Instead(name, Names)}");
            return all;
        }

        if (kind is null && parts > 1)
        {
            problems.Add(form.Kind.Place, "'none' stands in a combination of regularizers; take it out, or write it alone");
            return all;
        }

        if (!seen.Add(name))
        {
            problems.Add(form.Kind.Place, $"'{name}' stands twice in one combination; keep one of them");
            return all;
        }

        string[] numbers = kind is null ? [] : [kind.Parameter];
        string[] options = [.. kind?.Option is { } choice ? (string[])[choice.Name] : [], .. kind?.Numbers?.Select(number => number.Name) ?? []];
        var arguments = form.Arguments($"regularizer '{name}'", numbers, options, problems);
        return arguments is null || kind is null ? all : Apply(kind, form, arguments, problems, all);
    }

    private static Regularizer Apply(
        RegularizerKind kind, KindForm form, Dictionary<string, SpecNode> arguments, ProblemList problems, Regularizer all)
    {
        if (!arguments.TryGetValue(kind.Parameter, out var node))
        {
            problems.Add(form.Kind.Place, $"regularizer '{kind.Name}' needs {kind.Expected}: write '{kind.Name} 0.1'");
            return all;
        }

        if (!new RealForm(kind.Expected, kind.Within).TryRead(node, $"{kind.Name} {kind.Parameter}", problems, out var amount))
        {
            return all;
        }

        var chosen = kind.Option?.Choices[0];
        if (kind.Option is { } option && arguments.TryGetValue(option.Name, out var chosenNode)
            && !new WordForm([.. option.Choices]).TryRead(chosenNode, option.Name, problems, out chosen))
        {
            return all;
        }

        var with = kind.Put(all, amount);
        with = kind.Option?.Put(with, chosen!) ?? with;
        foreach (var number in kind.Numbers ?? [])
        {
            if (arguments.TryGetValue(number.Name, out var numberNode)
                && new RealForm(number.Expected, number.Within).TryRead(numberNode, $"{kind.Name} {number.Name}", problems, out var value))
            {
                with = number.Put(with, value);
            }
        }

        // An amount of 0 does nothing, whatever else is said: the same as none.
        return amount == 0 ? all : with;
    }
}
