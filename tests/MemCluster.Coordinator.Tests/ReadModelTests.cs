using System.Globalization;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Tests;

/// <summary>Events become the rows of sweeps, trials and attempts.</summary>
public sealed class ReadModelTests : RowTests
{
    [Fact]
    public void An_event_that_nobody_thought_of_is_loud()
    {
        using var writer = new ReadModelWriter(File);
        var strange = new CoordinatorEvent.SweepEnded(new("s"), default);

        Assert.Throws<NotSupportedException>(() => writer.Apply(new("sweep-s", 1, strange)));
        Assert.Throws<NotSupportedException>(() => FeedHub.SweepOf(strange));
    }

    [Fact]
    public void An_attempt_that_was_handed_back_and_the_one_that_went_on_from_its_checkpoint_say_so()
    {
        using (var model = new ReadModelWriter(File))
        {
            Written[] told =
            [
                new("sweep-s", 1, Story.InOrder[0]), new("sweep-s", 2, Story.InOrder[1]),
                new("sweep-s", 3, new SweepEvent.TrialLost(Story.Key(1, 1), 1, "it was drained", 3, default, HandedBack: true)),
                new("sweep-s", 4, new SweepEvent.TrialAssigned(Story.Key(1, 2), 1, "lab-2", default)),
                new("metrics-s-0", 1, Outcomes.Measured(Story.Key(1, 2), 1, 1, 3) with { Checkpoint = 3 }),
                new("metrics-s-0", 2, Outcomes.Measured(Story.Key(1, 2), 1, 4, 5)),
            ];
            Array.ForEach(told, model.Apply);
        }

        var reader = new ReadModelReader(File);
        Assert.Equal(
            [("handed back: it was drained", 3, null), ("", 0, 3)],
            reader.Attempts(reader.Sweeps().Single()).Select(row => (row.Ended, row.Epoch, row.Checkpoint)));
    }

    /// <summary>A coordinator that catches up reads one stream after the other, while both grow.</summary>
    [Fact]
    public void What_an_attempt_measured_may_be_read_before_its_begin()
    {
        using (var model = new ReadModelWriter(File))
        {
            Written[] told =
            [
                new("sweep-s", 1, Story.InOrder[0]),
                new("metrics-s-0", 1, Outcomes.Measured(Story.Key(1, 1), 1, 1, 3) with { Checkpoint = 2, Milliseconds = [700, 30, 20] }),
                new("metrics-s-0", 2, Outcomes.Measured(Story.Key(1, 1), 1, 4, 5) with { Milliseconds = [10, 10] }),
                new("sweep-s", 2, Story.InOrder[1]),
            ];
            Array.ForEach(told, model.Apply);
        }

        var reader = new ReadModelReader(File);
        var attempt = Assert.Single(reader.Attempts(reader.Sweeps().Single()));
        Assert.Equal(("lab-1", 0.03, 2), (attempt.Trainer, attempt.LongestEpoch, attempt.Checkpoint));
    }

    [Fact]
    public void Events_become_rows()
    {
        Fold(Story.Told);

        var reader = new ReadModelReader(File);
        var sweep = reader.Find(new("s"))!;
        Assert.Equal(new TrialCounts(4, 1, 1, 1, 0, 1, 0), sweep.Counts);
        Assert.Equal(
            [TrialState.Finished, TrialState.Failed, TrialState.Running, TrialState.Pending], reader.Trials(sweep).Select(row => row.State));
        Assert.Equal([0UL, 1, 2, 3], reader.Trials(sweep).Select(row => row.Seed));
        Assert.Equal(0.5, reader.Trials(sweep).First().Measures[MeasureNames.ValidationAccuracyBest]);
        Assert.Equal(
            ["1 1 lost: lab-1 left 3 ", "1 2 finished 2 6", "2 1 failed: it threw 1 1", "3 1  0 "],
            reader.Attempts(sweep).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Trial} {row.Attempt} {row.Ended} {row.Epoch} {row.Seconds}")));
        Assert.Equal((1, 2L, 6.0), reader.Timings().Select(timing => (timing.Trials, timing.Epochs, timing.Seconds)).Single());
        Assert.Equal(6, reader.MeanSeconds(sweep));
    }

