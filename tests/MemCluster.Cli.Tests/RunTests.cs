using System.Diagnostics;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using Spectre.Console.Testing;

namespace MemCluster.Cli.Tests;

public sealed class RunTests
{
    [Fact]
    public async Task A_sweep_runs_to_its_table_and_exits_0()
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("run", session.File(), "--home", session.Home, "--slots", "2"));

        Assert.Contains("small    8 trials    Why?", session.Out);
        Assert.Contains("trial 1  none · 32 · seed 0  finished after 5 epochs  best .900  last .700", session.Out);
        Assert.Contains("small  8 trials: 8 finished", session.Out);
        Assert.Contains("best validation accuracy, mean ± 95 % interval over 2 seeds", session.Out);
        Assert.Contains("Gap between best and last (memorization)   none .200   label 0.2 .200", session.Out);
        Assert.Contains("Results  home/results/small/   trials.csv  manifest.json", session.Out);
        Assert.Contains($"Next     memcluster trials small --home {session.Home}", session.Out);
        Assert.Equal(["submit small", "results small", "stop"], session.Node.Log);
        Assert.Equal((2, NumericsSettings.Avx2), (session.Started!.Slots, session.Started.InstructionSet));
        Assert.Empty(session.Error);
    }

    [Fact]
    public async Task Other_sweeps_of_the_home_that_are_not_finished_are_named()
    {
        var other = Sweeps.SpecFile.FromCanonical(Session.Yaml.Replace("small", "other", StringComparison.Ordinal));
        using var session = new Session(new FakeNode().Holding(other, trial => trial < 8 ? TrialState.Finished : TrialState.Pending));
        Assert.Equal(0, await session.Run("run", session.File(), "--home", session.Home));
        Assert.Contains($"Not finished here, too, and waiting: other. Afterwards: memcluster resume other --home {session.Home}", session.Out);

        using var done = new Session(new FakeNode().Holding(other, _ => TrialState.Finished));
        Assert.Equal(0, await done.Run("run", done.File(), "--home", done.Home));
        Assert.DoesNotContain("Not finished here", done.Out);
    }

    [Fact]
    public async Task A_failed_trial_makes_exit_1_and_a_diverged_one_does_not()
    {
        using var failing = new Session(new FakeNode { End = trial => trial == 3 ? TrialState.Failed : TrialState.Finished });
        Assert.Equal(1, await failing.Run("run", failing.File(), "--home", failing.Home));
        Assert.Contains("failed: out of memory", failing.Out);

        using var diverging = new Session(new FakeNode { End = trial => trial == 3 ? TrialState.Diverged : TrialState.Finished });
        Assert.Equal(0, await diverging.Run("run", diverging.File(), "--home", diverging.Home));
        Assert.Contains("7 finished, 1 diverged", diverging.Out);
    }

    [Fact]
    public async Task All_problems_of_all_files_are_told_and_nothing_is_started_or_written()
    {
        using var session = new Session();
        var wrong = session.File("sweep: small\ndata: glyphs\nregularisers: none\naxes: { noise: [label 1.5] }\n", "wrong.yaml");
        Assert.Equal(2, await session.Run("run", wrong, Path.Combine(session.Folder, "nowhere.yaml"), "--home", session.Home));

        var lines = session.Error.Split('\n');
        Assert.StartsWith($"{wrong}:3:1  ", lines[0]);
        Assert.StartsWith($"{wrong}:4:", lines[1]);
        Assert.Contains("nowhere.yaml  is not there", lines[2]);
        Assert.Equal("3 problems; nothing was run.", lines[3]);
        Assert.Null(session.Started);
        Assert.False(Directory.Exists(session.Home));
        Assert.Empty(session.Out);
    }

    [Fact]
    public async Task A_run_that_can_t_offer_what_its_sweep_asks_for_says_so_before_anything_is_written()
    {
        using var session = new Session();
        var gpu = session.File(Session.Yaml + "\nrequires: { label: [gpu, big] }\n", "gpu.yaml");
        var vast = session.File(Session.Yaml.Replace("small", "vast", StringComparison.Ordinal) + "\nrequires: { memory: 900TiB }\n", "vast.yaml");

        Assert.Equal(2, await session.Run("run", gpu, vast, "--home", session.Home, "--label", "big"));

        Assert.StartsWith(
            "small asks for label gpu, which this run does not offer; say --label gpu if this machine is one, or let trainers join: --listen HOST:PORT.\n"
            + "vast asks for 900 TiB of memory a trial, and this machine has ", session.Error);
        Assert.Null(session.Started);
        Assert.Equal(0, await session.Run("run", gpu, "--home", session.Home, "--label", "big", "--label", "gpu", "--memory", "2GiB"));
        Assert.Equal(("big gpu", (long?)(2L << 30)), (string.Join(' ', session.Started!.Said.Of(NodeArguments.Label)), session.Started.Said.Of(NodeArguments.Memory)));
        Assert.Equal(0, await session.Run("run", gpu, "--home", session.Home, "--listen", "127.0.0.1:0"));
        Assert.Equal(2, await session.Run("run", gpu, "--home", session.Home, "--label", "two words"));
        Assert.Contains("--label is 1 to 63 letters, digits, dots, hyphens and underscores, such as gpu, not 'two words'.", session.Error);
    }

    [Fact]
    public async Task Two_files_of_one_name_are_refused()
    {
        using var session = new Session();
        Assert.Equal(2, await session.Run("run", session.File(), session.File(name: "again.yaml"), "--home", session.Home));
        Assert.Contains("names its sweep 'small', and so does", session.Error);
    }

    [Fact]
    public async Task Missing_data_is_told_before_anything_starts()
    {
        using var session = new Session();
        using var asking = new Session { Doors = session.Doors with { CheckData = (_, _) => "No glyphs here." } };
        Assert.Equal(2, await asking.Run("run", asking.File(), "--home", asking.Home));
        Assert.StartsWith("No glyphs here.\n", asking.Error);
        Assert.Null(session.Started);
    }

    [Fact]
    public async Task A_refused_spec_exits_2_with_the_coordinators_sentences()
    {
        using var session = new Session(new FakeNode { Refusals = ["small differs from the sweep of this name: + epochs: 5"] });
        Assert.Equal(2, await session.Run("run", session.File(), "--home", session.Home));
        Assert.StartsWith("small differs", session.Error);
        Assert.Contains("stop", session.Node.Log);
    }

    [Fact]
    public async Task A_home_that_is_in_use_exits_2_with_a_sentence()
    {
        using var session = new Session();
        using var second = new Session { Doors = session.Doors with { StartNode = (_, _) => throw new UserError("Process 7 runs on this home.") } };
        Assert.Equal(2, await second.Run("run", second.File(), "--home", second.Home));
        Assert.Equal("Process 7 runs on this home.\n", second.Error);
    }

    [Fact]
    public async Task Continuing_says_what_is_done_and_what_was_interrupted()
    {
        var interrupted = new[] { 23, 61 }.Select(epoch => new HeldTrial(new(new("small"), default, 1), epoch)).ToArray();
        using var session = new Session(new FakeNode { Interrupted = interrupted }
            .Holding(Session.Spec(), trial => trial <= 5 ? TrialState.Finished : TrialState.Pending));
        Assert.Equal(0, await session.Run("run", session.File(), "--home", session.Home));

        Assert.Contains("Continuing small: 5 of 8 done, 2 were interrupted (at epochs 23 and 61; about ", session.Out);
        Assert.DoesNotContain("trial 5 ", session.Out);
        Assert.Contains("trial 6 ", session.Out);
    }

    [Fact]
    public async Task A_finished_sweep_says_so_shows_its_table_and_exits_0()
    {
        using var session = new Session(new FakeNode().Holding(Session.Spec(), _ => TrialState.Finished));
        Assert.Equal(0, await session.Run("run", session.File(), "--home", session.Home));
        Assert.StartsWith("small is finished already; nothing was run. 8 trials: 8 finished.", session.Out);
        Assert.Contains("noise ╲ capacity", session.Out);
    }

    [Fact]
    public async Task Several_files_run_in_one_home()
    {
        using var session = new Session();
        var other = session.File(Session.Yaml.Replace("small", "other", StringComparison.Ordinal), "other.yaml");
        Assert.Equal(0, await session.Run("run", session.File(), other, "--home", session.Home));
        Assert.Equal(["submit small", "submit other", "results small", "results other", "stop"], session.Node.Log);
    }

    [Fact]
    public async Task The_end_is_noticed_even_when_words_are_lost_on_their_way()
    {
        using var session = new Session(new FakeNode { Mute = true });
        Assert.Equal(0, await session.Run("run", session.File(), "--home", session.Home));
        Assert.Contains("8 finished", session.Out);
    }

    [Fact]
    public async Task Several_files_with_a_preset_end_in_one_table()
    {
        const string presets = "\npresets: { quick: { axes: { noise: [none] } } }";
        using var session = new Session(new FakeNode { End = trial => trial == 3 ? TrialState.Failed : TrialState.Finished });
        var other = session.File(Session.Yaml.Replace("sweep: small", "sweep: other", StringComparison.Ordinal) + presets, "other.yaml");
        Assert.Equal(1, await session.Run("run", session.File(Session.Yaml + presets), other, "--preset", "quick", "--home", session.Home));

        Assert.Contains("SWEEP        DONE  DIVERGED  WITHOUT RESULT", session.Out);
        Assert.Contains("small-quick   3/4         0               1", session.Out);
        Assert.Contains("other-quick   3/4         0               1", session.Out);
    }

    [Fact]
    public async Task A_preset_that_one_file_lacks_stops_all_of_them()
    {
        using var session = new Session();
        var other = session.File(Session.Yaml.Replace("sweep: small", "sweep: other", StringComparison.Ordinal), "other.yaml");
        Assert.Equal(2, await session.Run("run", session.File(Session.Yaml + "\npresets: { quick: {} }"), other, "--preset", "quick", "--home", session.Home));

        Assert.Contains($"{other}:1:1  there is no preset 'quick' in this file, nor any other", session.Error);
        Assert.Null(session.Started);
    }

    [Fact]
    public async Task An_interrupt_leaves_within_two_seconds_with_results_and_the_command_to_go_on()
    {
        var clock = new HeardClock();
        using var doors = new Session(new FakeNode { End = trial => trial <= 3 ? TrialState.Finished : TrialState.Pending });
        using var session = new Session(doors.Node) { Doors = doors.Doors with { Clock = clock } };
        using var interrupt = new CancellationTokenSource();
        var running = session.Run(interrupt.Token, "run", session.File(), "--home", session.Home, "--slots", "3");
        await clock.Waits.WaitAsync(TimeSpan.FromMinutes(1));
        var watch = Stopwatch.StartNew();
        await interrupt.CancelAsync();

        Assert.Equal(130, await running);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{watch.Elapsed}");
        Assert.EndsWith($"Stopped. Continue with: memcluster resume small --home {session.Home} --slots 3\n", session.Out);
        // Trials are given back first, so that the results tell of it.
        Assert.Equal(["submit small", "stop", "results small"], session.Node.Log);
    }

    [Fact]
    public async Task A_sweep_whose_journal_is_gone_is_not_called_finished()
    {
        using var session = new Session(new FakeNode { Away = "The journal is gone." });
        Assert.Equal(2, await session.Run("run", session.File(), "--home", session.Home));

        Assert.Equal("The journal is gone.\n", session.Error);
        Assert.DoesNotContain("8 finished", session.Out);
        Assert.Equal(["submit small", "results small", "stop"], session.Node.Log);
    }

    [Fact]
    public async Task A_run_ends_when_its_journal_is_taken_away()
    {
        var clock = new HeardClock();
        using var doors = new Session(new FakeNode { End = trial => trial <= 3 ? TrialState.Finished : TrialState.Pending });
        using var session = new Session(doors.Node) { Doors = doors.Doors with { Clock = clock } };
        var running = session.Run("run", session.File(), "--home", session.Home);
        await clock.Waits.WaitAsync(TimeSpan.FromMinutes(1));
        session.Node.Taken.SetResult("The journal is gone.");

        Assert.Equal(2, await running.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal("The journal is gone.\n", session.Error);
    }

    [Fact]
    public async Task Set_and_accept_version_reach_the_coordinator()
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("run", session.File(), "--home", session.Home, "--set", "training.epochs=7", "--accept-version"));
        Assert.Contains("submit small accepting", session.Node.Log);
        Assert.Contains("epochs: 7", await session.Node.Spec(new("small")));
    }

    [Fact]
    public async Task Resume_goes_on_by_name_or_with_all_that_is_open()
    {
        var node = new FakeNode().Holding(Session.Spec(), trial => trial < 4 ? TrialState.Finished : TrialState.Pending)
            .Holding(Session.Spec(Session.Yaml.Replace("small", "other", StringComparison.Ordinal)), _ => TrialState.Finished);
        using var session = new Session(node).WithHome();
        Assert.Equal(0, await session.Run("resume", "--home", session.Home));
        Assert.Equal(["submit small", "results small", "stop"], node.Log);
        Assert.Equal(0, await session.Run("resume", "--home", session.Home));
        Assert.Contains("every sweep there is finished", session.Out);
        Assert.Equal(2, await session.Run("resume", "thing", "--home", session.Home));
        Assert.Contains("There is no sweep 'thing' here; there is: other, small", session.Error);
    }

    [Fact]
    public async Task A_pipe_gets_no_control_codes_and_no_line_beyond_100_columns()
    {
        using var session = new Session();
        await session.Run("run", session.File(), "--home", "h");
        Assert.DoesNotContain('\u001b', session.Out);
        Assert.DoesNotContain('\r', session.Out);
        Assert.All(session.Out.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public async Task A_terminal_gets_a_live_view_that_is_gone_at_the_end()
    {
        using var console = new TestConsole().Width(100).Interactive().EmitAnsiSequences();
        using var session = new Session { Live = console };
        Assert.Equal(0, await session.Run("run", session.File(), "--home", session.Home));
        Assert.DoesNotContain("trial 1  none", console.Output);
        Assert.Contains("8 trials: 8 finished", console.Output);
    }

    /// <summary>Tells when somebody begins to wait by it.</summary>
    private sealed class HeardClock : TimeProvider
    {
        private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waits => _waits.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _waits.TrySetResult();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
