using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting;

/// <summary>The final numbers that a sweep's trials have: those of every trial, then those of the measures that the spec asks for.</summary>
public static class FinalColumns
{
    public static IReadOnlyList<string> Of(SweepSpec spec) =>
    [
        .. MeasureNames.Final,
        .. SettingsVariety.Of(spec, settings => settings.Measures ?? new()).SelectMany(MeasureKind.NumbersOf).Distinct(),
        .. Grid.Prunes(spec) ? Prune.Numbers : [],
    ];
}
