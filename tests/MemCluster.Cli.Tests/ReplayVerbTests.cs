using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Sweeps;
using Spectre.Console.Testing;

namespace MemCluster.Cli.Tests;

/// <summary><c>replay</c> with a training that is made up: what it refuses, what it says, and when it stops.</summary>
public sealed class ReplayVerbTests
{
    private static readonly TrialOutcome Outcome = new(
        TrialState.Finished, 5,
        ImmutableSortedDictionary<string, double>.Empty.Add(MeasureNames.ValidationAccuracyBest, 0.9).Add(MeasureNames.ValidationAccuracyLast, 0.7), "00");

    [Fact]
    public async Task A_trial_that_comes_out_as_recorded_is_one_line_and_exit_0()
    {
        using var session = SessionOf(Recorded(5), Training(5)).WithHome();

        Assert.Equal(0, await session.Run("replay", "small", "3", "--home", session.Home));

        Assert.Equal("trial 3 of small, attempt 2: 5 epochs trained again, every weight and number the same\n", session.Out);
        Assert.Empty(session.Error);
    }

    [Fact]
    public async Task The_settings_come_from_the_place_in_the_grid_and_where_there_is_one_sweep_its_number_will_do()
    {
        Retraining? asked = null;
        using var session = SessionOf(Recorded(5), (what, stop) =>
        {
            asked = what;
            return Training(5)(what, stop);
        }).WithHome();

        Assert.Equal(0, await session.Run("replay", "8", "--home", session.Home, "--data", session.Folder));

        Assert.Equal((new Grid(Session.Spec()).CellAt(7), session.Folder), (CellIdentity.Of(asked!.Settings), asked.Data));
        Assert.Null(asked.Kept);
    }

