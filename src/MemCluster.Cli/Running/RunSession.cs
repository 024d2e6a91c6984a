using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Watching;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;
using MemCluster.Sweeps;

namespace MemCluster.Cli;

/// <summary>One <c>run</c> or <c>resume</c>: check, start the node, hand in the sweeps, watch, write results, stop.</summary>
internal sealed class RunSession(Doors doors, Terminal terminal, IReadOnlyList<SweepSpec> specs, NodeValues said, bool acceptVersion)
{
    /// <summary>Ctrl-C ends the process within 2 s: giving trials back in good order gets the first part, the results as far as they are the second.</summary>
    private static readonly TimeSpan ResultsAtInterrupt = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan RowsAtInterrupt = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan StopAtInterrupt = TimeSpan.FromMilliseconds(1100);

    /// <summary>The last frame, before the sentence that explains why there are no more.</summary>
    private static readonly TimeSpan ScreenAtLoss = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ResultsAtLoss = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan StopAtEnd = TimeSpan.FromSeconds(10);

    private readonly List<SweepId> _taken = [];
    private readonly string _home = said.Of(NodeArguments.Home);

    /// <returns>The exit code.</returns>
    public async Task<int> Run(CancellationToken interrupt)
    {
        var instructionSet = RunChecks.Check(doors, specs, said);
        ILocalNode? node = null;
        try
        {
            node = await doors.StartNode(new(said, instructionSet) { ComputesTensors = specs.Any(ComputesTensors), Trials = specs.ToDictionary(spec => spec.Name, spec => new Grid(spec).Count) }, interrupt).WaitAsync(interrupt);
            NoteUnseen(node);
            var code = await FollowWhileItLasts(node, interrupt);
            await Quietly(node.Stop(StopAtEnd), StopAtEnd);
            return code;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            await Interrupted(node);
            return ExitCodes.Interrupted;
        }
        catch when (node is not null)
        {
            // A refused spec, a full disk: what was written stays, and goes on when asked for again.
            await Quietly(node.Stop(StopAtEnd), StopAtEnd);
            throw;
        }
        finally
        {
            if (node is not null && !interrupt.IsCancellationRequested)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static bool ComputesTensors(SweepSpec spec) => SweepShape.Of(new(spec)).InstructionSet.Length > 0;

    /// <summary>A sweep goes on without a screen; the log then says why there is none.</summary>
    private void NoteUnseen(ILocalNode node)
    {
        terminal.Output.Unseen = Note;
        if (terminal.Output.Lost is { } lost)
        {
            Note(lost.Message);
        }

        void Note(string why) => node.Note($"Standard output can't be written, and the run goes on without it: {why}");
    }

    /// <exception cref="UserError">The journal was taken away: whatever was shown since is not so.</exception>
    private async Task<int> FollowWhileItLasts(ILocalNode node, CancellationToken interrupt)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        var following = Follow(node, end.Token);
        if (await Task.WhenAny(following, node.JournalLost) != following)
        {
            await end.CancelAsync();
        }
        else if (following.IsCanceled || node.JournalProblem() is null)
        {
            return await following;
        }

        await Quietly(following, ScreenAtLoss);

        // The rows of what had finished are beside the journal, and are still there, perhaps.
        using var limit = new CancellationTokenSource(ResultsAtLoss, doors.Clock);
        await Quietly(Task.WhenAll(_taken.Select(sweep => node.WriteResults(sweep, atOnce: true, limit.Token))), ResultsAtLoss);
        throw new UserError(await node.JournalLost);
    }

    private async Task<int> Follow(ILocalNode node, CancellationToken interrupt)
    {
        if (said.Of(NodeArguments.Slots) == 0)
        {
            terminal.Write($"No slots here; trainers join with: memcluster trainer --join {node.Address}");
        }

        using var news = new SweepNews(node.Feed, specs);
        var timing = node.Operator.Timings(interrupt);
        var open = await Submit(node.Operator, timing, interrupt);
        var timings = await timing;
        var began = doors.Clock.GetTimestamp();
        if (open.Count > 0)
        {
            await new Watch(doors.Clock, terminal, node.Operator, open, timings).Until(news, interrupt);
        }

        if (node.JournalProblem() is { } problem)
        {
            throw new UserError(problem); // Before the sweeps are called finished.
        }

        var ending = new Ending(node, terminal, said);
        var failed = false;
        var ends = new List<SweepEnd>();
        foreach (var spec in specs)
        {
            TimeSpan? took = open.Any(sweep => sweep.Spec == spec) ? doors.Clock.GetElapsedTime(began) : null;
            var end = await ending.Show(spec, took, interrupt);
            ends.Add(end);
            failed |= end.Counts.Failed + end.Counts.Cancelled > 0;
        }

        if (ends.Count > 1)
        {
            terminal.Write(SweepEnds.Lines(ends));
        }

        return failed ? ExitCodes.TrialsFailed : ExitCodes.Fine;
    }

    /// <returns>The sweeps that have something left to do.</returns>
    private async Task<IReadOnlyList<OpenSweep>> Submit(IOperator answerer, Task<IReadOnlyList<WorkTiming>> timings, CancellationToken interrupt)
    {
        var problems = new List<string>();
        var open = new List<OpenSweep>();
        foreach (var spec in specs)
        {
            var reply = await answerer.Submit(new SubmitRequest(spec.Canonical, acceptVersion), interrupt);
            problems.AddRange(reply.Problems);
            if (reply.Problems.Count > 0)
            {
                continue;
            }

            _taken.Add(spec.Name);
            terminal.Write(Greeting.Of(spec, reply, await timings));
            if (reply.Counts.Ended < reply.Counts.Trials)
            {
                open.Add(new(spec, reply.Continued));
            }
        }

        if (problems.Count > 0)
        {
            throw new SpecProblemsException(problems);
        }

        if (open.Count > 0 && Greeting.OfOthers(await answerer.List(interrupt), _taken, _home) is { } others)
        {
            terminal.Write(others);
        }

        return open;
    }

    private async Task Interrupted(ILocalNode? node)
    {
        if (node is not null)
        {
            await Quietly(node.Stop(StopAtInterrupt), StopAtInterrupt);
            using var limit = new CancellationTokenSource(ResultsAtInterrupt, doors.Clock);
            await Quietly(Task.WhenAll(_taken.Select(sweep => node.WriteResults(sweep, atOnce: true, limit.Token))), ResultsAtInterrupt);
            await Quietly(node.CloseRows(), RowsAtInterrupt);
        }

        terminal.Write(new Line(_taken.Count == 0
            ? "Stopped before anything was begun."
            : $"Stopped. Continue with: {CommandText.Of("resume", _taken.Count == 1 ? _taken[0].Name : "", _home)}{said.Again}", Tone.Strong));
    }

    /// <summary>Whatever goes wrong while leaving, the journal has all that counts, and the person wants to be gone.</summary>
    private static async Task Quietly(Task leaving, TimeSpan limit)
    {
        await Task.WhenAny(leaving, Task.Delay(limit));
        _ = leaving.ContinueWith(task => task.Exception, TaskScheduler.Default);
    }
}
