namespace MemCluster.Cli.Tests;

public sealed class ReportVerbTests
{
    private const string Claims = """

        claims: { good: { says: It learns, measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, holds: ">= 0.5" } }
        """;

    [Fact]
    public async Task A_report_is_written_beside_the_results_with_its_verdicts_on_the_screen()
    {
        using var session = new Session();
        await session.Run("run", session.File(Session.Yaml + Claims), "--home", session.Home);
        Assert.Contains("holds      It learns", session.Out);
        Assert.Contains($"Next     memcluster report small --home {session.Home}", session.Out);
        Directory.CreateDirectory(session.Home);

        Assert.Equal(0, await session.Run("report", "small", "--home", session.Home));

        Assert.True(File.Exists(Path.Combine(session.Home, "results", "small", "report", "report.html")));
        Assert.Empty(session.Error);
    }

    [Fact]
    public async Task A_finished_sweep_is_judged_by_the_claims_of_a_newer_file()
    {
        using var session = new Session();
        await session.Run("run", session.File(), "--home", session.Home);
        Directory.CreateDirectory(session.Home);
        Assert.DoesNotContain("It learns", session.Out);

        Assert.Equal(0, await session.Run("report", "small", "--home", session.Home, "--spec", session.File(Session.Yaml + Claims, "newer.yaml")));
        Assert.Contains("holds      It learns", session.Out);
    }

    [Fact]
    public async Task Claims_of_a_file_about_other_trials_are_refused_with_the_difference()
    {
        using var session = new Session();
        await session.Run("run", session.File(), "--home", session.Home);
        Directory.CreateDirectory(session.Home);
        var other = session.File(Session.Yaml.Replace("seeds: 2", "seeds: 3", StringComparison.Ordinal) + Claims, "other.yaml");

        Assert.Equal(2, await session.Run("report", "small", "--home", session.Home, "--spec", other));
        Assert.Contains("describes other trials than small", session.Error);
        Assert.Contains("+ seeds: 3", session.Error);
    }

    [Fact]
    public async Task Comparing_takes_two_sweeps()
    {
        using var session = new Session();
        await session.Run("run", session.File(), session.File(Session.Yaml.Replace("small", "other", StringComparison.Ordinal), "other.yaml"), "--home", session.Home);
        Directory.CreateDirectory(session.Home);

        Assert.Equal(2, await session.Run("report", "--compare", "small", "--home", session.Home));
        Assert.Contains("--compare takes two sweeps", session.Error);
        Assert.Equal(0, await session.Run("report", "--compare", "small", "other", "--home", session.Home));
        Assert.True(File.Exists(Path.Combine(session.Home, "results", "other", "report", "compared-with-small.html")));
    }
}
