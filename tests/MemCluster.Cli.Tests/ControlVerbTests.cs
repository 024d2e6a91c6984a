using MemCluster.Messages;

namespace MemCluster.Cli.Tests;

/// <summary>Verbs that change something say first what they will do; those that can't be taken back ask.</summary>
public sealed class ControlVerbTests
{
    [Theory]
    [InlineData("pause", "3 running", "{}")]
    [InlineData("stop", "then it stops", "{}")]
    [InlineData("retry", "2 trials become pending again", """{"onlyFailed":false}""")]
    [InlineData("retry --failed", "1 trial becomes pending again", """{"onlyFailed":true}""")]
    [InlineData("priority small -5", "highest priority first (now -5)", """{"priority":-5}""")]
    [InlineData("cancel --yes", "2 results stay", "{}")]
    [InlineData("resume --at node1:8080", "given out again", "{}")]
    public async Task A_verb_says_what_it_will_do_to_trials_then_does_it(string line, string said, string body)
    {
        using var session = Given();
        var words = line.Split(' ');
        Assert.Equal(0, await session.Run(words.Contains("--at") ? words : [.. words, "--home", session.Home]));
        Assert.Contains(said.Replace("3 running", "1 running trial goes on to the end, 3 pending ones wait", StringComparison.Ordinal), session.Out);
        Assert.Contains("small is paused: 8 trials: ", session.Out);
        Assert.Equal($"{words[0]} small {body}", Assert.Single(session.Node.Log));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("stop")]
    [InlineData("retry")]
    [InlineData("resume --at node1:8080")]
    [InlineData("priority a-rather-long-name-of-a-sweep-that-somebody-thought-of 3")]
    [InlineData("cancel --yes")]
    [InlineData("delete --yes")]
    [InlineData("drain node1")]
    [InlineData("submit")]
    public async Task What_is_said_beforehand_fits_the_screen_and_commands_stay_whole(string line)
    {
        const string Name = "a-rather-long-name-of-a-sweep-that-somebody-thought-of";
        var card = new TrainerCard("lab", 7, 2, 8, 16_000_000_000, "cpu", "avx2", null, []);
        var yaml = Session.Yaml.Replace("sweep: small", "sweep: " + Name, StringComparison.Ordinal);
        using var session = new Session(
            new FakeNode { Trainers = [new("node1", "connected", 2, 1, card)] }.Holding(Session.Spec(yaml), _ => TrialState.Pending)).WithHome();
        string[] words = [.. line.Split(' '), .. line == "submit" ? [session.File(yaml)] : (string[])[]];

        Assert.Equal(0, await session.Run(words.Contains("--at") ? words : [.. words, "--at", "node1:8080"]));

        Assert.All(session.Out.Split('\n'), text => Assert.True(text.Length <= 100, text));
        Assert.True(session.Out.Split('\n').Length > 2);
        Assert.Equal(session.Out.Split("memcluster ").Length, session.Out.Split(Name + " --at node1:8080").Length);
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("yes", true)]
    [InlineData("n", false)]
    [InlineData("", false)]
    public async Task Cancel_asks_and_anything_but_yes_is_no(string answer, bool done)
    {
        using var session = Given(answer);
        Assert.Equal(0, await session.Run("cancel", "--home", session.Home));
        Assert.Contains("1 running trial is stopped and lost, 3 pending ones will not run; 2 results stay", session.Out);
        Assert.Contains("Go on? [y/N]", session.Out);
        Assert.Equal(done, session.Node.Log.Count == 1);
        Assert.Equal(!done, session.Out.Contains("Nothing was done.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_cancel_refuses_without_yes()
    {
        using var session = Given();
        Assert.Equal(2, await session.Run("cancel", "--home", session.Home));
        Assert.Contains("1 running trial is stopped and lost", session.Out);
        Assert.Contains("say --yes to do it", session.Error);
        Assert.Empty(session.Node.Log);
    }

    [Fact]
    public async Task A_refusal_is_a_sentence_and_exit_2()
    {
        using var session = new Session(new FakeNode { Refusal = "Every trial of small has ended; there is nothing to pause." }.Holding(Session.Spec(), _ => TrialState.Finished)).WithHome();
        Assert.Equal(2, await session.Run("pause", "--home", session.Home));
        Assert.Equal("Every trial of small has ended; there is nothing to pause.\n", session.Error);
        Assert.Equal(2, await session.Run("pause", "other", "--home", session.Home));
        Assert.Equal(2, await session.Run("priority", "small", "high", "--home", session.Home));
        Assert.Contains("A number from -100 to 100, not 'high'", session.Error);
    }

    [Fact]
    public async Task Drain_names_the_trainer_and_what_becomes_of_its_trials()
    {
        var card = new TrainerCard("lab", 7, 2, 8, 16_000_000_000, "cpu", "avx2", null, []);
        using var session = new Session(new FakeNode { Trainers = [new("node1", "connected", 2, 1, card)] }).WithHome();
        Assert.Equal(0, await session.Run("drain", "node1", "--home", session.Home));
        Assert.Contains("node1: 1 running trial goes on to the end there, and it gets no new ones", session.Out);
        Assert.Contains("node1 is draining, 1 of 2 slots busy.", session.Out);
        Assert.Equal(0, await session.Run("drain", "node1", "--undo", "--json", "--home", session.Home));
        Assert.Equal(["drain node1 True", "drain node1 False"], session.Node.Log);
        Assert.Equal(2, await session.Run("drain", "node9", "--home", session.Home));
        Assert.Contains("No trainer named 'node9' is connected; there is: node1", session.Error);
    }

    private static Session Given(string? answer = null) => new Session(new FakeNode().Holding(Session.Spec(), trial => trial switch
    {
        1 or 2 => TrialState.Finished,
        3 => TrialState.Failed,
        4 => TrialState.Cancelled,
        5 => TrialState.Running,
        _ => TrialState.Pending,
    }))
    { Answers = answer is null ? null : new StringReader(answer + "\n") }.WithHome();
}
