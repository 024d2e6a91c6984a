using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Operations.Verbs;

namespace MemCluster.Pbm.Tests;

/// <summary>Every verb of the catalogue at both doors of a real coordinator, with the same expectations.</summary>
public sealed class EveryVerbTests(EveryVerbTests.BothDoors doors) : IClassFixture<EveryVerbTests.BothDoors>
{
    public static TheoryData<int, string, string> Cases()
    {
        var data = new TheoryData<int, string, string>();
        for (var number = 0; number < VerbCase.All.Count; number++)
        {
            foreach (var door in BothDoors.Names)
            {
                data.Add(number, VerbCase.All[number].Verb, door);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_verb_says_the_same_at_every_door(int number, string verb, string door)
    {
        var (one, there) = (VerbCase.All[number], doors[door]);
        Assert.Equal(verb, one.Verb);

        var (sweep, answer) = await Ask(one, there, $"{number}", []);

        VerbCase.Matches(one.Text, string.Join('\n', answer.Lines), sweep, there);
        Assert.Equal(one.Error is null, answer.Error is null);
        VerbCase.Matches(one.Error ?? "", answer.Error ?? "", sweep, there);
        Assert.All(answer.Lines, line => Assert.True(verb == "export" || line.Length <= 100, line));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_verb_says_the_same_as_JSON_at_every_door(int number, string verb, string door)
    {
        var (one, there) = (VerbCase.All[number], doors[door]);
        if (one.Json is not { } expected)
        {
            return;
        }

        var (sweep, answer) = await Ask(one, there, $"{number}-json", [(VerbArguments.Json, "true")]);

        Assert.Null(answer.Error);
        Assert.NotEmpty(answer.Lines);
        foreach (var document in verb == "export" ? [string.Join('\n', answer.Lines)] : answer.Lines)
        {
            using var _ = JsonDocument.Parse(document);
        }

        Assert.Contains(expected.Replace("{s}", sweep, StringComparison.Ordinal), string.Join('\n', answer.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_of_the_catalogue_has_a_case_and_one_as_JSON_where_it_prints_data()
    {
        Assert.Equal(OperatorCatalogue.All.Select(verb => verb.Name).Order(), VerbCase.All.Where(one => one.Error is null).Select(one => one.Verb).Distinct().Order());
        Assert.All(OperatorCatalogue.All, verb => Assert.Contains(verb.Arguments, argument => argument.Name == VerbArguments.Json));
        Assert.All(OperatorCatalogue.All, verb => Assert.Contains(VerbCase.All, one => one.Verb == verb.Name && one.Json is not null));
    }

    private static async Task<(string Sweep, Answer Answer)> Ask(VerbCase one, Door door, string tag, IReadOnlyList<(string Name, string Value)> more)
    {
        var sweep = $"{(one.Sweep.Length > 0 ? one.Sweep : "held")}-{one.Verb}-{tag}";
        door.Bed.Spec(sweep);
        if (one.Sweep.Length > 0)
        {
            await door.Bed.Submit(sweep);
        }

        if (one.Before is { } before)
        {
            await Control(door, sweep, before, 0);
        }

        (string, string)[] said = [.. one.Said.Select(word => (word.Name, word.Value.Replace("{s}", sweep, StringComparison.Ordinal))), .. more];
        var asked = door.Ask(one.Verb, said, one.Verb == "tail" ? lines => lines.Count > 0 : null);
        for (var round = 1; one.Meanwhile is { } meanwhile && await Task.WhenAny(asked, Task.Delay(500)) != asked; round++)
        {
            // Again and again: nobody says when the verb has begun to listen.
            await Control(door, sweep, meanwhile, round);
        }

        return (sweep, await asked);
    }

    private static Task<ControlReply?> Control(Door door, string sweep, string verb, int number) => door.Bed.Operator.Control(new SweepId(sweep), verb switch
    {
        "pause" => new SweepCommand.Control.PauseSweep(),
        "cancel" => new SweepCommand.Control.CancelSweep(),
        _ => new SweepCommand.Control.SetPriority(number % 100),
    });

    /// <summary>One coordinator for each door.</summary>
    public sealed class BothDoors : IAsyncLifetime
    {
        internal static readonly string[] Names = ["http", "palette"];

        private readonly Dictionary<string, Door> _doors = [];

        internal Door this[string name] => _doors[name];

        public async Task InitializeAsync()
        {
            foreach (var name in Names)
            {
                _doors[name] = await Door.Open(name);
            }
        }

        public async Task DisposeAsync()
        {
            foreach (var door in _doors.Values)
            {
                await door.DisposeAsync();
            }
        }
    }
}
