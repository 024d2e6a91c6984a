using MemCluster.Operations;
using MemCluster.Operations.Chaos;

namespace MemCluster.Cli.Tests;

/// <summary>What <c>chaos</c> will do, before it does anything.</summary>
public sealed class ChaosScheduleTests
{
    private static readonly ChaosFault[] All = Enum.GetValues<ChaosFault>();

    /// <summary>Written down, so that no later version changes what an old seed stands for without saying so.</summary>
    [Fact]
    public void A_seed_means_the_same_faults_for_ever()
    {
        var schedule = new ChaosSchedule(7, All, 2);

        Assert.Equal(
            [
                "   1  checkpoint  a checkpoint bit 5 at 0.885556",
                "   2  disk        coordinator  full for 8.0 s",
                "   3  kill        coordinator",
                "   4  database    journal      no writes for 3.6 s",
                "   5  flip        journal      bit 1 at 0.588437",
                "   6  network     all          silent for 21.7 s",
                "   7  pause       trainer-2    for 1.5 s",
                "   8  clock       coordinator  +23.2 h",
            ],
            schedule.Steps().Take(8).Select(step => step.ToString()));
        Assert.Equal("dfa90cf49dfc34c2", schedule.Digest(17));
    }

    [Fact]
    public void What_it_is_drawn_from_decides_it_and_nothing_else()
    {
        var one = new ChaosSchedule(3, All, 2);

        Assert.Equal(one.Steps().Take(500), new ChaosSchedule(3, All, 2).Steps().Take(500));
        Assert.All(
            (ChaosSchedule[])[one with { Seed = 4 }, one with { Trainers = 3 }, one with { Faults = All[1..] }],
            other => Assert.NotEqual(one.Digest(40), other.Digest(40)));
    }

    [Fact]
    public void A_longer_run_begins_as_a_shorter_one()
    {
        var schedule = new ChaosSchedule(11, All, 5);

        Assert.Equal(schedule.Steps().Take(9), schedule.Steps().Take(90).Take(9));
        Assert.Equal(Enumerable.Range(1, 90), schedule.Steps().Take(90).Select(step => step.Number));
    }

    [Fact]
    public void Every_round_has_each_fault_once() => Assert.All(
        new ChaosSchedule(5, All, 2).Steps().Take(80 * All.Length).Chunk(All.Length),
        round => Assert.Equal(All, round.Select(step => step.Fault).Order()));

    [Fact]
    public void Whoever_can_be_hit_is_hit_and_nobody_else()
    {
        var steps = new ChaosSchedule(5, All, 3).Steps().Take(2000).ToArray();

        Assert.Equal([0, 1, 2, 3], Targets(ChaosFault.Kill));
        Assert.Equal([0, 1, 2, 3], Targets(ChaosFault.Pause));
        Assert.Equal([0, 1, 2, 3], Targets(ChaosFault.Clock));
        Assert.Equal([ChaosStep.All, 0, 1, 2, 3], Targets(ChaosFault.Network));
        Assert.Equal([0], Targets(ChaosFault.Disk));
        Assert.All(steps, step => Assert.True(step is { Place: >= 0 and < 1, Bit: >= 0 and < 8 }));

        IEnumerable<int> Targets(ChaosFault fault) => steps.Where(step => step.Fault == fault).Select(step => step.Target).Distinct().Order();
    }

    /// <summary>A lease is 15 s: what is shorter must cost nothing, what is longer must cost an attempt and no more.</summary>
    [Fact]
    public void Pauses_are_clearly_shorter_or_clearly_longer_than_a_lease()
    {
        var pauses = new ChaosSchedule(5, [ChaosFault.Pause], 2).Steps().Take(1000).Select(step => step.Seconds).ToArray();

        Assert.All(pauses, seconds => Assert.True(seconds is (>= 1 and <= 10) or (>= 16 and <= 30), $"{seconds}"));
        Assert.InRange(pauses.Count(seconds => seconds > 15), 400, 600);
    }

    [Fact]
    public void Faults_are_named_in_any_order_and_a_wrong_name_is_refused_with_all_there_are()
    {
        Assert.Equal([ChaosFault.Kill, ChaosFault.Flip], ChaosFaults.Parse("flip, kill,flip"));
        Assert.Equal(All, ChaosFaults.Parse(null));
        Assert.Equal(
            "--faults has no 'kil'; there are kill, pause, network, database, disk, flip, checkpoint, clock.",
            Assert.Throws<UserError>(() => ChaosFaults.Parse("pause,kil")).Message);
        Assert.StartsWith("--faults names none", Assert.Throws<UserError>(() => ChaosFaults.Parse(",")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_server_s_journal_what_needs_its_file_is_left_out() =>
        Assert.Equal([ChaosFault.Disk, ChaosFault.Flip], All.Where(fault => fault.Hindrance(sharedJournal: true) is not null));

    [Theory]
    [InlineData("3", 4, 12)]
    [InlineData("1.5", 4, 6)]
    [InlineData("1", 4, 6)]
    [InlineData("20s", 4, 20)]
    [InlineData("5s", 4, 6)]
    [InlineData("2m", 4, 120)]
    public void The_period_is_in_recoveries_and_never_less_than_one_and_a_half(string every, double recovery, double period) =>
        Assert.Equal(period, ChaosPeriod.Parse(every).Of(TimeSpan.FromSeconds(recovery)).TotalSeconds, 6);

    [Fact]
    public void A_period_that_was_too_short_is_said_to_be()
    {
        Assert.Equal(
            "It recovers within 4.0 s; a fault 6.0 s after the end of the one before, not 5.0 s: less than 1.5 recoveries would leave it no time to work.",
            ChaosPeriod.Parse("5s").Said(TimeSpan.FromSeconds(4)));
        Assert.Equal("It recovers within 4.0 s; a fault 12 s after the end of the one before.", ChaosPeriod.Parse("3").Said(TimeSpan.FromSeconds(4)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("3x")]
    [InlineData("1e9s")]
    [InlineData("NaN")]
    [InlineData("999999999h")]
    public void What_is_no_period_is_refused(string every) => Assert.StartsWith("--every is ", Assert.Throws<UserError>(() => ChaosPeriod.Parse(every)).Message, StringComparison.Ordinal);
}
