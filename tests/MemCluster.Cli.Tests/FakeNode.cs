using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;
using MemCluster.Sweeps;

namespace MemCluster.Cli.Tests;

/// <summary>A node without a cluster: takes sweeps and ends their trials at once, or never.</summary>
internal sealed class FakeNode : ILocalNode, IOperator, ISweepFeed
{
    private readonly Dictionary<SweepId, (SweepSpec Spec, TrialState[] States)> _sweeps = [];
    private readonly List<(SweepId Sweep, Action<IMessage> Heard)> _listeners = [];

    /// <summary>How a trial, from 1, ends; Pending: never.</summary>
    public Func<int, TrialState> End { get; init; } = _ => TrialState.Finished;

    public IReadOnlyList<string> Refusals { get; init; } = [];

    public IReadOnlyList<HeldTrial> Interrupted { get; init; } = [];

    /// <summary>Never tells that a trial ended: words may be lost.</summary>
    public bool Mute { get; init; }

    public List<string> Log { get; } = [];

    public IOperator Operator => this;

    public ISweepFeed Feed => this;

    public string Address => "127.0.0.1:4053";

    /// <summary>Done by a test that takes the journal away while a sweep runs.</summary>
    public TaskCompletionSource<string> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It is away, and nobody has looked yet.</summary>
    public string? Away { get; init; }

    public Task<string> JournalLost => Taken.Task;

    public string? JournalProblem()
    {
        if (Away is not null)
        {
            Taken.TrySetResult(Away);
        }

        return Taken.Task.IsCompleted ? Taken.Task.Result : null;
    }

    public void Note(string warning) => Log.Add(warning);

    /// <summary>Puts a sweep in the state of an earlier run.</summary>
    public FakeNode Holding(SweepSpec spec, Func<int, TrialState> state)
    {
        _sweeps[spec.Name] = (spec, [.. Enumerable.Range(1, new Grid(spec).Count).Select(state)]);
        return this;
    }

    public Task<SubmitReply> Submit(SubmitRequest request, CancellationToken cancel = default)
    {
        var spec = SpecFile.FromCanonical(request.Spec);
        Log.Add($"submit {spec.Name}{(request.AcceptVersion ? " accepting" : "")}");
        if (Refusals.Count > 0)
        {
            return Task.FromResult(new SubmitReply(spec.Name, false, new(0, 0, 0, 0, 0, 0, 0), [], Refusals));
        }

        var continued = _sweeps.ContainsKey(spec.Name);
        if (!continued)
        {
            Holding(spec, _ => TrialState.Pending);
        }

        var reply = new SubmitReply(spec.Name, continued, CountsOf(spec.Name), Interrupted, []);
        Play(spec.Name);
        return Task.FromResult(reply);
    }

