namespace MemCluster.Cli.Tests;

/// <summary><c>chaos</c> before it starts anything; what it does to processes is tried in EndToEnd.</summary>
public sealed class ChaosVerbTests : IDisposable
{
    private readonly Session _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task A_plan_is_the_schedule_and_begins_no_home()
    {
        Assert.Equal(0, await Chaos("--seed", "7", "--plan", "17"));

        var lines = _session.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(18, lines.Length);
        Assert.Equal("   3  kill        coordinator", lines[2]);
        Assert.Equal("17 faults of seed 7, schedule dfa90cf49dfc34c2", lines[^1]);
        Assert.False(Directory.Exists(_session.Home));
    }

    [Fact]
    public async Task A_home_of_somebody_s_is_not_thrown_away()
    {
        Directory.CreateDirectory(_session.Home);
        var journal = Path.Combine(_session.Home, "journal.db");
        File.WriteAllText(journal, "mine");

        Assert.Equal(2, await Chaos());

        Assert.Equal("mine", File.ReadAllText(journal));
        Assert.Contains("holds something that is not of an earlier chaos", _session.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--every", "soon", "--every is a number of recovery times")]
    [InlineData("--for", "10", "--for is a time, like 90s, 10m or 2h; not '10'.")]
    [InlineData("--faults", "fire", "--faults has no 'fire'")]
    [InlineData("--trainers", "0", "--trainers is a number from 1 to 64, not 0.")]
    [InlineData("--plan", "0", "--plan is a number of faults")]
    public async Task A_mistake_is_a_sentence_and_exit_2(string option, string value, string sentence)
    {
        Assert.Equal(2, await Chaos(option, value));

        Assert.Contains(sentence, _session.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_session.Home));
    }

    private Task<int> Chaos(params string[] options) => _session.Run(["chaos", _session.File(), "--home", _session.Home, .. options]);
}
