using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Reading;

/// <summary>Answers in the process that hosts the coordinator: rows from the read model, what is going on right now from the actor.</summary>
/// <param name="results">Where the results of a sweep are written.</param>
/// <param name="trouble">Why nothing can be written to the journal, half a sentence; null while it can.</param>
internal sealed class CoordinatorOperator(
    ReadModelReader model, IActorRef coordinator, IActorRef readModel, ISweepFeed feed, Func<SweepId, string> results, Func<string?> trouble) : ReadingOperator(model)
{
    /// <summary>A coordinator that is there answers in milliseconds; while it is being started, rows alone are a good answer, and soon.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private const int MostUnheard = 10_000;
    private static readonly TimeSpan ControlWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SubmitWithin = TimeSpan.FromSeconds(30);

    private readonly ReadModelReader _model = model;

    public override async Task<SubmitReply> Submit(SubmitRequest request, CancellationToken cancel = default)
    {
        var reading = SpecFile.Parse(request.Spec, "spec", []);
        if (reading.Spec is not { } spec)
        {
            return new(default, false, new(0, 0, 0, 0, 0, 0, 0), [], [.. reading.Problems.Select(problem => problem.ToString())]);
        }

        for (var until = DateTime.UtcNow + SubmitWithin; ;)
        {
            try
            {
                var answer = await coordinator.Ask<object>(new Submit(spec, request.AcceptVersion), TimeSpan.FromSeconds(5), cancel).ConfigureAwait(false);
                if (answer is SubmitReply reply)
                {
                    await Flush(cancel).ConfigureAwait(false);
                    return reply;
                }
            }
            catch (AskTimeoutException) when (DateTime.UtcNow < until)
            {
                // The coordinator is being started, or started again; submitting twice is submitting once.
            }
            catch (AskTimeoutException)
            {
                throw new UserError("The coordinator did not answer; its log says why (memcluster.log in the home).");
            }

            await Task.Delay(100, cancel).ConfigureAwait(false);
        }
    }

    public override async Task<IReadOnlyList<SweepSummary>> List(CancellationToken cancel = default)
    {
        var live = await Live(cancel).ConfigureAwait(false);
        return
        [
            .. _model.Sweeps().OrderBy(row => row.Sweep)
                .Select(row => Summary(row, atWork: true) with { Waiting = row.Unreadable ?? TroubleOf(row) ?? live?.Waiting.GetValueOrDefault(row.Sweep) }),
        ];
    }

    public override async Task<SweepStatus?> Status(SweepId sweep, CancellationToken cancel = default)
    {
        if (_model.Find(sweep) is not { } row)
        {
            return null;
        }

        var live = await Live(cancel).ConfigureAwait(false);
        var running = live?.Running[sweep].ToArray() ?? [];
        var slots = live?.Trainers.Sum(trainer => trainer.Slots) ?? 0;
        var left = row.Counts.Pending + row.Counts.Running;
        double? seconds = slots > 0 && left > 0 && _model.MeanSeconds(row) is { } mean ? left * mean / slots : null;
        return new(
            Summary(row, atWork: true), live?.EpochsPerSecond.GetValueOrDefault(sweep) ?? 0, seconds,
            row.Unreadable ?? TroubleOf(row) ?? (live is null ? "the coordinator is being started" : live.Waiting.GetValueOrDefault(sweep, "")), running, live?.Trainers ?? [])
        {
            Trouble = TroubleOf(row),
        };
    }

    public override async Task<ControlReply?> Control(SweepId sweep, SweepCommand.Control command, CancellationToken cancel = default)
    {
        if (await Told(new ControlSweep(sweep, command), cancel).ConfigureAwait(false) is not ControlReply reply)
        {
            return null;
        }

        if (reply.Refused.Length > 0)
        {
            return reply;
        }

        await Flush(cancel).ConfigureAwait(false);
        if (command is SweepCommand.Control.DeleteSweep)
        {
            RemoveResults(results(sweep));
        }

        return _model.Find(sweep) is { } row ? reply with { Summary = Summary(row, atWork: true) } : reply;
    }

    public override async Task<TrainerStatus?> Drain(string trainer, bool drained, CancellationToken cancel = default) =>
        await Told(new DrainTrainer(trainer, drained), cancel).ConfigureAwait(false) as TrainerStatus;

    private static void RemoveResults(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The sweep is deleted, but its results could not all be removed: {problem.Message} Remove {folder} by hand.");
        }
    }

    /// <summary>Asked once: what was asked twice may have been done once, and the second answer would be a refusal.</summary>
    private async Task<object> Told(object asked, CancellationToken cancel)
    {
        try
        {
            return await coordinator.Ask<object>(asked, ControlWithin, cancel).ConfigureAwait(false) is var answer and not CoordinatorBusy
                ? answer
                : throw new UserError("The coordinator is being started; ask again in a moment.");
        }
        catch (AskTimeoutException)
        {
            throw new UserError("The coordinator did not answer in time; look with memcluster status whether it was done, then ask again.");
        }
    }

    public override async IAsyncEnumerable<IMessage> Events(SweepId sweep, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        // A listener that is too slow loses the oldest words rather than filling the coordinator's memory; rows tell what it missed.
        var heard = Channel.CreateBounded<IMessage>(new BoundedChannelOptions(MostUnheard) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        using var subscription = feed.Subscribe(sweep, happened => heard.Writer.TryWrite(happened));
        await foreach (var happened in heard.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            yield return happened;
            if (happened is SweepEvent.SweepDeleted)
            {
                yield break;
            }
        }
    }

    public override IAsyncEnumerable<TrialRow> Trials(SweepId sweep, CancellationToken cancel = default) => Stream(sweep, _model.Trials, cancel);

    public override IAsyncEnumerable<TrialRow> Scores(SweepId sweep, CancellationToken cancel = default) => Stream(sweep, _model.Scores, cancel);

    public override async Task<TrialStory?> Trial(SweepId sweep, int trial, CancellationToken cancel = default)
    {
        var story = await base.Trial(sweep, trial, cancel).ConfigureAwait(false);
        if (story?.Row.State is not (TrialState.Running or TrialState.Pending))
        {
            return story;
        }

        var live = await Live(cancel).ConfigureAwait(false);
        return story.Row.State == TrialState.Pending
            ? story with { Waiting = story.Waiting ?? live?.Waiting.GetValueOrDefault(sweep) }
            : story with { Running = live?.Running[sweep].FirstOrDefault(running => running.Trial == trial) };
    }

    public override async Task<IReadOnlyList<TrainerStatus>> Nodes(CancellationToken cancel = default) =>
        (await Live(cancel).ConfigureAwait(false) ?? throw new UserError("The coordinator is being started; ask again in a moment.")).Trainers;

    /// <summary>Everything written so far is readable after this.</summary>
    public Task Flush(CancellationToken cancel) => RowsAsked.Until(readModel, RowsAsked.Patience, null, cancel);

    /// <summary>
    /// Everything that any coordinator wrote before is readable after this: asked when this node takes over, whose rows may be old or none.
    /// </summary>
    public Task CatchUp(CancellationToken cancel)
    {
        // Once: it marks every sweep for reading. Should it be lost, whoever comes next looks at everything of himself.
        readModel.Tell(new LookAgain());
        return RowsAsked.Until(readModel, Timeout.InfiniteTimeSpan, null, cancel);
    }

    /// <summary>Of no matter to a sweep that is over.</summary>
    private string? TroubleOf(SweepRow row) => row.Counts.AllEnded ? null : trouble();

    /// <summary>Null while no coordinator answers: rows are there all the same.</summary>
    private async Task<LiveAnswer?> Live(CancellationToken cancel)
    {
        try
        {
            return await coordinator.Ask<object>(new AskLive(), Patience, cancel).ConfigureAwait(false) as LiveAnswer;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
