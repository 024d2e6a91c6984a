using MemCluster.Messages;

namespace MemCluster.Cli.Tests;

public sealed class VerbTests
{
    [Fact]
    public async Task Plan_shows_counts_and_cost_and_touches_nothing()
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("plan", session.File(), "--home", session.Home, "--slots", "2"));
        Assert.Contains("  noise      2   none · label 0.2\n", session.Out);
        Assert.Contains("8 trials × 100 epochs    glyphs 100 train / 100 validation", session.Out);
        Assert.Contains("on 2 slots (estimated: ", session.Out);
        Assert.Contains("Nothing was run. Start it with: memcluster run ", session.Out);
        Assert.False(Directory.Exists(session.Home));
        Assert.Null(session.Started);
    }

    [Fact]
    public async Task Journal_verbs_exit_0_when_all_is_well_and_2_with_a_sentence_when_not()
    {
        using var session = new Session();
        Assert.Equal(2, await session.Run("journal", "check", "--home", session.Home));
        Assert.Contains("memcluster journal init", session.Out);
        Assert.Equal(2, await session.Run("journal", "migrate", "--home", session.Home));
        Assert.Equal(0, await session.Run("journal", "init", "--home", session.Home));
        Assert.Equal(0, await session.Run("journal", "check", "--home", session.Home, "--json"));
        Assert.Contains("\"problems\":[]", session.Out);
        Assert.Equal(2, await session.Run("journal", "check", "--journal", "Host=db;Password=hush"));
        Assert.DoesNotContain("hush", session.Out);
    }

    [Fact]
    public async Task Plan_says_what_the_home_holds_already_or_that_it_is_another_sweep()
    {
        using var session = new Session(new FakeNode().Holding(Session.Spec(), trial => trial < 4 ? TrialState.Finished : TrialState.Pending)).WithHome();
        await session.Run("plan", session.File(), "--home", session.Home);
        Assert.Contains("3 done · 5 left in ", session.Out);
        await session.Run("plan", session.File(), "--set", "training.epochs=3", "--home", Path.Combine(session.Folder, "elsewhere"));
        Assert.Contains("--set training.epochs=3 --home ", session.Out);
        await session.Run("plan", session.File(), "--home", session.Home, "--set", "training.epochs=3");
        Assert.Contains("holds another sweep named small", session.Out);
        Assert.Contains("epochs: 3", session.Out);
    }

    [Fact]
    public async Task List_status_and_trials_read_a_home_and_fit_the_screen()
    {
        using var session = new Session(new FakeNode().Holding(Session.Spec(), trial => trial < 4 ? TrialState.Finished : TrialState.Pending)).WithHome();
        foreach (var verb in new[] { "list", "status", "trials" })
        {
            Assert.Equal(0, await session.Run(verb, "--home", session.Home));
        }

        Assert.All(session.Out.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Contains("small  stopped   3/8  2026-11-23 08:12", session.Out);
        Assert.Contains("31 epochs/s  14 min  2026-11-23 08:12", session.Out);
        Assert.Contains("TRIAL  NOISE      CAPACITY  SEED  STATE", session.Out);
        Assert.Contains("    1  none       32           0  finished        5   .900   .700", session.Out);
        Assert.Contains("    8  label 0.2  128          1  pending", session.Out);
    }

    [Fact]
    public async Task Json_is_the_words_of_the_api()
    {
        using var session = new Session(new FakeNode().Holding(Session.Spec(), _ => TrialState.Finished)).WithHome();
        await session.Run("list", "--json", "--home", session.Home);
        var sweeps = System.Text.Json.JsonSerializer.Deserialize<List<SweepSummary>>(session.Out, MessageJson.Options)!;
        Assert.Equal(8, Assert.Single(sweeps).Counts.Finished);
    }

    [Fact]
    public async Task At_asks_a_coordinator_elsewhere()
    {
        using var session = new Session(new FakeNode().Holding(Session.Spec(), _ => TrialState.Finished));
        Assert.Equal(0, await session.Run("status", "small", "--at", "node1:8080"));
        Assert.Equal(2, await session.Run("status", "--at", "node9:8080"));
        Assert.Equal("No coordinator answers at node9:8080.\n", session.Error);
        Assert.Equal(0, await session.Run("submit", session.File(), "--at", "node1:8080"));
        Assert.Contains("memcluster status small --at node1:8080", session.Out);
    }

    [Fact]
    public async Task Export_writes_the_folder_again_or_prints_the_trials()
    {
        using var session = new Session(new FakeNode().Holding(Session.Spec(), _ => TrialState.Finished)).WithHome();
        Assert.Equal(0, await session.Run("export", "--home", session.Home));
        Assert.True(File.Exists(Path.Combine(session.Home, "results", "small", "trials.csv")));
        Assert.Equal(0, await session.Run("export", "small", "--format", "json", "--to", "-", "--home", session.Home));
        Assert.Contains("\"validation_accuracy_best\": 0.9", session.Out);
        Assert.Equal(2, await session.Run("export", "--format", "xml", "--home", session.Home));
    }

    [Fact]
    public async Task A_home_that_is_not_there_is_a_sentence_and_stays_away()
    {
        using var session = new Session();
        Assert.Equal(2, await session.Run("status", "--home", session.Home));
        Assert.StartsWith($"There is no home at {session.Home}.", session.Error);
        Assert.False(Directory.Exists(session.Home));
    }

    [Fact]
    public async Task Data_list_says_what_is_complete_and_get_shows_how_far_it_is()
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("data", "list"));
        Assert.Contains("1 of 4 files", session.Out);
        Assert.Contains("built in", session.Out);
        Assert.Equal(0, await session.Run("data", "get", "mnist"));
        Assert.Contains("train-images-idx3-ubyte.gz  9.9 MB of 9.9 MB", session.Out);
        Assert.Contains("mnist is complete and checked in cache/mnist", session.Out);
        Assert.Equal(2, await session.Run("data", "get", "imagenet"));
        Assert.Contains("There is no data set 'imagenet'; there is: mnist, fashion-mnist, cifar10", session.Error);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("run")]
    [InlineData("run", "x.yaml", "--slots", "many")]
    [InlineData("run", "x.yaml", "--slots", "-1")]
    [InlineData("run", "x.yaml", "--bogus")]
    [InlineData("status", "--at", "nowhere")]
    [InlineData("trainer")]
    [InlineData("run", "x.yaml", "--listen", "0.0.0.0:99999")]
    public async Task A_wrong_command_exits_2_with_a_sentence_and_prints_nothing_else(params string[] args)
    {
        using var session = new Session();
        Assert.Equal(2, await session.Run(args));
        Assert.NotEmpty(session.Error);
        Assert.Empty(session.Out);
        Assert.DoesNotContain("   at ", session.Error);
    }

    [Fact]
    public async Task Help_of_every_verb_ends_in_examples()
    {
        foreach (var verb in new[] { "", "plan", "run", "resume", "submit", "list", "status", "trials", "trial", "heat", "examples", "nodes", "tail", "watch", "pause", "stop", "cancel", "retry", "priority", "delete", "drain", "export", "verify", "data", "coordinator", "trainer", "completion" })
        {
            using var session = new Session();
            Assert.Equal(0, await session.Run(verb.Length == 0 ? ["--help"] : [verb, "--help"]));
            Assert.Contains("Examples:\n  memcluster " + verb, session.Out);
            Assert.All(session.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
        }
    }

    [Fact]
    public async Task Version_names_the_program_and_the_numerics()
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("--version"));
        Assert.Equal($"memcluster 0.1.0 ({NumericsSettings.Version})\n", session.Out);
    }

    [Fact]
    public async Task A_fault_of_the_program_is_one_sentence_without_a_stack_trace()
    {
        using var session = new Session().WithHome();
        using var broken = new Session { Doors = session.Doors with { OpenHome = (_, _, _) => throw new InvalidOperationException("Lost my keys.") } };
        Assert.Equal(1, await broken.WithHome().Run("list", "--home", broken.Home));
        Assert.Equal("memcluster itself went wrong: Lost my keys. The journal is safe; run the command again with --verbose to get a log file.\n", broken.Error);
    }
}
