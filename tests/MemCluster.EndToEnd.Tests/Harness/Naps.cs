using System.Globalization;

namespace MemCluster.EndToEnd.Tests;

/// <summary>A sweep named <c>naps</c> that only waits: cheap, however many trials.</summary>
internal static class Naps
{
    public static string Of(int trials, double seconds) => string.Create(CultureInfo.InvariantCulture, $$"""
        sweep: naps
        question: Does every trial end once?
        network: sleep {{seconds}}
        training: { epochs: 4 }
        axes: { capacity: [32, 64] }
        seeds: {{trials / 2}}
        """);
}
