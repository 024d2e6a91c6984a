using System.Runtime.InteropServices;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Tests;

namespace MemCluster.Trainer.Tests;

public sealed class TrialInHandTests : IDisposable
{
    /// <summary>On a busy machine things take many times longer than on an idle one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HandClock _clock = new();
    private readonly TrialInHand _trial;

    public TrialInHandTests() => _trial = new(Trials.Assignment(1), _clock);

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void Nothing_is_said_while_there_is_nothing_to_say() => Assert.Null(Next());

    [Fact]
    public void Nothing_is_said_twice_while_its_answer_is_awaited()
    {
        _trial.Measured(Trials.Epoch(1));
        Assert.Equal((1, 1), Range(Next()));
        _trial.Measured(Trials.Epoch(2));

        Assert.Null(Next());
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Null(Next());
    }

    [Fact]
    public void What_is_not_answered_is_said_again_with_what_came_since()
    {
        _trial.Measured(Trials.Epoch(1));
        Next();
        _trial.Measured(Trials.Epoch(2));
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal((1, 2), Range(Next()));
    }

    [Fact]
    public void To_another_coordinator_it_is_said_again_at_once()
    {
        _trial.Measured(Trials.Epoch(1));
        Next();

        _trial.SayAgain();

        Assert.Equal((1, 1), Range(Next()));
    }

    [Fact]
    public void After_an_answer_it_goes_on_behind_what_is_on_disk()
    {
        foreach (var epoch in Enumerable.Range(1, 3))
        {
            _trial.Measured(Trials.Epoch(epoch));
        }

        Next();
        _trial.Written(2);

        Assert.Equal((3, 3), Range(Next()));
        Assert.Equal(2, _trial.Ledger.WrittenEpoch);
    }

    [Fact]
    public void Findings_go_before_the_epochs_they_were_told_with_in_parts_that_fit_a_frame_and_count_on()
    {
        var large = new Finding(1, "loss", FindingForms.Singles, new byte[100_000]);
        _trial.Measured(Trials.Epoch(1) with { Findings = [Finding.OfNumber(0, "sharpness", 0.5), large] });

        var first = Found();
        Assert.Equal((1, 1), (first.FirstPart, first.LastPart));
        _trial.FindingsWritten(1);
        var parts = new List<FindingPart>(first.Parts);
        for (var next = 2; next <= 4; next++)
        {
            var batch = Found();
            Assert.Equal(next, batch.FirstPart);
            Assert.InRange(batch.Parts.Sum(part => part.Values.Length), 1, FindingPart.MostBytes);
            parts.AddRange(batch.Parts);
            Assert.Null(Next());
            _trial.FindingsWritten(batch.LastPart);
            _trial.FindingsWritten(batch.LastPart); // An answer may come twice.
        }

        Assert.Equal([0, 49_152, 98_304], parts.Skip(1).Select(part => part.From));
        Assert.Equal(100_000, parts.Skip(1).Sum(part => part.Values.Length));
        Assert.Equal((1, 1), Range(Next()));

        TrialFound Found() => Assert.IsType<TrainerWord.ReportFindings>(Next()).Batch;
    }

    [Fact]
    public void A_batch_tells_how_long_each_epoch_took_on_the_training_thread_whenever_it_is_packed()
    {
        _clock.Advance(TimeSpan.FromSeconds(5)); // It waited for a slot.
        _trial.Begun();
        _clock.Advance(TimeSpan.FromMilliseconds(700));
        _trial.Measured(Trials.Epoch(1));
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        _trial.Measured(Trials.Epoch(2));
        _clock.Advance(TimeSpan.FromSeconds(60)); // Nobody could be told.

        Assert.Equal([700, 200], Assert.IsType<TrainerWord.ReportMeasures>(Next()).Batch.Milliseconds);
    }

    [Fact]
    public void An_answer_that_comes_twice_does_not_make_the_next_word_go_out_twice()
    {
        _trial.Measured(Trials.Epoch(1));
        Next();
        _trial.Measured(Trials.Epoch(2));
        _trial.Written(1);
        Assert.Equal((2, 2), Range(Next()));

        _trial.Written(1);

        Assert.Null(Next());
    }

