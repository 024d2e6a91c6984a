using MemCluster.Messages;

namespace MemCluster.Trainer.Tests;

/// <summary>When a worker process is given up, by what it takes of the machine.</summary>
public sealed class WorkerPatienceTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void Too_much_memory_is_told_with_how_much_and_what_to_change()
    {
        var patience = new WorkerPatience(new(MemoryBytes: 512 * MiB));
        Assert.Null(patience.Judge(TimeSpan.Zero, new(512 * MiB, TimeSpan.Zero), false));

        var fault = patience.Judge(TimeSpan.FromSeconds(1), new(700 * MiB, TimeSpan.Zero), false)!;

        Assert.Equal(FaultKind.Overweight, fault.Kind);
        Assert.Equal(
            "its process took 700 MiB, and a trial of this sweep may take 512 MiB: raise limits.memory, or lower what takes it (network, batch, examples, measures)",
            fault.Message);
    }

    [Fact]
    public void No_epoch_and_no_computing_for_five_minutes_hangs()
    {
        var fault = FirstFault(new(null), second => new(MiB, TimeSpan.FromSeconds(7 + second * 0.005)), _ => false, seconds: 1000);

        Assert.Equal(FaultKind.Stalled, fault!.Value.Fault.Kind);
        Assert.InRange(fault.Value.Second, 300, 302);
        Assert.Contains("for 5 minutes it neither ended an epoch nor computed anything", fault.Value.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_epoch_computes_and_may_go_on() =>
        Assert.Null(FirstFault(new(null), second => new(MiB, TimeSpan.FromSeconds(second * 0.05)), _ => false, seconds: 5000));

    [Fact]
    public void Epochs_and_waiting_for_answers_are_signs_of_life() =>
        Assert.Null(FirstFault(new(null), _ => new(MiB, TimeSpan.Zero), second => second % 250 == 0, seconds: 5000));

    [Fact]
    public void A_sweep_that_says_how_long_an_epoch_may_take_is_asked_alone() =>
        Assert.Null(FirstFault(new(new(Idle: TimeSpan.FromHours(1))), _ => new(MiB, TimeSpan.Zero), _ => false, seconds: 3000));

    [Fact]
    public void A_trainer_that_was_stopped_itself_blames_nobody()
    {
        var patience = new WorkerPatience(null);
        Assert.Null(patience.Judge(TimeSpan.FromSeconds(1), new(MiB, TimeSpan.Zero), false));

        Assert.Null(patience.Judge(TimeSpan.FromHours(1), new(MiB, TimeSpan.Zero), false));
        Assert.Null(patience.Judge(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1), new(MiB, TimeSpan.Zero), false));
    }

    [Fact]
    public void A_process_is_looked_at_in_what_linux_tells_of_it_whatever_its_name()
    {
        var look = ProcessLook.Of("1000 250 30 1 0 40 0\n", "42 (a) b (c) R 1 2 3 4 5 6 7 8 9 10 150 75 0 0 20 0 9 0 123 456 250\n", 4096);

        Assert.Equal(new ProcessLook(250 * 4096, TimeSpan.FromSeconds(2.25)), look);
        Assert.InRange(ProcessLook.At(Environment.ProcessId)!.Value.Memory, MiB, 1L << 40);
        Assert.Null(ProcessLook.At(int.MaxValue));
    }

    private static (TrialFault Fault, double Second)? FirstFault(WorkerPatience patience, Func<double, ProcessLook> look, Func<double, bool> moved, int seconds)
    {
        for (var second = 0.0; second < seconds; second += 0.5)
        {
            if (patience.Judge(TimeSpan.FromSeconds(second), look(second), moved(second)) is { } fault)
            {
                return (fault, second);
            }
        }

        return null;
    }
}
