using Akka.Configuration;
using MemCluster.Hosting;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Tests;

/// <summary>What an operator may turn of Akka's knobs, in which order, and what not.</summary>
public sealed class TuningTests : IDisposable
{
    private const string StableAfter = "akka.cluster.split-brain-resolver.stable-after";
    private readonly TemporaryHome _home = new();

    public TuningTests() => Directory.CreateDirectory(_home.Home.Folder);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Two_underscores_are_a_dot_and_one_is_a_hyphen() => Assert.Equal(
        TimeSpan.FromSeconds(20), Tuning.Read(null, With(("AKKA__CLUSTER__SPLIT_BRAIN_RESOLVER__STABLE_AFTER", "20s"))).GetTimeSpan(StableAfter));

    [Fact]
    public void Numbered_variables_are_a_list_in_the_order_of_their_numbers() => Assert.Equal(
        ["a", "b", "c"], Tuning.Read(null, With(("AKKA__X__LIST__10", "c"), ("AKKA__X__LIST__0", "a"), ("AKKA__X__LIST__2", "b"))).GetStringList("akka.x.list"));

    [Fact]
    public void A_value_is_taken_as_it_is_whatever_stands_in_it()
    {
        const string value = "a \"b\" \\ c # d\nakka.loglevel = DEBUG";

        var knobs = Tuning.Read(null, With(("AKKA__X__TEXT", value)));

        Assert.Equal(value, knobs.GetString("akka.x.text"));
        Assert.False(knobs.HasPath("akka.loglevel"));
    }

    [Fact]
    public void Other_variables_are_nobodys_business() => Assert.True(Tuning.Read(null, With(("AKKA_HOME", "/opt"), ("PATH", "/bin"))).IsEmpty);

    [Fact]
    public async Task A_file_lies_above_our_profiles_a_variable_above_the_file_and_an_option_above_both()
    {
        var file = Write($"{StableAfter} = 30s\nakka.cluster.failure-detector.threshold = 11.0\nakka.loglevel = OFF\n");
        var variables = With(("AKKA__CLUSTER__SPLIT_BRAIN_RESOLVER__STABLE_AFTER", "20s"));

        var system = Node.Create(new NodeOptions { Profiles = ["coordinator", "postgres"], Tuning = Tuning.Read(file, variables), Host = "127.0.0.1" });
        try
        {
            var config = system.Settings.Config;
            Assert.Equal(TimeSpan.FromSeconds(20), config.GetTimeSpan(StableAfter));
            Assert.Equal(11.0, config.GetDouble("akka.cluster.failure-detector.threshold"));
            Assert.Equal("127.0.0.1", config.GetString("akka.remote.dot-netty.tcp.hostname"));
            Assert.Equal("keep-majority", config.GetString("akka.cluster.split-brain-resolver.active-strategy")); // Its neighbours stay.
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Theory]
    [InlineData("akka {\n cluster { ", "line 2")]
    [InlineData("akka.loglevel = INFO\nakka.cluster = { a = [1, 2 }", "line 2")]
    [InlineData("akka.x = 1\n}", "line 2")]
    [InlineData("# {\n// [\nakka.x = \"a\\\"}\nakka.y = 1", "line 3")]
    [InlineData("akka.x = \"\"\"a\n\"\n", "line 1")]
    [InlineData("= 3", "begin with")]
    [InlineData("aka.loglevel = INFO", "begin with")]
    public void A_file_that_can_t_be_understood_is_named_with_the_line(string text, string where)
    {
        var file = Write(text);

        var problem = Assert.Throws<FormatException>(() => Tuning.Read(file, With())).Message;

        Assert.Contains(file, problem, StringComparison.Ordinal);
        Assert.Contains(where, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Brackets_in_quotes_and_comments_are_none() => Assert.Equal(
        "} \" ]", Tuning.Read(Write("# {\nakka.x = \"} \\\" ]\" // [\nakka.y = [1, 2]\n"), With()).GetString("akka.x"));

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("/nowhere.conf", Assert.Throws<FormatException>(() => Tuning.Read(_home.Home.Folder + "/nowhere.conf", With())).Message, StringComparison.Ordinal);

    [Fact]
    public void An_empty_file_changes_nothing() => Assert.True(Tuning.Read(Write("\n# akka.x = 1\n"), With()).IsEmpty);

    [Theory]
    [InlineData("akka.persistence.journal.plugin = \"akka.persistence.journal.inmem\"", "must last")]
    [InlineData("akka.persistence { snapshot-store { plugin = x } }", "must last")]
    [InlineData("akka.actor.serialization-settings.allow-unregistered-types = true", "own words")]
    [InlineData("akka.actor.serialization-bindings { \"System.Object\" = json }", "own words")]
    [InlineData("akka.remote.dot-netty.tcp.port = 4053", "--listen")]
    [InlineData("akka.remote.dot-netty = 1", "--listen")]
    [InlineData("akka.cluster.roles = [coordinator]", "verb")]
    public void What_is_promised_can_t_be_turned_in_a_file(string text, string why)
    {
        var file = Write(text);

        var problem = Assert.Throws<FormatException>(() => Tuning.Read(file, With())).Message;

        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.Contains(file, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AKKA__PERSISTENCE__JOURNAL__PLUGIN", "akka.persistence.journal.inmem")]
    [InlineData("AKKA__ACTOR__SERIALIZATION_SETTINGS__ALLOW_UNREGISTERED_TYPES", "on")]
    [InlineData("AKKA__CLUSTER__ROLES__0", "coordinator")]
    [InlineData("AKKA__CLUSTER__", "1")]
    public void What_is_promised_can_t_be_turned_by_a_variable_which_is_named(string name, string value) => Assert.Contains(
        name.TrimEnd('0').TrimEnd('_'), Assert.Throws<FormatException>(() => Tuning.Read(null, With((name, value)))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task However_the_settings_came_about_no_node_starts_on_a_journal_in_memory()
    {
        var node = new NodeOptions
        {
            Profiles = ["coordinator"],
            Overrides = ConfigurationFactory.ParseString("akka.persistence.journal.plugin = \"akka.persistence.journal.inmem\"\nakka.loglevel = OFF"),
        };

        var problem = await Assert.ThrowsAsync<UserError>(() => CoordinatorNode.Start(new CoordinatorOptions { Home = _home.Home, Node = node }, default));

        Assert.Contains("does not last", problem.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> With(params (string Name, string Value)[] variables) => variables.ToDictionary(entry => entry.Name, entry => entry.Value);

    private string Write(string text)
    {
        var file = Path.Combine(_home.Home.Folder, "my.conf");
        File.WriteAllText(file, text);
        return file;
    }
}
