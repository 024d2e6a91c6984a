using MemCluster.Tests.Postgres;
using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>All faults that <c>memcluster chaos</c> has, ten minutes for each seed: the audit finds nothing, and no byte is another.</summary>
[Trait("Category", "Chaos")]
[Collection(Alone.Name)]
public sealed class TenMinutesOfChaosTests(ITestOutputHelper output)
{
    private const string Sweep = "ten-minutes";
    private const string Time = "10m";

    /// <summary>Longer than that on two cores, undisturbed.</summary>
    private const string Spec = $$"""
        sweep: {{Sweep}}
        data: { name: glyphs, train: 2000, validation: 1000 }
        network: { kind: mlp, depth: 2 }
        training: { epochs: 150, batch: 32, momentum: 0.9 }
        axes:
          noise: [none, label 0.4]
          capacity: [64, 128]
          regularizer: [none, dropout 0.3]
        seeds: 25
        """;

    private static readonly Lazy<Task<Results>> Reference = new(Undisturbed);

    [Theory]
    [InlineData("7")]
    [InlineData("11")]
    [InlineData("20")]
    public async Task Under_all_faults_it_ends_as_undisturbed(string seed)
    {
        using var here = new Workplace();
        await Chaos(here, seed);
    }

    [PostgresFact]
    public async Task So_it_does_with_a_journal_on_a_server()
    {
        var database = PostgresServer.Shared.NewDatabase();
        using var here = new Workplace();
        await here.Fine("journal", "init", "--journal", database);
        await Chaos(here, "7", "--journal", database);
    }

    private async Task Chaos(Workplace here, string seed, params string[] more)
    {
        here.Write("spec.yaml", Spec);
        var ended = await here.Start(["chaos", "spec.yaml", "--seed", seed, "--for", Time, "--home", "chaos", .. more]).Ends(TimeSpan.FromMinutes(40));
        output.WriteLine(ended.Output);
        Assert.True(ended.Code == 0, ended.All);
        Results.In(here.At($"chaos/results/{Sweep}")).AssertSameScience(await Reference.Value);
    }

    private static async Task<Results> Undisturbed()
    {
        using var here = new Workplace();
        here.Write("spec.yaml", Spec);
        var ended = await here.Start("run", "spec.yaml", "--slots", "2").Ends(TimeSpan.FromMinutes(30));
        Assert.True(ended.Code == 0, ended.All);
        return here.Results(Sweep);
    }
}