    public Task<IReadOnlyList<SweepSummary>> List(CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<SweepSummary>>([.. _sweeps.Keys.Order().Select(Summary)]);

    public Task<SweepStatus?> Status(SweepId sweep, CancellationToken cancel = default) => Task.FromResult(
        _sweeps.ContainsKey(sweep) ? new SweepStatus(Summary(sweep), 31, 840, Waiting ?? "no trainer has joined yet", [], []) : null);

    public Task<string?> Spec(SweepId sweep, CancellationToken cancel = default) =>
        Task.FromResult(_sweeps.TryGetValue(sweep, out var held) ? held.Spec.Canonical : null);

    public Task<string?> NumericsVersion(SweepId sweep, CancellationToken cancel = default) => Task.FromResult<string?>(Numerics);

    /// <summary>The numerics version that all sweeps are computed under.</summary>
    public string Numerics { get; init; } = NumericsSettings.Version;

    public async IAsyncEnumerable<TrialRow> Trials(SweepId sweep, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask;
        var (spec, states) = _sweeps[sweep];
        var grid = new Grid(spec);
        for (var place = 0; place < grid.Count; place++)
        {
            var state = states[place];
            yield return new(
                place + 1, grid.ValuesAt(place), grid.SeedAt(place), state, state == TrialState.Finished ? 5 : 0,
                state == TrialState.Finished ? Measured : ImmutableSortedDictionary<string, double>.Empty, "00", grid.CellAt(place).ToString());
        }
    }

    /// <summary>Of all that a test has no rows for.</summary>
    public IAsyncEnumerable<T> Ask<T>(Question.Rows<T> question, Asked asked, CancellationToken cancel) => Streams.None<T>();

    public IAsyncEnumerable<TrialArray> Arrays(SweepId sweep, int? trial, CancellationToken cancel = default) => Streams.Of(ArraysOf(trial));

    /// <summary>What the trials' measures found.</summary>
    public Func<int?, IEnumerable<TrialArray>> ArraysOf { get; set; } = _ => [];

    public IAsyncEnumerable<MeasureRow> Measures(SweepId sweep, CancellationToken cancel = default) => Streams.Of(MeasuresOf);

    /// <summary>Of any sweep.</summary>
    public IReadOnlyList<MeasureRow> MeasuresOf { get; init; } = [];

    public IAsyncEnumerable<EpochRow> Epochs(SweepId sweep, int trial, CancellationToken cancel = default) => Streams.Of(EpochsOf);

    /// <summary>Of any trial.</summary>
    public IReadOnlyList<EpochRow> EpochsOf { get; init; } = [];

    /// <summary>Why pending trials are not handed out.</summary>
    public string? Waiting { get; init; }

    public IReadOnlyList<AttemptRow> Story { get; init; } = [];

    public IReadOnlyList<TrainerStatus> Trainers { get; init; } = [];

    public Task<TrialStory?> Trial(SweepId sweep, int trial, CancellationToken cancel = default)
    {
        var (spec, states) = _sweeps[sweep];
        var (grid, place) = (new Grid(spec), trial - 1);
        return Task.FromResult<TrialStory?>(new(
            new(trial, grid.ValuesAt(place), grid.SeedAt(place), states[place], 5, Measured, "00", grid.CellAt(place).ToString()), grid.LabelAt(place), Story, null, Waiting));
    }

    public Task<IReadOnlyList<AxisProgress>?> Progress(SweepId sweep, CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<AxisProgress>?>(
        [.. _sweeps[sweep].Spec.Axes.Select(axis => new AxisProgress(axis.Name, [.. axis.Values.Select(value => new ValueProgress(value, 4, 1))]))]);

    public Task<IReadOnlyList<TrainerStatus>> Nodes(CancellationToken cancel = default) => Task.FromResult(Trainers);

    public string Refusal { get; init; } = "";

    public Task<ControlReply?> Control(SweepId sweep, SweepCommand.Control command, CancellationToken cancel = default)
    {
        Log.Add($"{command.Verb} {sweep} {System.Text.Json.JsonSerializer.Serialize(command, command.GetType(), MessageJson.Options)}");
        return Task.FromResult<ControlReply?>(Refusal.Length > 0 ? new(null, 0, Refusal) : new(Summary(sweep) with { State = "paused" }, 3, ""));
    }

    public Task<TrainerStatus?> Drain(string trainer, bool drained, CancellationToken cancel = default)
    {
        Log.Add($"drain {trainer} {drained}");
        return Task.FromResult(Trainers.FirstOrDefault(one => one.Trainer == trainer) is { } node ? node with { State = "draining" } : null);
    }

    public IReadOnlyList<IMessage> Happens { get; init; } = [];

    public async IAsyncEnumerable<IMessage> Events(SweepId sweep, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask;
        foreach (var happened in Happens)
        {
            yield return happened;
        }
    }

    public Task<IReadOnlyList<WorkTiming>> Timings(CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<WorkTiming>>([]);

    public IDisposable Subscribe(SweepId sweep, Action<IMessage> heard)
    {
        _listeners.Add((sweep, heard));
        return new MemoryStream();
    }

    public Task<IReadOnlyList<string>> WriteResults(SweepId sweep, bool atOnce, CancellationToken cancel)
    {
        Log.Add($"results {sweep}");
        return Task.FromResult<IReadOnlyList<string>>([$"home/results/{sweep}/trials.csv", $"home/results/{sweep}/manifest.json"]);
    }

    public Task CloseRows() => Task.CompletedTask;

    public Task Stop(TimeSpan within)
    {
        Log.Add("stop");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ImmutableSortedDictionary<string, double> Measured { get; } = ImmutableSortedDictionary<string, double>.Empty
        .Add(MeasureNames.ValidationAccuracyBest, 0.9).Add(MeasureNames.ValidationAccuracyLast, 0.7);

    private void Play(SweepId sweep)
    {
        var (_, states) = _sweeps[sweep];
        for (var trial = 1; trial <= states.Length; trial++)
        {
            var end = End(trial);
            if (states[trial - 1] != TrialState.Pending || end == TrialState.Pending)
            {
                continue;
            }

            states[trial - 1] = end;
            var key = new TrialKey(sweep, default, 1);
            Tell(sweep, new SweepEvent.TrialAssigned(key, trial, "local/1", default));
            Tell(sweep, end == TrialState.Failed
                ? new SweepEvent.TrialFailed(key, trial, "out of memory", default, default)
                : new SweepEvent.TrialFinished(key, trial, new(end, 5, Measured, "00"), default, default));
        }
    }

    private void Tell(SweepId sweep, IMessage word)
    {
        foreach (var listener in _listeners.Where(listener => listener.Sweep == sweep && !Mute))
        {
            listener.Heard(word);
        }
    }

    private SweepSummary Summary(SweepId sweep)
    {
        var counts = CountsOf(sweep);
        return new(sweep, "Why?", counts.Ended == counts.Trials ? "finished" : Happens.Count > 0 ? "running" : "stopped", counts, new(2026, 11, 23, 9, 12, 0, TimeSpan.FromHours(1)), Waiting: Waiting);
    }

    private TrialCounts CountsOf(SweepId sweep)
    {
        var tally = new TrialTally();
        foreach (var state in _sweeps[sweep].States)
        {
            tally.Add(state);
        }

        return tally.Counts;
    }
}
