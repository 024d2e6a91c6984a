using System.Diagnostics.CodeAnalysis;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary><c>sgd</c>, <c>adam</c>, <c>adamw</c>, or <c>adam beta1=0.9 beta2=0.99 epsilon=0.001</c>, in full <c>{kind: adam, beta2: 0.99}</c>.</summary>
internal sealed class OptimizerForm : Form<Optimizer>
{
    private const string Beta1 = "beta1";
    private const string Beta2 = "beta2";
    private const string Epsilon = "epsilon";

    private static readonly RealForm Shares = new("a share from 0 to below 1", share => share is >= 0 and < 1);
    private static readonly RealForm Epsilons = new("a number above 0, up to 1", epsilon => epsilon is > 0 and <= 1);

    public override string Expected => $"an optimizer ({Phrases.Listed(Optimizer.Kinds)})";

    public override string Write(Optimizer value) => value.Kind + string.Concat(new[]
    {
        (Name: Beta1, Value: value.Beta1, Usual: Optimizer.Adam.Beta1),
        (Name: Beta2, Value: value.Beta2, Usual: Optimizer.Adam.Beta2),
        (Name: Epsilon, Value: value.Epsilon, Usual: Optimizer.Adam.Epsilon),
    }.Where(constant => value.IsAdam && constant.Value != constant.Usual).Select(constant => $" {constant.Name}={ShortNumber.Write(constant.Value)}"));

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, [MaybeNullWhen(false)] out Optimizer value)
    {
        value = null;
        if (KindForm.Read(node, "kind", subject, Expected, problems) is not { } form)
        {
            return false;
        }

        var kind = form.Kind.Text;
        if (!Optimizer.Kinds.Contains(kind))
        {
            problems.Add(form.Kind.Place, $"unknown optimizer {Phrases.Quoted(kind)}{Phrases.Instead(kind, [.. Optimizer.Kinds])}");
            return false;
        }

        value = kind switch { Optimizer.AdamKind => Optimizer.Adam, Optimizer.AdamWKind => Optimizer.AdamW, _ => Optimizer.Sgd };
        if (form.Arguments($"optimizer '{kind}'", [], value.IsAdam ? [Beta1, Beta2, Epsilon] : [], problems) is not { } arguments)
        {
            return false;
        }

        foreach (var (name, given) in arguments)
        {
            if (!(name == Epsilon ? Epsilons : Shares).TryRead(given, $"{subject} {name}", problems, out var number))
            {
                return false;
            }

            value = name switch { Beta1 => value with { Beta1 = number }, Beta2 => value with { Beta2 = number }, _ => value with { Epsilon = number } };
        }

        return true;
    }
}
