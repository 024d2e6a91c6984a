using MemCluster.Messages;

namespace MemCluster.Cli.Tests;

/// <summary>What the reading verbs say, through the catalogue and the command line.</summary>
public sealed class ReadingVerbTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("noise=label .20")]
    [InlineData("noise!=none")]
    public async Task A_value_is_found_however_it_is_written(string condition)
    {
        using var session = Given(_ => TrialState.Finished);
        Assert.Equal(0, await session.Run("trials", "small", "--where", condition, "width=32", "--home", session.Home));
        Assert.Equal(["5", "6"], Rows(session).Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));
    }

    [Fact]
    public async Task Trials_are_sorted_by_a_column_and_limited_and_those_without_a_value_come_last()
    {
        using var session = Given(trial => trial == 3 ? TrialState.Failed : TrialState.Finished);
        await session.Run("trials", "--sort", "trial", "--limit", "2", "--home", session.Home);
        await session.Run("trials", "--sort", "-validation_accuracy_best", "--home", session.Home);
        Assert.Equal(["8", "7", "1", "2", "4", "5", "6", "7", "8", "3"], Rows(session).Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));
    }

    [Theory]
    [InlineData("stat=failed", "'stat' is no column of small; did you mean 'state'?")]
    [InlineData("state=fialed", "'fialed' is no state of a trial; did you mean 'failed'?")]
    [InlineData("noise=label 1.5", "noise=label 1.5: ")]
    [InlineData("depth=2", "depth is the same in all trials of small, so it is no column")]
    [InlineData("small", "'small' is no condition; write it as COLUMN=VALUE")]
    [InlineData("noise<none", "which is no number")]
    public async Task A_condition_that_makes_no_sense_is_a_sentence(string condition, string sentence)
    {
        using var session = Given(_ => TrialState.Finished);
        Assert.Equal(2, await session.Run("trials", "--where", condition, "--home", session.Home));
        Assert.Contains(sentence, session.Error);
        Assert.Empty(session.Out);
    }

    [Fact]
    public async Task The_story_of_a_trial_is_told_in_plain_words()
    {
        using var session = new Session(new FakeNode
        {
            Story =
            [
                new(5, 1, "node7", Noon, Noon.AddSeconds(70), "lost: node7 left the cluster", 23, null),
                new(5, 2, "node2", Noon.AddSeconds(71), Noon.AddSeconds(90), "handed back: it was drained", 43, null),
                new(5, 3, "node3", Noon.AddSeconds(95), Noon.AddSeconds(180), "finished", 100, 109, Checkpoint: 43),
            ],
        }.Holding(Session.Spec(), _ => TrialState.Finished)).WithHome();

        Assert.Equal(0, await session.Run("trial", "5", "--home", session.Home));

        Assert.Contains("small  trial 5  label 0.2 · 32 · seed 0\n", session.Out);
        Assert.Contains("2026-11-23 12:01:10  lost with node7 at epoch 23: node7 left the cluster\n", session.Out);
        Assert.Contains("2026-11-23 12:01:11  taken up by node2 as attempt 2, again from the beginning\n", session.Out);
        Assert.Contains("2026-11-23 12:01:30  handed back by node2 at epoch 43: it was drained\n", session.Out);
        Assert.Contains("2026-11-23 12:01:35  taken up by node3 as attempt 3, from checkpoint 43\n", session.Out);
        Assert.Contains("finished after 100 epochs (best .900, last .700), 2 min of training\n", session.Out);
        Assert.Equal(2, await session.Run("trial", "small", "9", "--home", session.Home));
        Assert.Contains("'9' is none; they are numbered from 1 to 8.", session.Error);
        Assert.Equal(2, await session.Run("trial", "small", "--home", session.Home));
    }

    [Fact]
    public async Task A_heat_map_shows_the_mean_in_every_cell_and_what_is_missing()
    {
        // Cells in order: 1–2 finished, 3–4 one failed, 5–6 pending, 7–8 one finished and one pending.
        using var session = Given(trial => trial switch { 4 => TrialState.Failed, 5 or 6 or 8 => TrialState.Pending, _ => TrialState.Finished });

        Assert.Equal(0, await session.Run("heat", "--home", session.Home));

        Assert.Contains("small  validation_accuracy_best, mean over seeds, from .900 to .900\n", session.Out);
        Assert.Contains("  noise ╲ capacity       32      128\n", session.Out);
        Assert.Contains("  none                .900     .900✗\n", session.Out);
        Assert.Contains("  label 0.2              ·     .900·\n", session.Out);
        Assert.DoesNotContain('\u001b', session.Out);
        Assert.Equal(2, await session.Run("heat", "--measure", "convergence_epok", "--home", session.Home));
        Assert.Contains("did you mean 'convergence_epoch'?", session.Error);
        Assert.Equal(2, await session.Run("heat", "--regularizer", "none", "--home", session.Home));
    }

    [Fact]
    public async Task Examples_are_shown_by_a_score_as_the_mean_over_trials_or_of_one()
    {
        const string Yaml = "sweep: small\ndata: { name: glyphs, train: 3 }\nmeasures: { learning: every 1 }\nseeds: 2\n";
        TrialArray[] arrays = [.. ((int[])[1, 2]).SelectMany(trial => new[]
        {
            Finding.OfBits(0, ExampleNames.Corrupted, [false, true, trial == 2]),
            Finding.OfSingles(0, ExampleNames.Given, [3, 1, 2]),
            Finding.OfSingles(0, ExampleNames.True, [3, 9, 2]),
            Finding.OfSingles(5, "first_learned", [1, double.PositiveInfinity, 2]),
            Finding.OfSingles(5, "forgetting", [1, 4, trial]),
        }.Select(found => new TrialArray(trial, found)))];
        using var session = new Session(new FakeNode { ArraysOf = trial => arrays.Where(array => trial is null || array.Trial == trial) }
            .Holding(Session.Spec(Yaml), _ => TrialState.Finished)).WithHome();

        Assert.Equal(0, await session.Run("examples", "small", "--top", "forgetting", "--limit", "2", "--home", session.Home));
        Assert.Equal(
            "forgetting, largest of 3 training examples, mean over 2 trials\n"
            + "EXAMPLE  GIVEN  TRUE  CORRUPTED  FORGETTING\n      1      1     9        2/2           4\n      2      2     2        1/2         1.5\n",
            session.Out);
        await session.Run("examples", "--trial", "2", "--top", "first-learned", "--limit", "1", "--home", session.Home);
        Assert.EndsWith("      1      1     9        yes          never\n", session.Out);
        await session.Run("examples", "--json", "--top", "-forgetting", "--limit", "1", "--home", session.Home);
        Assert.EndsWith("{\"example\":0,\"given\":3,\"true\":3,\"corrupted\":0,\"trials\":2,\"name\":\"forgetting\",\"score\":1}\n", session.Out);
    }

    [Fact]
    public async Task Examples_that_trials_draw_are_matched_by_their_place_in_the_file()
    {
        const string Yaml = "sweep: small\ndata: { name: glyphs, train: 2, seed: per-seed }\nmeasures: { el2n: last }\nseeds: 2\n";
        TrialArray[] arrays = [.. ((int[])[1, 2]).SelectMany(trial => new[]
        {
            Finding.OfBits(0, ExampleNames.Drawn, [false, trial == 1, false, false, true, false, trial == 2]),
            Finding.OfBits(0, ExampleNames.Corrupted, [false, false]),
            Finding.OfSingles(0, ExampleNames.Given, trial == 1 ? [1, 4] : [4, 6]), Finding.OfSingles(0, ExampleNames.True, trial == 1 ? [1, 4] : [4, 6]),
            Finding.OfSingles(5, "el2n", trial == 1 ? [1, 2] : [4, 5]),
        }.Select(found => new TrialArray(trial, found)))];
        using var session = new Session(new FakeNode { ArraysOf = trial => arrays.Where(array => trial is null || array.Trial == trial) }
            .Holding(Session.Spec(Yaml), _ => TrialState.Finished)).WithHome();

        Assert.Equal(0, await session.Run("examples", "--home", session.Home));
        Assert.Equal(
            "el2n, largest of 3 training examples, mean over 1 to 2 trials\n"
            + "EXAMPLE  GIVEN  TRUE  CORRUPTED        EL2N\n      6      6     6                      5\n      4      4     4                      3\n      1      1     1                      1\n",
            session.Out);
    }

    [Fact]
    public async Task Examples_are_shown_by_what_trials_say_together_of_those_that_they_left_out()
    {
        const string Yaml = "sweep: small\ndata: { name: glyphs, train: 3 }\nnoise-seed: 0\nmeasures: { held-out: last }\naxes: { noise: [none, label 0.5], prune: [random 0.3] }\nseeds: 3\n";
        TrialArray[] arrays = [.. ((int[])[1, 2, 3, 4, 5, 6]).SelectMany(trial => new[]
        {
            // Each trial leaves another one out; the first example is right where it is in.
            Finding.OfBits(0, ExampleNames.Corrupted, [trial > 3, false, false]),
            Finding.OfBits(0, ExampleNames.Kept, [trial % 3 != 0, trial % 3 != 1, trial % 3 != 2]),
            Finding.OfSingles(0, ExampleNames.Given, [trial > 3 ? 3 : 9, 1, 2]),
            Finding.OfSingles(0, ExampleNames.True, [9, 1, 2]),
            Finding.OfBits(5, ExampleNames.CorrectAll, [trial % 3 != 0, true, trial % 3 == 0]),
        }.Select(found => new TrialArray(trial, found)))];
        using var session = new Session(new FakeNode { ArraysOf = trial => arrays.Where(array => trial is null || array.Trial == trial) }
            .Holding(Session.Spec(Yaml), _ => TrialState.Finished)).WithHome();

        Assert.Equal(0, await session.Run("examples", "--where", "noise=label 0.5", "--home", session.Home));
        Assert.Equal(
            "memorization, largest of 3 training examples, from 3 trials\n"
            + "EXAMPLE  GIVEN  TRUE  CORRUPTED  MEMORIZATION\n      0      3     9        3/3             1\n      2      2     2                      0.5\n      1      1     1                        0\n",
            session.Out);
        await session.Run("examples", "--json", "--top", "-c-score", "--limit", "1", "--where", "noise=none", "--home", session.Home);
        Assert.EndsWith("{\"example\":0,\"given\":9,\"true\":9,\"corrupted\":0,\"trials\":3,\"name\":\"c_score\",\"score\":0}\n", session.Out);
        Assert.Equal(2, await session.Run("examples", "--home", session.Home));
        Assert.Contains("Memorization is of trials that differ in nothing but their seeds; choose one noise with --where \"noise=none\".", session.Error);
        Assert.Equal(2, await session.Run("examples", "--trial", "1", "--home", session.Home));
        Assert.Contains("memorization is a score of many trials together; leave --trial out.", session.Error);
    }

    [Fact]
    public async Task Examples_that_were_not_measured_are_asked_for_in_the_sweep_file()
    {
        using var session = Given(_ => TrialState.Finished);

        Assert.Equal(2, await session.Run("examples", "--home", session.Home));

        Assert.Contains("small measures no single examples. Ask for it in the sweep file, for example: measures: { learning: every 1 }", session.Error);
    }

    [Fact]
    public async Task Nodes_shows_what_each_has_and_why_one_gets_no_work()
    {
        var card = new TrainerCard("lab", 7, 2, 8, 16_000_000_000, "cpu", "avx2", null, []);
        using var session = new Session(new FakeNode
        {
            Trainers = [new("node1", "connected", 2, 1, card), new("node2", "it computes other bits", 2, 0, card with { InstructionSet = "native" })],
        }).WithHome();

        Assert.Equal(0, await session.Run("nodes", "--home", session.Home));

        Assert.Contains("node1  lab    1/2      8   16 GB  cpu     avx2      connected\n", session.Out);
        Assert.Contains("node2 gets no work: it computes other bits\n", session.Out);
    }

    [Fact]
    public async Task A_trial_that_nobody_can_run_shows_its_reason_in_list_status_and_trial()
    {
        const string Why = "no trainer offers label gpu; node2 and node7 offer: avx512";
        using var session = new Session(new FakeNode { Waiting = Why }.Holding(Session.Spec(), _ => TrialState.Pending)).WithHome();

        Assert.Equal(0, await session.Run("list", "--home", session.Home));
        Assert.EndsWith($"small waits: {Why}\n", session.Out);
        Assert.Equal(0, await session.Run("status", "--home", session.Home));
        Assert.EndsWith($"small waits: {Why}\n", session.Out);
        Assert.Equal(0, await session.Run("trial", "small", "3", "--home", session.Home));
        Assert.EndsWith($"Nobody has taken it up yet.\nWaits: {Why}\n", session.Out);
        Assert.Equal(0, await session.Run("list", "--json", "--home", session.Home));
        Assert.Contains($"\"waiting\":\"{Why}\"", session.Out);
    }

    [Fact]
    public async Task Labels_have_a_column_where_a_node_has_any()
    {
        var card = new TrainerCard("lab", 7, 2, 8, 16_000_000_000, "cpu", "avx2", null, []);
        using var session = new Session(new FakeNode
        {
            Trainers = [new("node1", "connected", 2, 1, card), new("node2", "drained", 2, 0, card with { Labels = ["big", "gpu"] })],
        }).WithHome();

        await session.Run("nodes", "--home", session.Home);

        Assert.Contains("NUMERICS  LABELS    STATE\n", session.Out);
        Assert.Contains("avx2      big, gpu  drained\n", session.Out);
    }

    [Fact]
    public async Task The_status_of_one_sweep_shows_how_far_each_axis_is()
    {
        using var session = Given(_ => TrialState.Pending);
        await session.Run("status", "small", "--home", session.Home);
        Assert.Contains("  noise     none 1/4 · label 0.2 1/4\n  capacity  32 1/4 · 128 1/4\n", session.Out);
    }

    [Fact]
    public async Task Tail_tells_what_happens_of_a_sweep_or_of_one_trial()
    {
        TrialKey key = new(new("small"), default, 1);
        using var session = new Session(new FakeNode
        {
            Happens =
            [
                new SweepEvent.TrialAssigned(key, 5, "node2", Noon),
                new TrialMeasured(key, 5, 3, [MeasureNames.TrainAccuracy], [.. BitConverter.GetBytes(0.25), .. BitConverter.GetBytes(0.5)], ["00", "00"], Noon),
                new SweepEvent.TrialFailed(key, 6, "no room", default, Noon),
                new SweepEvent.SweepHeld(new("small"), Holds.Paused, Noon),
            ],
        }.Holding(Session.Spec(), _ => TrialState.Running)).WithHome();

        Assert.Equal(0, await session.Run("tail", "small", "5", "--home", session.Home));
        const string Five = "trial 5  label 0.2 · 32 · seed 0  ";
        Assert.Equal($"{Five}taken up by node2, attempt 1\n{Five}epoch 3  train .250\n{Five}epoch 4  train .500\n", session.Out);
        await session.Run("tail", "small", "--home", session.Home);
        Assert.EndsWith("trial 6  label 0.2 · 32 · seed 1  failed: no room\nsmall is paused: no new trials\n", session.Out);
        Assert.Equal(2, await session.Run("tail", "small", "9", "--home", session.Home));
    }

    [Fact]
    public async Task Watch_follows_what_happens_until_every_trial_has_ended()
    {
        TrialKey key = new(new("small"), default, 1);
        using var session = new Session(new FakeNode
        {
            Happens = [new SweepEvent.TrialFailed(key, 7, "no room", default, Noon), new SweepEvent.SweepCancelled(new("small"), Noon)],
        }.Holding(Session.Spec(), trial => trial < 6 ? TrialState.Finished : TrialState.Pending)).WithHome();

        Assert.Equal(0, await session.Run("watch", "small", "--home", session.Home));

        Assert.Contains("trial 7  label 0.2 · 128 · seed 0  failed: no room\nCancelled: what had not ended does not run.\n", session.Out);
        Assert.EndsWith("small is running: 8 trials: 5 finished, 3 pending.\n", session.Out);
    }

    [Fact]
    public async Task Watching_what_is_over_says_so_and_whether_something_failed()
    {
        using var session = Given(trial => trial == 3 ? TrialState.Failed : TrialState.Finished);
        Assert.Equal(1, await session.Run("watch", "--home", session.Home));
        Assert.Equal("small is finished: 8 trials: 7 finished, 1 failed.\n", session.Out);
    }

    [Fact]
    public async Task A_submission_is_json_on_request()
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("submit", session.File(), "--json", "--at", "node1:8080"));
        var reply = System.Text.Json.JsonSerializer.Deserialize<SubmitReply>(session.Out, MessageJson.Options)!;
        Assert.Equal(8, reply.Counts.Trials);
    }

    [Theory]
    [InlineData("trials")]
    [InlineData("trial", "3")]
    [InlineData("heat")]
    [InlineData("nodes")]
    [InlineData("status", "small")]
    [InlineData("watch", "small")]
    public async Task Every_verb_prints_json_on_request(params string[] verb)
    {
        using var session = Given(_ => TrialState.Finished);
        Assert.Equal(0, await session.Run([.. verb, "--json", "--home", session.Home]));
        using var _ = System.Text.Json.JsonDocument.Parse(session.Out.Split('\n')[0]);
    }

    private static Session Given(Func<int, TrialState> state) => new Session(new FakeNode().Holding(Session.Spec(), state)).WithHome();

    private static IEnumerable<string> Rows(Session session) => session.Out.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("TRIAL", StringComparison.Ordinal));
}
