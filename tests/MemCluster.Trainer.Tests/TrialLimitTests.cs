using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemCluster.Trainer.Tests;

/// <summary>What a trial may take in time, on a floor of one slot whose threads don't notice that they are told to stop until the test lets them.</summary>
public sealed class TrialLimitTests
{
    private readonly HandClock _clock = new();
    private readonly ScriptedTraining _training = new() { Ignores = true };
    private readonly TrainingFloor _floor;

    public TrialLimitTests() => _floor = new(1, _training, _clock, NullLoggerFactory.Instance);

    [Fact]
    public void One_that_takes_longer_than_it_may_has_failed_and_keeps_its_slot_until_its_thread_ends()
    {
        Take(1, new(Time: TimeSpan.FromMinutes(3)));
        _floor.Take([Trials.Assignment(2)]);
        Pass(seconds: 175);
        Assert.Null(End(1));

        Pass(seconds: 10);

        var failed = Assert.IsType<TrainingEnd.Failed>(End(1));
        Assert.Equal((FaultKind.Overtime, "it took longer than the 3m that a trial of this sweep may take"), (failed.Fault, failed.Error));
        _floor.Drop(Trials.Key(1), ended: true);
        Assert.Equal((1, 0), (_floor.Threads, _floor.View.Room));
        Assert.Equal([1], _training.Running);

        _training.Finish(1);
        Until(() => _training.Running.SequenceEqual([2]));
        Assert.Equal((1, 1), (_floor.Threads, _floor.View.Room));
        _training.Finish(2);
    }

    [Fact]
    public void What_the_thread_says_after_the_end_changes_nothing()
    {
        Take(1, new(Time: TimeSpan.FromSeconds(5)));
        Pass(seconds: 9);
        var end = End(1);
        Assert.NotNull(end);

        _training.Finish(1);
        Until(() => _floor.Threads == 0);

        Assert.Same(end, End(1));
    }

    [Fact]
    public void Without_an_epoch_for_longer_than_one_may_take_it_is_stalled_and_every_epoch_begins_that_time_anew()
    {
        Take(1, new(Idle: TimeSpan.FromSeconds(20)));
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            Pass(seconds: 15);
            _training.Epoch(1, epoch);
            Until(() => _floor.Find(Trials.Key(1))!.Ledger.MeasuredEpoch == epoch);
        }

        Assert.Null(End(1));
        Pass(seconds: 25);

        var failed = Assert.IsType<TrainingEnd.Failed>(End(1));
        Assert.Equal(FaultKind.Stalled, failed.Fault);
        Assert.StartsWith("no epoch ended in 25 s; in this sweep one may take 20s", failed.Error, StringComparison.Ordinal);
        _training.Finish(1);
    }

    [Fact]
    public void What_it_waits_for_its_coordinator_is_not_its_own_time()
    {
        Take(1, new(Time: TimeSpan.FromSeconds(20), Idle: TimeSpan.FromSeconds(20)));
        for (var epoch = 1; epoch <= TrialInHand.MostUnwritten + 1; epoch++)
        {
            _training.Epoch(1, epoch);
        }

        Until(() => _floor.Find(Trials.Key(1))!.Ledger.Unwritten.Count == TrialInHand.MostUnwritten);
        Thread.Sleep(50); // Until its thread waits; if it does not yet, less is tested.
        Pass(seconds: 100);
        Assert.Null(End(1));

        _floor.Find(Trials.Key(1))!.Written(TrialInHand.MostUnwritten);
        Until(() => _floor.Find(Trials.Key(1))!.Ledger.MeasuredEpoch == TrialInHand.MostUnwritten + 1);
        Pass(seconds: 15);
        Assert.Null(End(1));
        Pass(seconds: 10);
        Assert.IsType<TrainingEnd.Failed>(End(1));
        _training.Finish(1);
    }

    [Fact]
    public void A_process_that_was_stopped_itself_blames_no_trial()
    {
        Take(1, new(Time: TimeSpan.FromSeconds(20)));
        _clock.Advance(TimeSpan.FromHours(1));
        _floor.Look();
        Assert.Null(End(1));

        Pass(seconds: 25);
        Assert.NotNull(End(1));
        _training.Finish(1);
    }

    private void Take(int trial, TrialLimits limits)
    {
        _floor.Take([Trials.Assignment(trial) with { Limits = limits }]);
        Until(() => _training.Running.SequenceEqual([trial]));
    }

    private void Pass(int seconds)
    {
        for (var left = seconds; left > 0; left -= 5)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            _floor.Look();
        }
    }

    private TrainingEnd? End(int trial) => _floor.Find(Trials.Key(trial))!.End;

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)), "It never came.");
}
