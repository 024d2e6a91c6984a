using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;
using MemCluster.Reporting.Plans;
using MemCluster.Trainer;

namespace MemCluster.Cli;

/// <summary>What must be right before a node starts or a byte is written.</summary>
internal static class RunChecks
{
    /// <returns>The instruction set that all of them want.</returns>
    /// <exception cref="SpecProblemsException">Some data isn't here, or the sweeps can't run in one process.</exception>
    public static string Check(Doors doors, IReadOnlyList<SweepSpec> specs, NodeValues said)
    {
        var problems = new List<string>();
        if (said.Of(NodeArguments.Slots) > 0)
        {
            // Where others train, the data must be there, not here.
            problems.AddRange(specs.SelectMany(spec => SettingsVariety.Of(spec, settings => settings.Data))
                .Where(data => data.Name.Length > 0).Distinct()
                .Select(data => doors.CheckData(data, said.Of(NodeArguments.Data))).OfType<string>().Distinct());
        }

        if (said.Of(NodeArguments.Slots) > 0 && !said.Says(NodeArguments.Listen))
        {
            problems.AddRange(specs.Select(spec => NotHere(spec, said)).OfType<string>());
        }

        var sets = specs.SelectMany(spec => SettingsVariety.Of(
                spec, settings => settings.Network.Kind == NetworkSettings.Sleep ? "" : settings.Numerics.InstructionSet))
            .Where(set => set.Length > 0).Distinct().ToArray();
        if (sets.Length > 1)
        {
            problems.Add($"One process computes with one instruction set, but these sweeps want {string.Join(" and ", sets)}; run them one by one.");
        }

        return problems.Count == 0 ? sets.FirstOrDefault() ?? NumericsSettings.Avx2 : throw new SpecProblemsException(problems);
    }

    /// <summary>A run that nobody can join must be able to do its sweeps itself.</summary>
    private static string? NotHere(SweepSpec spec, NodeValues said)
    {
        var memory = said.Of(NodeArguments.Memory) ?? new TrainerOptions().MemoryBytes;
        var missing = spec.Requires.Labels.Except(said.Of(NodeArguments.Label)).ToArray();
        return missing.Length > 0
            ? $"{spec.Name} asks for {PlanText.RequiresText(new(0, [.. missing]))}, which this run does not offer; "
                + $"say {string.Join(' ', missing.Select(label => $"--label {label}"))} if this machine is one, or let trainers join: --listen HOST:PORT."
            : spec.Requires.MemoryBytes > memory
                ? $"{spec.Name} asks for {PlanText.RequiresText(new(spec.Requires.MemoryBytes, []))}, and this machine has {MemorySize.Rounded(memory)}; "
                    + "ask for less with --set requires.memory=SIZE, or let trainers join: --listen HOST:PORT."
                : null;
    }
}
