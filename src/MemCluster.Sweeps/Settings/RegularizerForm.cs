using System.Diagnostics.CodeAnalysis;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>How a kind of regularizer is written. A new kind is one entry of <see cref="Kinds"/> (and what it does, in Learning).</summary>
/// <param name="Parameter">Name of its one number in the full form.</param>
/// <param name="Option">A further choice it has, or null.</param>
internal sealed record RegularizerKind(
    string Name, string Parameter, RealForm Form, Func<Regularizer, double> Get, Func<Regularizer, double, Regularizer> Put,
    RegularizerOption? Option = null)
{
    /// <summary>In the order in which a combination is written.</summary>
    public static readonly IReadOnlyList<RegularizerKind> Kinds =
    [
        new("dropout", "rate", RealForm.DropRate, all => all.Dropout, (all, rate) => all with { Dropout = rate }),
        new("input-dropout", "rate", RealForm.DropRate, all => all.InputDropout, (all, rate) => all with { InputDropout = rate }),
        new("input-noise", "sd", RealForm.Deviation, all => all.InputNoise, (all, sd) => all with { InputNoise = sd }),
        new("hidden-noise", "sd", RealForm.Deviation, all => all.HiddenNoise, (all, sd) => all with { HiddenNoise = sd }),
        new("weight-decay", "decay", new("a decay from 0 to 1,000", decay => decay is >= 0 and <= 1000),
            all => all.WeightDecay, (all, decay) => all with { WeightDecay = decay },
            new("decay-on", new("weights", "all"), "weights", all => all.DecayOn, (all, on) => all with { DecayOn = on })),
    ];
}

internal sealed record RegularizerOption(
    string Name, WordForm Form, string Default, Func<Regularizer, string> Get, Func<Regularizer, string, Regularizer> Put);

/// <summary>None, one kind, or a combination: <c>dropout 0.3 + weight-decay 0.0001</c>, or a list of them.</summary>
internal sealed class RegularizerForm : Form<Regularizer>
{
    private const string None = "none";

    private static readonly string[] Names = [None, .. RegularizerKind.Kinds.Select(kind => kind.Name)];

    public override string Expected => $"a regularizer such as 'none' or 'dropout 0.5' ({Words.Listed(Names)}), or several joined by ' + '";

    public override string Write(Regularizer value)
    {
        var parts = RegularizerKind.Kinds.Where(kind => kind.Get(value) != 0).Select(kind =>
            $"{kind.Name} {ShortNumber.Write(kind.Get(value))}"
            + (kind.Option is { } option && option.Get(value) != option.Default ? $" {option.Name}={option.Get(value)}" : ""));
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
        var kind = RegularizerKind.Kinds.FirstOrDefault(kind => kind.Name == name);
        if (kind is null && name != None)
        {
            problems.Add(form.Kind.Place, $"unknown regularizer {Words.Quoted(name)}{Words.Instead(name, Names)}");
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
        string[] options = kind?.Option is { } choice ? [choice.Name] : [];
        var arguments = form.Arguments($"regularizer '{name}'", numbers, options, problems);
        return arguments is null || kind is null ? all : Apply(kind, form, arguments, problems, all);
    }

    private static Regularizer Apply(
        RegularizerKind kind, KindForm form, Dictionary<string, SpecNode> arguments, ProblemList problems, Regularizer all)
    {
        if (!arguments.TryGetValue(kind.Parameter, out var node))
        {
            problems.Add(form.Kind.Place, $"regularizer '{kind.Name}' needs {kind.Form.Expected}: write '{kind.Name} 0.1'");
            return all;
        }

        if (!kind.Form.TryRead(node, $"{kind.Name} {kind.Parameter}", problems, out var amount))
        {
            return all;
        }

        var chosen = kind.Option?.Default;
        if (kind.Option is { } option && arguments.TryGetValue(option.Name, out var chosenNode)
            && !option.Form.TryRead(chosenNode, option.Name, problems, out chosen))
        {
            return all;
        }

        // An amount of 0 does nothing, whatever its option says: the same as none.
        var with = kind.Put(all, amount);
        return amount == 0 || kind.Option is null ? with : kind.Option.Put(with, chosen!);
    }
}