    [Fact]
    public void The_end_is_told_only_when_every_epoch_is_written()
    {
        _trial.Measured(Trials.Epoch(1));
        _trial.Measured(Trials.Epoch(2));
        _trial.Ended(new TrainingEnd.Finished(Trials.Outcome(2), TimeSpan.FromSeconds(5)));

        Assert.IsType<TrainerWord.ReportMeasures>(Next());
        _trial.Written(1);
        Assert.IsType<TrainerWord.ReportMeasures>(Next());
        _trial.Written(2);
        var end = Assert.IsType<TrainerWord.ReportEnd>(Next());

        Assert.Equal((Trials.Key(1), null, TimeSpan.FromSeconds(5)), (end.Key, end.Error, end.Spent));
        Assert.Equal(2, end.Outcome!.Epochs);
        Assert.Null(Next());
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.IsType<TrainerWord.ReportEnd>(Next());
    }

    [Fact]
    public void A_failure_is_told_with_its_reason_and_no_outcome()
    {
        _trial.Ended(new TrainingEnd.Failed("it threw", TimeSpan.FromSeconds(5)));

        var end = Assert.IsType<TrainerWord.ReportEnd>(Next());

        Assert.Equal((null, "it threw"), (end.Outcome, end.Error));
    }

    [Fact]
    public void What_the_machine_lacks_is_no_end_of_the_trial()
    {
        _trial.Ended(new TrainingEnd.Unable("mnist is not here"));

        Assert.Equal("mnist is not here", Assert.IsType<TrainerWord.ReportUnable>(Next()).Why);
    }

    [Fact]
    public void Of_a_trial_that_was_stopped_nothing_is_told()
    {
        _trial.Ended(new TrainingEnd.Stopped());

        Assert.Null(Next());
    }

    [Fact]
    public void A_batch_holds_the_numbers_as_they_were_measured()
    {
        _trial.Measured(Trials.Epoch(1));
        _trial.Measured(Trials.Epoch(2));

        var batch = Assert.IsType<TrainerWord.ReportMeasures>(Next()).Batch;

        Assert.Equal(
            Trials.Epoch(1).Values.Concat(Trials.Epoch(2).Values), MemoryMarshal.Cast<byte, double>(batch.Values).ToArray());
        Assert.Equal(MeasureNames.Epoch, batch.Measures);
        Assert.Equal([Trials.Epoch(1).Weights, Trials.Epoch(2).Weights], batch.Weights);
        Assert.Equal((Trials.Key(1), 1), (batch.Key, batch.Trial));
    }

    [Fact]
    public void Many_epochs_go_in_batches_that_fit_into_a_frame_and_leave_none_out()
    {
        foreach (var epoch in Enumerable.Range(1, 1000))
        {
            _trial.Measured(Trials.Epoch(epoch));
        }

        var told = 0;
        for (var word = Next(); word is not null; word = Next())
        {
            var batch = Assert.IsType<TrainerWord.ReportMeasures>(word).Batch;
            Assert.Equal(told + 1, batch.FirstEpoch);
            Assert.InRange(batch.Values.Length, 1, 48 * 1024);
            told = batch.LastEpoch;
            _trial.Written(told);
        }

        Assert.Equal(1000, told);
    }

    [Fact]
    public void Training_waits_while_too_much_is_unwritten_and_goes_on_when_it_is_written()
    {
        foreach (var epoch in Enumerable.Range(1, 1024))
        {
            _trial.Measured(Trials.Epoch(epoch));
        }

        var training = new Thread(() => _trial.Measured(Trials.Epoch(1025)));
        training.Start();
        Assert.True(SpinWait.SpinUntil(() => training.ThreadState is ThreadState.WaitSleepJoin or ThreadState.Stopped, Patience));
        Assert.Equal(1024, _trial.Ledger.MeasuredEpoch);
        _trial.Written(1);

        Assert.True(training.Join(Patience));
        Assert.Equal(1025, _trial.Ledger.MeasuredEpoch);
    }

    [Fact]
    public async Task A_waiting_training_thread_can_be_stopped()
    {
        foreach (var epoch in Enumerable.Range(1, 1024))
        {
            _trial.Measured(Trials.Epoch(epoch));
        }

        var waits = Task.Run(() => _trial.Measured(Trials.Epoch(1025)));
        _trial.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WaitAsync(Patience));
    }

    private TrainerWord? Next() => _trial.NextWord("lab-1", Guid.Empty);

    private static (int First, int Last) Range(TrainerWord? word)
    {
        var batch = Assert.IsType<TrainerWord.ReportMeasures>(word).Batch;
        return (batch.FirstEpoch, batch.LastEpoch);
    }
}
