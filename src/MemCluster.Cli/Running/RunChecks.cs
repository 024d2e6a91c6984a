using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;

namespace MemCluster.Cli;

/// <summary>What must be right before a node starts or a byte is written.</summary>
internal static class RunChecks
{
    /// <returns>The instruction set that all of them want.</returns>
    /// <exception cref="SpecProblemsException">Some data isn't here, or the sweeps can't run in one process.</exception>
    public static string Check(Doors doors, IReadOnlyList<SweepSpec> specs, RunOptions options)
    {
        var problems = new List<string>();
        if (options.Slots > 0)
        {
            // Where others train, the data must be there, not here.
            problems.AddRange(specs.SelectMany(spec => SettingsVariety.Of(spec, settings => settings.Data))
                .Where(data => data.Name.Length > 0).Distinct()
                .Select(data => doors.CheckData(data, options.Data)).OfType<string>().Distinct());
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
}
