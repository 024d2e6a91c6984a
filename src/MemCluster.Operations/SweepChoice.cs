using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Operations;

/// <summary>Which sweep is meant (the one named, or the only one there is), and its spec.</summary>
public static class SweepChoice
{
    /// <exception cref="UserError">There is no such sweep, or more than one to choose from.</exception>
    public static async Task<SweepSummary> Of(IOperator answerer, string? name, CancellationToken cancel)
    {
        var sweeps = await answerer.List(cancel);
        if (name is null)
        {
            return sweeps.Count switch
            {
                0 => throw new UserError("There is no sweep here yet. Begin one with: memcluster run SPEC"),
                1 => sweeps[0],
                _ => throw new UserError($"Which sweep? There are {sweeps.Count}: {Names(sweeps)}"),
            };
        }

        return sweeps.FirstOrDefault(sweep => sweep.Sweep.Name == name) ?? throw new UserError(sweeps.Count == 0
            ? $"There is no sweep '{name}' here, nor any other. Begin one with: memcluster run SPEC"
            : $"There is no sweep '{name}' here; there is: {Names(sweeps)}");
    }

    /// <summary>The sweep of that name, or the only one, with its spec.</summary>
    /// <exception cref="UserError">As in <see cref="Of"/> and <see cref="SpecOf"/>.</exception>
    public static async Task<(SweepSummary Sweep, SweepSpec Spec)> WithSpec(IOperator answerer, string? name, CancellationToken cancel)
    {
        var sweep = await Of(answerer, name, cancel);
        return (sweep, await SpecOf(answerer, sweep.Sweep, cancel));
    }

    /// <exception cref="UserError">The sweep was written by a version whose spec can't be read here.</exception>
    public static async Task<SweepSpec> SpecOf(IOperator answerer, SweepId sweep, CancellationToken cancel)
    {
        var text = await answerer.Spec(sweep, cancel) ?? throw new UserError($"There is no sweep '{sweep}' here.");
        var reading = SpecFile.Parse(text, $"the journal's spec of {sweep}", []);
        return reading.Spec ?? throw new UserError(
            $"This version of memcluster can't read the spec of {sweep}: {reading.Problems[0]}. Use the version that began it.");
    }

    private static string Names(IReadOnlyList<SweepSummary> sweeps) =>
        string.Join(", ", sweeps.Take(12).Select(sweep => sweep.Sweep.Name)) + (sweeps.Count > 12 ? ", …" : "");
}