    [Fact]
    public async Task Weights_that_fork_end_it_at_that_epoch_with_both_values_and_exit_2()
    {
        using var session = SessionOf([.. Recorded(5).Select(row => row.Epoch == 3 ? row with { Weights = "dead" } : row)], Training(5)).WithHome();

        Assert.Equal(2, await session.Run("replay", "small", "3", "--home", session.Home));

        Assert.Equal(
            """
            FORKED  trial 3 of small, attempt 2: what was trained again here is not what is recorded
            EPOCH  WHAT     RECORDED  REPLAYED
                3  weights  dead      0000000000000003
            Either this machine computes differently than node7 did, or the record was changed since.
            Find out with: memcluster numerics --check   on both machines, and: memcluster audit

            """,
            session.Out);
        Assert.Equal(2, await session.Run("replay", "small", "3", "--home", session.Home, "--json"));
        using var json = JsonDocument.Parse(session.Out.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal((3, false, 2), (json.RootElement.GetProperty("epochs").GetInt32(), json.RootElement.GetProperty("same").GetBoolean(), json.RootElement.GetProperty("attempt").GetInt32()));
        Assert.Equal("dead", Assert.Single(json.RootElement.GetProperty("differences").EnumerateArray()).GetProperty("recorded").GetString());
    }

    [Fact]
    public async Task An_outcome_that_differs_is_told_as_the_end()
    {
        using var session = SessionOf(Recorded(5), Training(5, Outcome with { Weights = "01" })).WithHome();

        Assert.Equal(2, await session.Run("replay", "small", "3", "--home", session.Home));

        Assert.Contains("\n  end  weights  00        01\n", session.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrialState.Pending, "pending")]
    [InlineData(TrialState.Running, "running")]
    [InlineData(TrialState.Failed, "failed")]
    [InlineData(TrialState.Cancelled, "cancelled")]
    public async Task A_trial_without_a_result_can_not_be_replayed(TrialState state, string called)
    {
        using var session = new Session(new FakeNode { Story = [Attempt(1, "failed: it threw")] }.Holding(Session.Spec(), _ => state)).WithHome();

        Assert.Equal(2, await session.Run("replay", "small", "3", "--home", session.Home));

        Assert.Equal($"Trial 3 of small is {called} and has no result that a replay could be compared with. Its story: memcluster trial small 3\n", session.Error);
    }

    [Fact]
    public async Task What_can_not_be_compared_or_trained_here_is_a_sentence_and_exit_2()
    {
        using var old = new Session(new FakeNode { Numerics = "memcluster-1" }.Holding(Session.Spec(), _ => TrialState.Finished)).WithHome();
        Assert.Equal(2, await old.Run("replay", "small", "3", "--home", old.Home));
        Assert.StartsWith("small was computed with memcluster-1; this is ", old.Error, StringComparison.Ordinal);

        using var whole = SessionOf(Recorded(5), Training(5));
        using var without = new Session(whole.Node) { Doors = whole.Doors with { CheckData = (_, _) => "No glyphs here." } }.WithHome();
        Assert.Equal(2, await without.Run("replay", "small", "3", "--home", without.Home));
        Assert.Equal("No glyphs here.\n", without.Error);

        using var silent = SessionOf([], Training(5)).WithHome();
        Assert.Equal(2, await silent.Run("replay", "small", "3", "--home", silent.Home));
        Assert.Contains("may be of an earlier version", silent.Error, StringComparison.Ordinal);
        Assert.Equal(2, await silent.Run("replay", "small", "9", "--home", silent.Home));
        Assert.Contains("Which trial of small? '9' is none; they are numbered from 1 to 8.", silent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_it_also_when_the_training_does_not_listen()
    {
        using var interrupt = new CancellationTokenSource();
        using var session = SessionOf(Recorded(5), (asked, _) =>
        {
            asked.Measured(Epoch(1));
            interrupt.Cancel();
            return new TaskCompletionSource<TrialOutcome>().Task;
        }).WithHome();

        Assert.Equal(130, await session.Run(interrupt.Token, "replay", "small", "3", "--home", session.Home).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("", session.Out);
    }

    [Fact]
    public async Task A_terminal_shows_how_far_it_is_and_nothing_of_that_stays()
    {
        using var console = new TestConsole().Width(100).Interactive().EmitAnsiSequences();
        using var session = new Session(Node(Recorded(5))) { Live = console, Trains = Slowly }.WithHome();

        Assert.Equal(0, await session.Run("replay", "small", "3", "--home", session.Home));

        Assert.Contains("trial 3 of small  epoch 2/5  ", console.Output, StringComparison.Ordinal);
        Assert.Contains(" left", console.Output, StringComparison.Ordinal);
        Assert.EndsWith("every weight and number the same", Plain(console.Output).TrimEnd(), StringComparison.Ordinal);

        static async Task<TrialOutcome> Slowly(Retraining asked, CancellationToken stop)
        {
            asked.Measured(Epoch(1));
            asked.Measured(Epoch(2));
            await Task.Delay(700, stop);
            return await Training(5)(asked, stop);
        }
    }

    private static string Plain(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\e\\[[0-9;?]*[A-Za-z]", "");

    private static FakeNode Node(IReadOnlyList<EpochRow> recorded) => new FakeNode
    {
        Story = [Attempt(1, "lost: node2 left"), Attempt(2, "finished")],
        EpochsOf = recorded,
    }.Holding(Session.Spec(), _ => TrialState.Finished);

    private static Session SessionOf(IReadOnlyList<EpochRow> recorded, Func<Retraining, CancellationToken, Task<TrialOutcome>> trains) => new(Node(recorded)) { Trains = trains };

    private static AttemptRow Attempt(int number, string ended) => new(3, number, number == 1 ? "node2" : "node7", default, default(DateTimeOffset), ended, 5, 1);

    /// <summary>As the real one: epoch by epoch, until it is stopped.</summary>
    private static Func<Retraining, CancellationToken, Task<TrialOutcome>> Training(int epochs, TrialOutcome? end = null) => (asked, stop) => Task.Run(
        () =>
        {
            for (var epoch = 1; epoch <= epochs; epoch++)
            {
                stop.ThrowIfCancellationRequested();
                asked.Measured(Epoch(epoch));
            }

            return end ?? Outcome;
        },
        stop);

    private static EpochMeasures Epoch(int epoch) => new(epoch, [.. MeasureNames.Epoch.Select(_ => epoch / 10.0)], $"{epoch:x16}");

    private static IReadOnlyList<EpochRow> Recorded(int epochs) =>
    [
        .. Enumerable.Range(1, epochs).Select(Epoch).Select(epoch => new EpochRow(
            3, 2, epoch.Epoch, epoch.Weights, MeasureNames.Epoch, MemoryMarshal.AsBytes(epoch.Values.AsSpan()).ToArray(), [])),
    ];
}
