using MemCluster.Messages;
using MemCluster.Operations.Chaos;

namespace MemCluster.Cli.Tests;

/// <summary>What faults cost, told from attempts as a coordinator tells of them.</summary>
public sealed class ChaosCostsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly ChaosCosts _costs = new();

    [Fact]
    public void An_attempt_that_is_lost_after_a_fault_is_that_fault_s()
    {
        _costs.Begin(ChaosFault.Kill);
        _costs.Look([Running(1, 1, 5), Running(2, 1, 7)]);
        _costs.Begin(ChaosFault.Pause);
        _costs.Look([Lost(1, 1, 6), Running(1, 2, 0), Running(2, 1, 9)]);

        Assert.Equal((1, 0, 0), Of(ChaosFault.Kill));
        Assert.Equal((1, 1, 6), Of(ChaosFault.Pause));
    }

    [Fact]
    public void Only_epochs_after_the_checkpoint_are_trained_again()
    {
        _costs.Begin(ChaosFault.Kill);
        _costs.Look([Lost(1, 1, 20), Running(1, 2, 18) with { Checkpoint = 17 }]);

        Assert.Equal((1, 1, 3), Of(ChaosFault.Kill));
    }

    [Fact]
    public void What_is_trained_again_is_known_when_somebody_does()
    {
        _costs.Begin(ChaosFault.Network);
        _costs.Look([Lost(1, 1, 20)]);
        Assert.Equal((1, 1, 0), Of(ChaosFault.Network));

        _costs.Look([Lost(1, 1, 20), Running(1, 2, 0)]);
        Assert.Equal((1, 1, 20), Of(ChaosFault.Network));
    }

    [Fact]
    public void Attempts_that_a_salvage_did_not_keep_are_lost_too()
    {
        _costs.Begin(ChaosFault.Kill);
        _costs.Look([Finished(1, 1, 30), Running(2, 1, 12)]);
        _costs.Begin(ChaosFault.Flip);
        _costs.Look([Finished(1, 1, 30), Running(2, 1, 1) with { AssignedAt = Noon.AddHours(1) }]);

        Assert.Equal((1, 0, 0), Of(ChaosFault.Kill));
        Assert.Equal((1, 1, 12), Of(ChaosFault.Flip));
    }

    [Fact]
    public void Nothing_is_counted_twice_by_looking_twice()
    {
        AttemptRow[] rows = [Lost(1, 1, 6), Lost(1, 2, 4), Finished(1, 3, 30), Running(2, 1, 3)];
        _costs.Begin(ChaosFault.Kill);
        _costs.Look(rows);
        _costs.Begin(ChaosFault.Kill);
        _costs.Look(rows);

        Assert.Equal((2, 2, 10), Of(ChaosFault.Kill));
    }

    [Fact]
    public void What_was_lost_before_the_first_fault_is_nobody_s()
    {
        _costs.Look([Lost(1, 1, 6), Running(1, 2, 1)]);
        _costs.Begin(ChaosFault.Kill);
        _costs.Look([Lost(1, 1, 6), Running(1, 2, 9)]);

        Assert.Equal((1, 0, 0), Of(ChaosFault.Kill));
    }

    [Fact]
    public void The_table_sums_up_and_fits()
    {
        _costs.Begin(ChaosFault.Pause);
        _costs.Waited(TimeSpan.FromSeconds(21));
        _costs.Waited(TimeSpan.FromSeconds(2));
        _costs.Look([Lost(1, 1, 6), Running(1, 2, 1)]);
        _costs.Begin(ChaosFault.Kill);
        _costs.Waited(TimeSpan.FromSeconds(4));

        Assert.Equal(
            [
                "FAULT  TIMES  ATTEMPTS LOST  EPOCHS AGAIN  LONGEST WITHOUT PROGRESS",
                "kill       1              0             0                       4 s",
                "pause      1              1             6                      21 s",
                "all        2              1             6                      21 s",
            ],
            ChaosTable.Of(_costs).Select(line => line.Text));
    }

    private (int, int, int) Of(ChaosFault fault) => _costs.All[fault] is var cost ? (cost.Times, cost.Lost, cost.Again) : default;

    private static AttemptRow Running(int trial, int attempt, int epoch) => new(trial, attempt, "trainer-1", Noon.AddMinutes(attempt), null, "", epoch, null);

    private static AttemptRow Lost(int trial, int attempt, int epoch) => Running(trial, attempt, epoch) with { Ended = "lost: trainer-1 was silent" };

    private static AttemptRow Finished(int trial, int attempt, int epoch) => Running(trial, attempt, epoch) with { Ended = "finished" };
}
