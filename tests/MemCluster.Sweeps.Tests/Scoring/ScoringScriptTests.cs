using System.Collections.Immutable;
using CsCheck;
using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

/// <summary>Sweeps whose trials wait for scores of others, played in memory with trainers that finish, fail, diverge and vanish, and operators who cancel and retry.</summary>
public sealed class ScoringScriptTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly Grid Grid = new(With("axes: {prune: [none, el2n highest 0.1, el2n lowest 0.1 runs=2, aum lowest 0.2]}", "seeds: 2"));

    private static readonly SweepShape Shape = SweepShape.Of(Grid);

    private static readonly Gen<(int Move, int Which)[]> Scripts = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 99]).Array[0, 120];

    [Fact]
    public void Nothing_is_handed_out_before_its_scores_are_there_and_everything_ends_once() => Scripts.Sample(steps =>
    {
        var play = new Play();
        foreach (var (move, which) in steps)
        {
            play.Take(move, which);
        }

        play.Drain();

        var sweep = play.Sweep;
        Assert.True(sweep.IsOver);
        Assert.Equal(Grid.Count, sweep.Counts().Ended);
        Assert.Equal(Grid.ScoringCount, sweep.Counts().Scores!.Ended);
        for (var place = 0; place < Grid.Count; place++)
        {
            // A trial without its scores has no result; one with them was not held back.
            var states = Grid.ScoresOf(place).Select(sweep.StateOf).ToArray();
            if (sweep.Trials[place] is TrialState.Finished or TrialState.Diverged)
            {
                Assert.All(states, state => Assert.Equal(TrialState.Finished, state));
            }
        }

        Assert.Equal(Describe(sweep), Describe(play.Replayed));
    });

    [Fact]
    public void A_trial_whose_scores_fail_fails_with_that_reason_and_can_be_retried()
    {
        var play = new Play();
        play.AssignAll();
        var score = Grid.ScoresOf(2)[0];

        play.Say(new SweepCommand.ReportFailed(play.KeyAt(score), "it threw", TimeSpan.Zero));

        var failed = play.Events.OfType<SweepEvent.TrialFailed>().ToArray();
        Assert.Equal([score, .. Grid.PrunedBy(score)], failed.Select(happened => happened.Trial - 1));
        Assert.All(failed.Skip(1), happened => Assert.Equal($"trial {score + 1}, which computes its scores, failed", happened.Error));

        play.Say(new SweepCommand.Control.RetryTrials(OnlyFailed: true));
        play.Drain();

        Assert.Equal(Grid.Count, play.Sweep.Trials.CountOf(TrialState.Finished));
        Assert.Equal(2, play.Events.OfType<SweepEvent.TrialFinished>().Single(happened => happened.Trial == 3).Key.Attempt);
    }

    [Fact]
    public void A_trial_whose_scores_diverged_fails_again_when_it_is_retried_for_they_would_diverge_again()
    {
        var play = new Play();
        play.AssignAll();
        var score = Grid.ScoresOf(2)[0];
        play.Say(new SweepCommand.ReportFinished(play.KeyAt(score), Outcome(TrialState.Diverged), TimeSpan.Zero));

        play.Say(new SweepCommand.Control.RetryTrials());
        play.Drain();

        Assert.Equal(TrialState.Failed, play.Sweep.Trials[2]);
        Assert.Equal(2, play.Events.OfType<SweepEvent.TrialFailed>().Count(happened => happened.Trial == 3));
        Assert.EndsWith("diverged", play.Events.OfType<SweepEvent.TrialFailed>().Last(happened => happened.Trial == 3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scoring_trials_go_out_first_and_what_they_release_goes_out_in_grid_order()
    {
        var play = new Play();

        Assert.Equal(Grid.ScoringCount + 2, play.Sweep.Counts().Ready);
        Assert.Equal(Grid.Count - 2, play.Sweep.Counts().Waiting);
        Assert.Equal([.. Enumerable.Range(Grid.Count, Grid.ScoringCount), 0, 1], play.Sweep.PendingPlaces("", []));
        play.AssignAll();
        play.Say(new SweepCommand.ReportFinished(play.KeyAt(Grid.ScoresOf(2)[0]), Outcome(TrialState.Finished), TimeSpan.Zero));
        Assert.Equal([2], play.Sweep.PendingPlaces("", []));
    }

    private static TrialOutcome Outcome(TrialState state) => new(state, 3, ImmutableSortedDictionary<string, double>.Empty, "");

    private static string Describe(SweepState sweep) =>
        $"{SweepScript.Describe(sweep)}\n{string.Concat(Enumerable.Range(0, sweep.Scores.Count).Select(score => (int)sweep.Scores[score]))}";

    private sealed class Play
    {
        private readonly SweepEvent.SweepSubmitted _submitted = new(new("s"), "", "", 1, "v", Grid.Count, Noon);
        private readonly List<TrialKey> _past = [];

        public Play() => Sweep = SweepState.Begin(_submitted, Shape);

        public SweepState Sweep { get; private set; }

        public List<SweepEvent> Events { get; } = [];

        public SweepState Replayed => Events.Aggregate(SweepState.Begin(_submitted, Shape), (state, happened) => state.Apply(happened));

        public TrialKey KeyAt(int place) => Sweep.Running[Grid.CellAt(place)].Key;

        public void AssignAll() => Say(new SweepCommand.AssignTrials("t", 1000, NumericsSettings.Avx2, "print"));

        public void Take(int move, int which)
        {
            TrialKey? held = Sweep.Running.IsEmpty ? null : Sweep.Running.Values.OrderBy(trial => trial.Place).ElementAt(which % Sweep.Running.Count).Key;
            switch (move)
            {
                case <= 3:
                    Say(new SweepCommand.AssignTrials("t", 1 + (which % 4), NumericsSettings.Avx2, "print"));
                    break;
                case <= 6 when held is { } key:
                    Say(new SweepCommand.ReportFinished(key, Outcome(TrialState.Finished), TimeSpan.Zero));
                    break;
                case 7 when held is { } key:
                    Say(new SweepCommand.ReportFinished(key, Outcome(TrialState.Diverged), TimeSpan.Zero));
                    break;
                case 8 when held is { } key:
                    Say(new SweepCommand.ReportFailed(key, "it threw", TimeSpan.Zero));
                    break;
                case 9 when held is { } key:
                    Say(new SweepCommand.ReleaseTrial(key, "lost", which));
                    break;
                case 10:
                    Say(which % 5 == 0 && !Sweep.IsOver ? new SweepCommand.Control.CancelSweep() : new SweepCommand.Control.RetryTrials(which % 2 == 0));
                    break;
                case 11 when _past.Count > 0:
                    var events = Events.Count;
                    Assert.IsType<SweepReply.Stale>(Say(new SweepCommand.ReportFinished(_past[which % _past.Count], Outcome(TrialState.Finished), TimeSpan.Zero)));
                    Assert.Equal(events, Events.Count);
                    break;
                case 12:
                    var restored = SweepScript.FromSnapshot(Sweep, Shape);
                    Assert.Equal(Describe(Sweep), Describe(restored));
                    Sweep = restored;
                    break;
            }
        }

        public void Drain()
        {
            for (var rounds = 0; !Sweep.IsOver; rounds++)
            {
                Assert.True(rounds < 10 * (Grid.Count + Grid.ScoringCount), "The sweep does not come to its end.");
                AssignAll();
                foreach (var trial in Sweep.Running.Values.ToArray())
                {
                    Say(new SweepCommand.ReportFinished(trial.Key, Outcome(TrialState.Finished), TimeSpan.Zero));
                }
            }
        }

        public SweepReply Say(SweepCommand command)
        {
            var decision = SweepDecider.Decide(Sweep, command, Noon);
            foreach (var happened in decision.Events)
            {
                if (happened is SweepEvent.TrialAssigned assigned)
                {
                    Assert.All(Grid.ScoresOf(assigned.Trial - 1), score => Assert.Equal(TrialState.Finished, Sweep.StateOf(score)));
                    Assert.Equal(TrialState.Pending, Sweep.StateOf(assigned.Trial - 1));
                }

                if (happened is SweepEvent.TrialFinished or SweepEvent.TrialFailed)
                {
                    var (key, trial) = happened is SweepEvent.TrialFinished finished ? (finished.Key, finished.Trial) : (((SweepEvent.TrialFailed)happened).Key, ((SweepEvent.TrialFailed)happened).Trial);
                    Assert.Contains(Sweep.StateOf(trial - 1), new[] { TrialState.Running, TrialState.Waiting, TrialState.Pending });
                    Assert.DoesNotContain(key, _past);
                    _past.Add(key);
                }

                Events.Add(happened);
                Sweep = Sweep.Apply(happened);
            }

            return decision.Reply;
        }
    }
}
