using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class SleepTests
{
    private static TrialSettings Sleep(double seconds, int epochs) => new()
    {
        Network = new() { Kind = NetworkSettings.Sleep, Seconds = seconds },
        Training = new() { Epochs = epochs },
    };

    private static TrialKeeping Keeping(Action<EpochMeasures> report, TrialCourse? course = null) => new(course ?? TrialCourse.Whole, TimeProvider.System, report);

    [Fact]
    public void A_sleep_goes_on_where_it_was_stopped_and_tells_the_epochs_before_again()
    {
        TrialMemory? kept = null;
        var first = new TrialCourse(null, take =>
        {
            kept = take();
            if (kept!.Epoch == 3)
            {
                throw new OperationCanceledException();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => SleepWorkload.Run(Sleep(6, 4), _ => { }, Keeping(_ => { }, first), default));

        var waits = new List<TimeSpan>();
        var epochs = new List<EpochMeasures>();
        var outcome = SleepWorkload.Run(Sleep(6, 4), waits.Add, Keeping(epochs.Add, new(kept)), default);

        Assert.Equal([TimeSpan.FromSeconds(1.5)], waits);
        Assert.Equal([1, 2, 3, 4], epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(4, outcome.Epochs);
    }

    [Fact]
    public void A_sleep_shares_its_time_evenly_among_its_epochs_and_measures_nothing()
    {
        var waits = new List<TimeSpan>();
        var epochs = new List<EpochMeasures>();
        var outcome = SleepWorkload.Run(Sleep(6, 4), waits.Add, Keeping(epochs.Add), default);
        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(1.5), 4), waits);
        Assert.Equal([1, 2, 3, 4], epochs.Select(epoch => epoch.Epoch));
        Assert.All(epochs, epoch => Assert.Equal(MeasureNames.Epoch.Length, epoch.Values.Count(double.IsNaN)));
        Assert.Equal((TrialState.Finished, 4, ""), (outcome.State, outcome.Epochs, outcome.Weights));
        Assert.Empty(outcome.Measures);
    }

    [Fact]
    public void A_sleep_of_no_time_never_waits() =>
        Assert.Equal(3, SleepWorkload.Run(Sleep(0, 3), _ => Assert.Fail("It waited."), Keeping(_ => { }), default).Epochs);

    [Fact]
    public void A_sleep_ends_at_once_when_stopped()
    {
        using var stop = new CancellationTokenSource(50);
        var asked = System.Diagnostics.Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => TrialRun.Run(Sleep(60, 1), Trials.Data, _ => { }, TimeProvider.System, stop.Token));
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(30));
    }
}
