using CsCheck;
using MemCluster.Messages;
using MemCluster.Reporting.Live;

namespace MemCluster.Reporting.Tests;

public sealed class LiveStateTests
{
    private static readonly SweepSpec Spec = Given.Spec("sweep: s\ndata: glyphs\naxes: { noise: [none, label 0.8], capacity: [32, 128] }\nseeds: 3\n");

    /// <summary>A history that can have happened: each trial is assigned, measured, lost or ended, attempt after attempt.</summary>
    private static readonly Gen<IMessage[]> History = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Double[0, 1]).Array[12].Select(trials =>
        trials.SelectMany((story, index) => StoryOf(index + 1, story.Item1, story.Item2, story.Item3)).ToArray());

    [Fact]
    public void The_end_of_a_trial_names_measures_that_failed_and_not_those_that_are_not_defined()
    {
        var spec = Given.Spec("sweep: s\ndata: glyphs\n");
        var outcome = new TrialOutcome(TrialState.Finished, 3, Given.Accuracies(0.5, 0.25), "") { Absent = Absences.None.Add("sharpness", Absence.Nan).Add("gini", Absence.NotDefined) };

        Assert.Equal(
            "trial 1  none  finished after 3 epochs  best .500  last .250  sharpness came out NaN",
            LiveScreen.EndOf(new SweepEvent.TrialFinished(Given.Key(spec, 1), 1, outcome, TimeSpan.Zero, Given.Noon), "none"));
    }

    [Fact]
    public void Words_in_any_order_and_any_number_of_times_give_the_same_view() =>
        Gen.Select(History, Gen.Int[0, int.MaxValue]).Sample((history, seed) =>
        {
            var expected = ViewAfter(history);
            var again = history.Concat(history.Where((_, index) => index % 3 == seed % 3)).ToArray();
            new Random(seed).Shuffle(again);
            Assert.Equal(expected, ViewAfter(again));
        }, iter: 200);

    [Fact]
    public void Counts_and_cells_say_what_happened()
    {
        var state = State();
        state.Apply(Given.Assigned(Spec, 1), Given.Noon);
        state.Apply(Given.Measured(Spec, 1, 1, 23), Given.Noon.AddSeconds(1));
        state.Apply(Given.Assigned(Spec, 4), Given.Noon);
        state.Apply(Given.Finished(Spec, 4, 0.95, 0.90), Given.Noon.AddSeconds(2));
        state.Apply(Given.Finished(Spec, 5, 0.93, 0.80), Given.Noon.AddSeconds(2));
        var view = state.View(Given.Noon.AddSeconds(4));

        Assert.Equal(new TrialCounts(12, 9, 1, 2, 0, 0, 0), view.Counts);
        Assert.Equal(new LiveTrial(1, 1, "local/1", 23, 0.23, 0.115), Assert.Single(view.Running));
        var cell = view.Block!.Cells[0][1];
        Assert.Equal((0.94, 0.85), (cell.Best!.Value, cell.Last!.Value));
        Assert.Equal(1, view.Block.Cells[0][0].Running);
    }

    [Fact]
    public void A_lost_trial_is_pending_again_and_its_next_attempt_begins_at_zero()
    {
        var state = State();
        state.Apply(Given.Assigned(Spec, 1), Given.Noon);
        state.Apply(Given.Measured(Spec, 1, 1, 23), Given.Noon);
        state.Apply(Given.Lost(Spec, 1), Given.Noon);
        Assert.Empty(state.View(Given.Noon).Running);

        state.Apply(Given.Assigned(Spec, 1, attempt: 2), Given.Noon);
        Assert.Equal(new LiveTrial(1, 2, "local/1", 0, null, null), Assert.Single(state.View(Given.Noon).Running));
    }

    [Fact]
    public void The_pace_is_that_of_the_last_seconds()
    {
        var state = State();
        state.Apply(Given.Measured(Spec, 1, 1, 30), Given.Noon.AddSeconds(5));
        Assert.Equal(3, state.View(Given.Noon.AddSeconds(10)).EpochsPerSecond, 6);
        Assert.Equal(0, state.View(Given.Noon.AddSeconds(60)).EpochsPerSecond);
    }

    [Fact]
    public void Time_left_counts_work_rather_than_trials()
    {
        var spec = Given.Spec("sweep: s\nnetwork: sleep 1\ntraining: { epochs: 1 }\nseeds: 10\n");
        var state = new LiveState(spec, [], Given.Noon);
        state.Start(Given.Row(spec, 1, TrialState.Finished));
        Assert.Null(state.View(Given.Noon.AddSeconds(2)).SecondsLeft);
        foreach (var trial in new[] { 2, 3, 4 })
        {
            state.Apply(Given.Finished(spec, trial, 0, 0), Given.Noon.AddSeconds(trial));
        }

        // Three in six seconds, six are left; what was there before is no sign of the pace.
        Assert.Equal(12, state.View(Given.Noon.AddSeconds(6)).SecondsLeft!.Value, 6);
    }

    [Fact]
    public void What_was_there_before_counts_and_a_repeat_of_it_does_not()
    {
        var state = State();
        state.Start(Given.Row(Spec, 1, TrialState.Finished, Given.Accuracies(0.9, 0.8)));
        Assert.False(state.Apply(Given.Finished(Spec, 1, 0.9, 0.8), Given.Noon));
        Assert.True(state.Apply(Given.Finished(Spec, 2, 0.9, 0.8), Given.Noon));
        Assert.Equal(2, state.View(Given.Noon).Counts.Finished);
    }

    [Fact]
    public void The_screen_fits_and_says_it_all_without_colour()
    {
        var spec = Given.Spec(Given.NoiseByCapacity);
        var state = new LiveState(spec, [], Given.Noon);
        for (var trial = 1; trial <= 81; trial++)
        {
            state.Apply(Given.Finished(spec, trial, 0.9, 0.7), Given.Noon.AddSeconds(trial));
        }

        for (var trial = 82; trial <= 100; trial++)
        {
            state.Apply(Given.Assigned(spec, trial), Given.Noon);
            state.Apply(Given.Measured(spec, trial, 1, 23), Given.Noon.AddSeconds(90));
        }

        var lines = LiveScreen.Lines(state.View(Given.Noon.AddSeconds(91)), 40, state.LabelOf, state.EpochsOf);

        Assert.All(lines, line => Assert.True(line.Text.Length <= Line.Width, line.Text));
        Assert.StartsWith("noise-by-capacity  ━━", lines[0].Text);
        Assert.Contains("81/135  60 %  19 running", lines[0].Text);
        Assert.Contains(lines, line => line.Text.Contains(".900 (.700)"));
        Assert.Contains(lines, line => line.Text.Contains('▒'));
        Assert.Contains(lines, line => line.Text.Contains("trial 82") && line.Text.EndsWith("epoch 23/100  train .230  val .115"));
        Assert.Contains(lines, line => line.Text.Contains("… and 11 more running"));
    }

    private static LiveState State() => new(Spec, [], Given.Noon);

    private static string ViewAfter(IEnumerable<IMessage> words)
    {
        var state = State();
        foreach (var word in words)
        {
            state.Apply(word, Given.Noon);
        }

        var view = state.View(Given.Noon);
        // Pace and time left depend on when words come, as they should.
        return string.Join('\n', LiveScreen.Lines(view with { EpochsPerSecond = 0, TrialsPerSecond = 0, SecondsLeft = null }, 40, state.LabelOf, state.EpochsOf));
    }

    private static IEnumerable<IMessage> StoryOf(int trial, int end, int lost, double accuracy)
    {
        for (var attempt = 1; attempt <= lost; attempt++)
        {
            yield return Given.Assigned(Spec, trial, attempt);
            yield return Given.Measured(Spec, trial, 1, attempt + 2, attempt);
            yield return Given.Lost(Spec, trial, attempt);
        }

        if (end == 0)
        {
            yield break;
        }

        yield return Given.Assigned(Spec, trial, lost + 1);
        yield return Given.Measured(Spec, trial, 1, 2, lost + 1);
        yield return Given.Measured(Spec, trial, 3, 7, lost + 1);
        if (end == 1)
        {
            yield break;
        }

        yield return end == 2 ? Given.Finished(Spec, trial, accuracy, accuracy / 3, lost + 1) : Given.Failed(Spec, trial, lost + 1);
    }
}
