using System.Runtime.CompilerServices;
using Akka.Actor;
using MemCluster.Coordinator;
using MemCluster.Coordinator.Pbm;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Host;

namespace MemCluster.Pbm.Tests;

/// <summary>What only the palette adds to the verbs: switches, its limits, an end to everything.</summary>
public sealed class PaletteTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system = ActorSystem.Create("palette", "akka.loglevel = OFF");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate();

    [Fact]
    public void Every_verb_is_a_command_and_every_argument_has_a_switch_of_its_own()
    {
        Assert.Equal("sweep", SweepPalette.Palette.ModuleName);
        Assert.Equal(OperatorCatalogue.All.Select(verb => verb.Name), SweepPalette.Palette.Commands.Select(command => command.Name));
        foreach (var (verb, command) in OperatorCatalogue.All.Zip(SweepPalette.Palette.Commands))
        {
            Assert.Equal(verb.Arguments.Select(argument => argument.Name).Order(), command.ArgumentsByName.Keys.Order());
            string[] switches = [.. command.ArgumentsByName.Values.SelectMany(argument => argument.Switch)];
            Assert.Equal(switches.Length, switches.Distinct().Count());
            Assert.Equal(verb.Asks, command.Description.Contains("--pbm-write", StringComparison.Ordinal));
            Assert.All(verb.Arguments, argument => Assert.Equal(argument.Required, command.ArgumentsByName[argument.Name].IsMandatory));
        }

        Assert.Contains("-s", SweepPalette.Palette.Commands.Single(command => command.Name == "status").ArgumentsByName["sweep"].Switch);
    }

    [Fact]
    public async Task Without_leave_to_write_nothing_is_done_that_cannot_be_taken_back_and_the_answer_says_why()
    {
        Assert.Equal(["cancel", "delete"], OperatorCatalogue.All.Where(verb => verb.Asks).Select(verb => verb.Name));
        foreach (var verb in OperatorCatalogue.All.Where(verb => verb.Asks))
        {
            var nobody = new OneVoice();
            using var client = Client(nobody, write: false);
            client.Say(verb.Name, ("-s", "x"), ("--yes", "yes"));
            var answer = await client.Hear();
            Assert.Contains("Start the coordinator with --pbm-write to allow it", answer.Error, StringComparison.Ordinal);
            Assert.Equal(0, nobody.Asked);
        }
    }

    [Theory]
    [InlineData("status", "There is no switch -q here; sweep status takes -s or --sweep, -j or --json.", "-q", "x")]
    [InlineData("status", "-s needs a value: ", "-s", "")]
    [InlineData("status", "-j is yes or no, not 'maybe'.", "-j", "maybe")]
    [InlineData("drain", "sweep drain needs -n: ", "-u", "yes")]
    [InlineData("trials", "-l is said twice", "-l", "1", "-l", "2")]
    public async Task A_switch_that_makes_no_sense_is_a_sentence(string verb, string sentence, params string[] said)
    {
        using var client = Client(new OneVoice());
        client.Say(verb, [.. said.Chunk(2).Select(word => (word[0], word[1]))]);
        Assert.Contains(sentence, (await client.Hear()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_never_answers_is_given_up_and_the_client_is_told()
    {
        using var client = new PaletteClient(_system, Settings(new OneVoice { Silent = true }) with { Patience = TimeSpan.FromMilliseconds(200) });
        client.Say("list");
        Assert.Contains("look with sweep status whether it was done", (await client.Hear()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_ours_is_one_sentence_too()
    {
        using var client = Client(new OneVoice { Fault = new InvalidOperationException("Lost my keys.") });
        client.Say("list");
        var answer = await client.Hear();
        Assert.Equal("memcluster itself went wrong: Lost my keys. The coordinator's log says more.", answer.Error);
    }

    [Fact]
    public async Task An_answer_that_never_ends_is_cut_where_memory_would_fill()
    {
        using var client = new PaletteClient(_system, Settings(new OneVoice { Rows = int.MaxValue }) with { MostLines = 50 });
        client.Say("export", ("-s", "s"));
        var answer = await client.Hear();
        Assert.Equal(50, answer.Lines.Count);
        Assert.Contains("the first 50 lines", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_ends_when_the_session_or_the_handler_does(bool session)
    {
        var voice = new OneVoice();
        using var client = Client(voice);
        client.Say("tail", ("-s", "s"));
        await voice.Listening.Task.WaitAsync(Soon);

        _system.Stop(session ? client.Session : client.Handler);

        await voice.Left.Task.WaitAsync(Soon);
    }

    [Fact]
    public async Task A_stream_holds_up_no_other_command()
    {
        var voice = new OneVoice();
        using var client = Client(voice);
        client.Say("tail", ("-s", "s"));
        await voice.Listening.Task.WaitAsync(Soon);
        client.Say("list");
        Assert.Contains((await client.Hear()).Lines, line => line.StartsWith("SWEEP", StringComparison.Ordinal));
        Assert.False(voice.Left.Task.IsCompleted);
    }

    [Theory]
    [InlineData("pause", "paused")]
    [InlineData("stop", "stopped")]
    public async Task What_can_be_taken_back_needs_no_leave(string verb, string state)
    {
        var voice = new OneVoice();
        using var client = Client(voice, write: false);
        client.Say(verb, ("-s", "s"));
        Assert.Contains((await client.Hear()).Lines, line => line.StartsWith($"s is {state}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_cluster_palette_of_a_door_without_leave_shows_the_members_and_removes_none()
    {
        var system = ActorSystem.Create("seen", "akka { loglevel = OFF, actor.provider = cluster, cluster.roles = [coordinator], remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }");
        try
        {
            var cluster = Akka.Cluster.Cluster.Get(system);
            await cluster.JoinAsync(cluster.SelfAddress);
            await Testbed.Until(() => Task.FromResult(cluster.State is { Members.Count: 1, Leader: not null })); // What is shown follows the joining by a moment.
            using var client = new PaletteClient(system, new ClusterLook().HandlerProps);

            client.Say("show");
            Assert.Equal([$"{cluster.SelfAddress}  up  coordinator  leader"], (await client.Hear()).Lines);
            foreach (var removing in ClusterLook.Removing)
            {
                client.Say(removing);
                Assert.Contains("Start the coordinator with --pbm-write to allow it", (await client.Hear()).Error, StringComparison.Ordinal);
            }

            client.Say("show");
            Assert.Single((await client.Hear()).Lines);
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Theory]
    [InlineData(true, "sweep,cluster")]
    [InlineData(false, "sweep,cluster")]
    public void The_door_registers_its_palettes_and_starts(bool write, string palettes)
    {
        PbmDoor.Open(_system, new OneVoice(), new PbmOptions(9110, write, "specs"));
        var door = PetabridgeCmd.Get(_system);
        Assert.Equal(palettes, string.Join(',', door.Registered.Select(handler => handler.Palette.ModuleName)));
        Assert.Equal(write, door.Registered.Contains(ClusterCommands.Instance)); // It can take nodes out.
        Assert.True(door.IsStarted);
    }

    private static PaletteSettings Settings(IOperator answers, bool write = true) => new(answers, write, new SpecsFolder("specs"));

    private PaletteClient Client(IOperator answers, bool write = true) => new(_system, Settings(answers, write));

    /// <summary>Knows one sweep of endless trials, and what a test wants it to be.</summary>
    private sealed class OneVoice : IOperator
    {
        private static readonly SweepSpec One = Sweeps.SpecFile.FromCanonical("sweep: s\nnetwork: { kind: sleep, seconds: 0 }\nseeds: 1000000\n");

        public int Asked { get; private set; }

        public bool Silent { get; init; }

        public Exception? Fault { get; init; }

        public int Rows { get; init; }

        public TaskCompletionSource Listening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<IReadOnlyList<SweepSummary>> List(CancellationToken cancel = default)
        {
            Asked++;
            if (Silent)
            {
                await new TaskCompletionSource().Task; // Not even when it is told to stop.
            }

            return Fault is null ? [new(One.Name, "", "running", new(1_000_000, 1_000_000, 0, 0, 0, 0, 0), default)] : throw Fault;
        }

        public Task<string?> Spec(SweepId sweep, CancellationToken cancel = default) => Task.FromResult<string?>(One.Canonical);

        public Task<string?> NumericsVersion(SweepId sweep, CancellationToken cancel = default) => Task.FromResult<string?>("1");

        public async IAsyncEnumerable<IMessage> Events(SweepId sweep, [EnumeratorCancellation] CancellationToken cancel = default)
        {
            try
            {
                Listening.SetResult();
                await Task.Delay(Timeout.Infinite, cancel);
                yield break;
            }
            finally
            {
                Left.SetResult();
            }
        }

        public async IAsyncEnumerable<TrialRow> Trials(SweepId sweep, [EnumeratorCancellation] CancellationToken cancel = default)
        {
            await Task.CompletedTask;
            for (var trial = 1; trial <= Rows; trial++)
            {
                cancel.ThrowIfCancellationRequested();
                yield return new(trial, [], (ulong)trial, TrialState.Pending, 0, System.Collections.Immutable.ImmutableSortedDictionary<string, double>.Empty, "", "");
            }
        }

        public Task<ControlReply?> Control(SweepId sweep, SweepCommand.Control command, CancellationToken cancel = default) => Task.FromResult<ControlReply?>(
            new(new(One.Name, "", command.Verb == "pause" ? "paused" : "stopped", new(1, 1, 0, 0, 0, 0, 0), default), 0, ""));
    }
}
