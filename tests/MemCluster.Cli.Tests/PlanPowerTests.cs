using System.Text.Json;
using MemCluster.Messages;

namespace MemCluster.Cli.Tests;

/// <summary>
/// <c>plan</c> says how probable verdicts are, from trials of any sweep of the home. Every trial of the node has a best accuracy of .9, of 100 examples: seeds
/// that agree, and may differ by a step.
/// </summary>
public sealed class PlanPowerTests
{
    private const string Claims = """
        claims:
          good: { measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: ">= 0.897" }
          bad:  { measure: validation_accuracy_best, where: { noise: none, capacity: 128 }, holds: "<= 0.5" }
          peak: { measure: train_accuracy, at: max, where: { noise: none, capacity: 32 }, holds: ">= 0.5" }
          all:  { group: first_epoch_overdispersion, where: { noise: none, capacity: 32 }, holds: ">= 2" }
        """;

    private static readonly string Wanted = Session.Yaml.Replace("seeds: 2", "seeds: 10\n" + Claims, StringComparison.Ordinal);

    [Fact]
    public async Task A_plan_tells_by_trials_of_another_sweep_how_probable_verdicts_are()
    {
        using var session = Home("seeds: 3", "noise: [none, label 0.2]", "noise: [label 0.6, none]");
        Assert.Equal(0, await session.Run("plan", session.File(Wanted), "--home", session.Home));

        Assert.Contains("  With 10 seeds, by 3 seeds of other, which are among these:\n", session.Out, StringComparison.Ordinal);
        Assert.Matches("\n  good +[0-9]+ % +0 % +[0-9]+ % +[0-9]+ +[0-9]+\n", session.Out);
        Assert.Matches("\n  bad +0 % +100 % +0 % +3 +3\n", session.Out);
        Assert.Matches("\n  peak +– .* no pilot\n", session.Out);
        Assert.Matches("\n  all +– .* it is over examples, or a curve\n", session.Out);
        Assert.All(session.Out.Split('\n').Where(line => !line.Contains("memcluster run", StringComparison.Ordinal)), line => Assert.True(line.Length <= 100, line));
        Assert.Null(session.Started);
    }

    [Fact]
    public async Task It_says_so_in_json_too()
    {
        using var session = Home("seeds: 3");
        Assert.Equal(0, await session.Run("plan", session.File(Wanted), "--home", session.Home, "--json"));

        var claims = JsonDocument.Parse(session.Out).RootElement.GetProperty("claims").EnumerateArray().ToArray();
        var good = claims[0];
        Assert.Equal(("good", 3), (good.GetProperty("name").GetString(), good.GetProperty("pilot").GetInt32()));
        Assert.Equal(1, good.GetProperty("holds").GetDouble() + good.GetProperty("fails").GetDouble() + good.GetProperty("undecided").GetDouble(), 1e-9);
        Assert.True(good.GetProperty("seedsAveraged").GetInt32() >= good.GetProperty("seedsAsSeen").GetInt32());
        Assert.Equal("it is over examples, or a curve", claims[3].GetProperty("why").GetString());
    }

    [Fact]
    public async Task Seeds_that_the_sweep_does_not_have_tell_of_the_spread_and_are_none_of_its_own()
    {
        using var session = Home("seeds: [20, 21, 22]");
        Assert.Equal(0, await session.Run("plan", session.File(Wanted), "--home", session.Home));
        Assert.Contains("  With 10 seeds, by 3 seeds of other:\n", session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_of_epochs_are_looked_up_where_a_claim_is_about_them()
    {
        using var session = Home("seeds: 3", measures: [.. Enumerable.Range(0, 12).SelectMany(place => new[]
        {
            MeasureRow.Of(place + 1, 1, MeasureNames.TrainAccuracy, 0.5 + 0.01 * (place % 3)), MeasureRow.Of(place + 1, 1, MeasureNames.ValidationAccuracy, 0.5),
        })]);
        Assert.Equal(0, await session.Run("plan", session.File(Wanted), "--home", session.Home));
        Assert.Matches("\n  peak +[0-9]+ % +[0-9]+ % +[0-9]+ % +[0-9]+ +[0-9]+\n", session.Out);
    }

    [Theory]
    [InlineData("seeds: 3", "train: 100", "train: 90")]
    [InlineData("seeds: 3", "noise: [none, label 0.2]", "noise: [label 0.2, label 0.4]")]
    public async Task Without_trials_of_its_configurations_it_says_how_to_get_some(string seeds, string from, string to)
    {
        using var session = Home(seeds, from, to);
        var file = session.File(Wanted.Replace("noise: [none, label 0.2]", "noise: [none]", StringComparison.Ordinal));
        Assert.Equal(0, await session.Run("plan", file, "--home", session.Home, "--set", "rate=0.3"));
        Assert.DoesNotContain("With 10 seeds", session.Out, StringComparison.Ordinal);
        Assert.Contains("A pilot would:\n", session.Out, StringComparison.Ordinal);
        var command = $"    memcluster run {file} --set rate=0.3 --set seeds=3 --set sweep=small-pilot --home {session.Home}\n";
        Assert.Contains(command, session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_seed_is_no_pilot()
    {
        using var session = Home("seeds: 1");
        Assert.Equal(0, await session.Run("plan", session.File(Wanted), "--home", session.Home));
        Assert.Matches("\n  good +– .* one seed shows no spread\n", session.Out);
        Assert.Contains("A pilot would:\n", session.Out, StringComparison.Ordinal);
    }

    /// <summary>The command for one would be refused: so many seeds as its claims may ask for.</summary>
    [Fact]
    public async Task A_sweep_whose_claims_ask_for_seeds_is_its_own_pilot()
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("plan", session.File(Wanted.Replace("seeds: 10", "replicates: { until: decided, at-most: 10 }", StringComparison.Ordinal)), "--home", session.Home));
        Assert.DoesNotContain("A pilot would", session.Out, StringComparison.Ordinal);
        Assert.Contains("asks for seeds until decided", session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_without_claims_needs_no_pilot()
    {
        using var session = Home("seeds: 3");
        Assert.Equal(0, await session.Run("plan", session.File(), "--home", session.Home));
        Assert.DoesNotContain("pilot", session.Out, StringComparison.Ordinal);
    }

    /// <summary>A home with one sweep, all of whose trials have ended.</summary>
    private static Session Home(string seeds, string from = "sweep: small", string to = "sweep: other", MeasureRow[]? measures = null)
    {
        var yaml = Session.Yaml.Replace("sweep: small", "sweep: other", StringComparison.Ordinal)
            .Replace("seeds: 2", seeds, StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal);
        return new Session(new FakeNode { MeasuresOf = measures ?? [] }.Holding(Session.Spec(yaml), _ => TrialState.Finished)).WithHome();
    }
}
