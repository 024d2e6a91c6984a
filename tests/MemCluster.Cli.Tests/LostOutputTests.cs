using System.Text;
using Spectre.Console;

namespace MemCluster.Cli.Tests;

/// <summary>Success means that it was done and shown: an answer that was cut is none, and work that can't be shown is still work.</summary>
public sealed class LostOutputTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task A_run_goes_on_when_its_screen_is_lost_and_exits_by_its_trials(int room)
    {
        using var session = new Session { Output = new FullDisk(room) };
        Assert.Equal(0, await session.Run("run", session.File(), "--home", session.Home));
        Assert.Equal(["submit small", "results small", "stop"], session.Node.Log.Where(line => !line.Contains("output", StringComparison.Ordinal)));
        Assert.Single(session.Node.Log, line => line == "Standard output can't be written, and the run goes on without it: No space left on device");

        using var failing = new Session(new FakeNode { End = trial => trial == 3 ? Messages.TrialState.Failed : Messages.TrialState.Finished }) { Output = new FullDisk(room) };
        Assert.Equal(1, await failing.Run("run", failing.File(), "--home", failing.Home));
    }

    [Fact]
    public async Task So_does_one_with_a_live_view_on_a_terminal_that_has_gone()
    {
        using var session = new Session();
        var gone = new Outlet(new FullDisk(60));
        var live = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(gone) });
        var terminal = new Terminal(gone, TextWriter.Null, live, colour: true);
        Assert.Equal(0, await CommandTree.Invoke(["run", session.File(), "--home", session.Home], session.Doors, terminal));
        Assert.NotNull(gone.Lost);
    }

    [Theory]
    [InlineData("export", "small", "--to", "-")]
    [InlineData("trials", "small")]
    [InlineData("status", "small")]
    [InlineData("list", "--json")]
    public async Task An_answer_that_is_cut_is_exit_2_and_a_sentence(params string[] verb)
    {
        using var session = new Session(Held()) { Output = new FullDisk(30) }.WithHome();
        Assert.Equal(2, await session.Run([.. verb, "--home", session.Home]));
        Assert.Equal("Standard output can't be written: No space left on device. What stands there is not the whole.\n", session.Error);
    }

    [Theory]
    [InlineData("plan", "")]
    [InlineData("data", "list")]
    [InlineData("--help", "")]
    [InlineData("--version", "")]
    public async Task Whatever_the_verb(string verb, string more)
    {
        using var session = new Session(Held()) { Output = new FullDisk(3) };
        Assert.Equal(2, await session.Run([verb, .. more.Length > 0 ? [more] : verb == "plan" ? new[] { session.File() } : []]));
        Assert.Contains("No space left on device", session.Error);
    }

    [Fact]
    public async Task What_is_lost_at_the_last_flush_is_lost_too()
    {
        using var session = new Session(Held()) { Output = new FullDisk(int.MaxValue) { FailsAtFlush = true } }.WithHome();
        Assert.Equal(2, await session.Run("trials", "small", "--home", session.Home));
    }

    [Fact]
    public async Task A_reader_that_had_enough_is_no_mistake()
    {
        using var session = new Session(Held()) { Output = new FullDisk(30) { Code = 32 } }.WithHome();
        Assert.Equal(0, await session.Run("trials", "small", "--home", session.Home));
        Assert.Empty(session.Error);
    }

    [Fact]
    public async Task An_error_that_nobody_can_be_told_is_still_in_the_exit_code()
    {
        using var session = new Session();
        Assert.Equal(2, await CommandTree.Invoke(["run", "nowhere.yaml"], session.Doors, new Terminal(TextWriter.Null, new FullDisk(0))));
    }

    private static FakeNode Held() => new FakeNode().Holding(Session.Spec(), _ => Messages.TrialState.Finished);

    private sealed class FullDisk(int room) : TextWriter
    {
        private int _room = room;

        public bool FailsAtFlush { get; init; }

        public int Code { get; init; } = 28;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (_room-- <= 0)
            {
                throw Full();
            }
        }

        public override void Flush()
        {
            if (FailsAtFlush)
            {
                throw Full();
            }
        }

        private IOException Full() => new("No space left on device", Code);
    }
}
