using MemCluster.Messages;
using Spectre.Console.Testing;

namespace MemCluster.Cli.Tests;

/// <summary>Questions, names and errors come from other people, and a terminal does what control characters say.</summary>
public sealed class OtherPeoplesWordsTests
{
    private const string Yaml = """
        sweep: small
        question: "\e]0;owned\a \x9b31m \u202edlrow"
        data: { name: glyphs, train: 100, validation: 100 }
        axes: { capacity: [32] }
        seeds: 2
        """;

    [Theory]
    [InlineData("plan")]
    [InlineData("run")]
    public async Task A_question_does_nothing_to_a_pipe(string verb)
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run(verb, session.File(Yaml), "--home", session.Home));
        Assert.DoesNotContain(session.Out, IsHarmful);
        Assert.Contains(@"\u001b]0;owned\u0007 \u009b31m \u202edlrow", session.Out);
    }

    [Fact]
    public async Task Nor_to_a_terminal()
    {
        using var session = new Session(new FakeNode().Holding(Session.Spec(Yaml), _ => TrialState.Finished)) { Live = new TestConsole() }.WithHome();
        Assert.Equal(0, await session.Run("list", "--home", session.Home));
        Assert.DoesNotContain(session.Live!.Output, IsHarmful);
    }

    [Fact]
    public async Task Nor_does_a_value_in_a_problem()
    {
        using var session = new Session();
        Assert.Equal(2, await session.Run("plan", session.File("sweep: \"\\e[2Jx\"\naxes: { \"\\e[31m\": [1] }\nseeds: 1\n")));
        Assert.DoesNotContain(session.Error, IsHarmful);
    }

    [Fact]
    public async Task Json_means_the_same_as_before()
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("plan", session.File(Yaml), "--home", session.Home, "--json"));
        Assert.DoesNotContain(session.Out, IsHarmful);
        using var read = System.Text.Json.JsonDocument.Parse(session.Out);
        Assert.Equal("\u001b]0;owned\a \u009b31m \u202edlrow", read.RootElement.GetProperty("question").GetString());
    }

    private static bool IsHarmful(char sign) => (char.IsControl(sign) && sign != '\n') || sign == '\u202e';
}