    [Fact]
    public void Cancelled_and_retried_trials_are_rows_and_no_rows()
    {
        // Trial 1 finished, 2 failed, 3 runs, 4 is pending.
        Fold([.. Story.Told, new("sweep-s", Story.Control.Count + 1, new SweepEvent.SweepHeld(new("s"), Holds.Stopped, default)),
            new("sweep-s", Story.Control.Count + 2, new SweepEvent.PrioritySet(new("s"), 4, default))]);
        var reader = new ReadModelReader(File);
        Assert.Equal((Holds.Stopped, 4), (reader.Find(new("s"))!.Hold, reader.Find(new("s"))!.Priority));

        Fold([new("sweep-s", Story.Control.Count + 3, new SweepEvent.SweepCancelled(new("s"), DateTimeOffset.UnixEpoch.AddSeconds(9)))]);
        Assert.Equal(new TrialCounts(4, 0, 0, 1, 0, 1, 2), reader.Find(new("s"))!.Counts);
        Assert.Equal("", reader.Find(new("s"))!.Hold);
        var attempt = Assert.Single(reader.Trial(reader.Find(new("s"))!, 3).Attempts);
        Assert.Equal(("cancelled", 1, DateTimeOffset.UnixEpoch.AddSeconds(9)), (attempt.Ended, attempt.Epoch, attempt.EndedAt));

        Fold([new("sweep-s", Story.Control.Count + 4, new SweepEvent.TrialsRetried(new("s"), true, default))]);
        Assert.Equal(new TrialCounts(4, 1, 0, 1, 0, 0, 2), reader.Find(new("s"))!.Counts);
        Fold([new("sweep-s", Story.Control.Count + 5, new SweepEvent.TrialsRetried(new("s"), false, default))]);
        Assert.Equal(new TrialCounts(4, 3, 0, 1, 0, 0, 0), reader.Find(new("s"))!.Counts);
    }

    [Fact]
    public void Progress_counts_the_ended_trials_of_each_value_of_each_axis()
    {
        var spec = SpecFile.FromCanonical("sweep: s\nnetwork: { kind: sleep }\naxes: { seconds: [0, 1, 2], depth: [1, 2] }\nseeds: 2\n");
        var grid = new Grid(spec);
        SweepEvent Ended(int trial) => new SweepEvent.TrialFinished(new(spec.Name, grid.CellAt(trial - 1), 1), trial, Outcomes.Finished(), default, default);
        using (var model = new ReadModelWriter(File))
        {
            model.Apply(new("sweep-s", 1, new SweepEvent.SweepSubmitted(spec.Name, spec.Canonical, spec.Digest, 1, "v", 12, default)));
            // Grid order: seconds, depth, seed; these are (0, 1), (0, 2) and (2, 2).
            foreach (var (trial, number) in new[] { (1, 2), (3, 3), (12, 4) })
            {
                model.Apply(new("sweep-s", number, Ended(trial)));
            }
        }

        var reader = new ReadModelReader(File);
        Assert.Equal(
            ["seconds 0 2/4", "seconds 1 0/4", "seconds 2 1/4", "depth 1 1/6", "depth 2 2/6"],
            reader.Progress(reader.Find(new("s"))!).SelectMany(axis => axis.Values.Select(value => $"{axis.Axis} {value.Value} {value.Ended}/{value.Trials}")));
    }

    [Fact]
    public void The_control_stream_before_the_measures_gives_the_same_rows()
    {
        Fold(Story.Told);
        var live = Story.Rows(File);
        using var other = new TemporaryHome();

        using (var model = new ReadModelWriter(other.Home.ReadFile))
        {
            foreach (var told in Story.Told.OrderByDescending(told => told.Stream))
            {
                model.Apply(told);
            }
        }

        Assert.Equal(live, Story.Rows(other.Home.ReadFile));
    }
}
