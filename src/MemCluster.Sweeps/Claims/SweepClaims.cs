using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>The claims and figures that a spec carries as text.</summary>
public static class SweepClaims
{
    /// <summary>Those that this sweep can be judged by; a claim about values that it does not have, or that can't be read, is set aside.</summary>
    public static ClaimsRead Of(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var problems = new ProblemList("claims", []);
        var tree = spec.Claims.Length == 0 ? null : YamlTree.Read(spec.Claims, 0, problems);
        var axes = ClaimAxes.Of(spec);
        var read = ClaimReader.Read(tree, axes, OwnMeasures.Of(spec.Base, axes), problems);
        return problems.Count == 0 ? read : read with { Aside = [.. read.Aside, .. problems.InOrder().Select(problem => new SetAside("", problem.Sentence))] };
    }

    public static FiguresRead FiguresOf(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var problems = new ProblemList("figures", []);
        var tree = spec.Figures.Length == 0 ? null : YamlTree.Read(spec.Figures, 0, problems);
        var axes = ClaimAxes.Of(spec);
        var read = FigureReader.Read(tree, axes, OwnMeasures.Of(spec.Base, axes), problems);
        return problems.Count == 0 ? read : read with { Aside = [.. read.Aside, .. problems.InOrder().Select(problem => new SetAside("", problem.Sentence))] };
    }
}
