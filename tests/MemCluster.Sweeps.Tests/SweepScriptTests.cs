using CsCheck;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

/// <summary>The one promise of a sweep, whatever happens: every trial ends exactly once. That late words change nothing is checked as scripts are played.</summary>
public sealed class SweepScriptTests
{
    [Fact]
    public void Every_trial_ends_exactly_once_whatever_trainers_do() => SweepScript.Scripts.Sample(drawn =>
    {
        var script = SweepScript.Play(drawn.Trials, drawn.Tensors, drawn.Steps);

        script.Drain();

        var ends = script.Events.Select(EndedTrial).Where(trial => trial > 0).Order().ToArray();
        Assert.Equal(Enumerable.Range(1, drawn.Trials), ends);
        Assert.Equal(0, script.Live.Trials.CountOf(TrialState.Pending));
        Assert.Equal(0, script.Live.Trials.CountOf(TrialState.Running));
        Assert.Equal(drawn.Trials, script.Live.Trials.Counts().Ended);
        Assert.Empty(script.Live.Running);
        Assert.Empty(script.Live.Lost);
    });

    [Fact]
    public void Attempts_of_a_trial_count_up_without_gaps_and_only_the_last_one_ends_it() => SweepScript.Scripts.Sample(drawn =>
    {
        var script = SweepScript.Play(drawn.Trials, drawn.Tensors, drawn.Steps);
        script.Drain();

        foreach (var trial in script.Events.Where(happened => PlaceOf(happened) > 0).GroupBy(PlaceOf))
        {
            var story = trial.ToArray();
            for (var index = 0; index < story.Length; index++)
            {
                // Assigned 1, lost 1, assigned 2, lost 2, …, assigned n, ended n.
                Assert.Equal((index / 2) + 1, KeyOf(story[index]).Attempt);
                Assert.Equal(new CellId(0xce11, (ulong)trial.Key - 1), KeyOf(story[index]).Cell);
                Assert.Equal(index % 2 == 0, story[index] is SweepEvent.TrialAssigned);
                Assert.Equal(index == story.Length - 1, EndedTrial(story[index]) > 0);
            }
        }
    });

    [Fact]
    public void What_the_events_tell_is_what_the_sweep_is() => SweepScript.Scripts.Sample(drawn =>
    {
        var script = SweepScript.Play(drawn.Trials, drawn.Tensors, drawn.Steps);

        Assert.Equal(SweepScript.Describe(script.Replayed), SweepScript.Describe(script.Live));
    });

    [Fact]
    public void A_snapshot_and_the_events_after_it_tell_the_same_as_all_events() => Gen.Select(SweepScript.Scripts, Gen.Int[0, 1000]).Sample((drawn, cut) =>
    {
        var script = SweepScript.Play(drawn.Trials, drawn.Tensors, drawn.Steps);
        var after = cut % (script.Events.Count + 1);
        var begin = SweepState.Begin(script.Submitted, script.Live.Shape);
        var state = SweepScript.FromSnapshot(script.Events.Take(after).Aggregate(begin, (sweep, happened) => sweep.Apply(happened)), begin.Shape);

        state = script.Events.Skip(after).Aggregate(state, (sweep, happened) => sweep.Apply(happened));

        Assert.Equal(SweepScript.Describe(script.Replayed), SweepScript.Describe(state));
    });

    [Fact]
    public void The_fingerprint_is_settled_once_before_the_first_assignment_and_only_where_there_is_arithmetic() => SweepScript.Scripts.Sample(drawn =>
    {
        var script = SweepScript.Play(drawn.Trials, drawn.Tensors, drawn.Steps);

        var settled = script.Events.OfType<SweepEvent.FingerprintSettled>().ToArray();
        Assert.Equal(drawn.Tensors && script.Events.Count > 0 ? 1 : 0, settled.Length);
        Assert.True(settled.Length == 0 || script.Events[0] == settled[0]);
    });

    private static TrialKey KeyOf(SweepEvent happened) => happened switch
    {
        SweepEvent.TrialAssigned assigned => assigned.Key,
        SweepEvent.TrialLost lost => lost.Key,
        SweepEvent.TrialFinished finished => finished.Key,
        SweepEvent.TrialFailed failed => failed.Key,
        _ => default,
    };

    private static int PlaceOf(SweepEvent happened) => happened switch
    {
        SweepEvent.TrialAssigned assigned => assigned.Trial,
        SweepEvent.TrialLost lost => lost.Trial,
        _ => EndedTrial(happened),
    };

    private static int EndedTrial(SweepEvent happened) => happened switch
    {
        SweepEvent.TrialFinished finished => finished.Trial,
        SweepEvent.TrialFailed failed => failed.Trial,
        _ => 0,
    };
}
