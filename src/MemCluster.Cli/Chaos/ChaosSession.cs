using System.Threading.Channels;
using MemCluster.Coordinator;
using MemCluster.Coordinator.Auditing;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Chaos;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting;
using MemCluster.Reporting.Files;

namespace MemCluster.Cli.Chaos;

/// <summary>One run under faults: begin, measure a recovery, disturb, let it come to its end, audit.</summary>
internal sealed class ChaosSession(ChaosOptions options, Doors doors, Terminal terminal)
{
    /// <summary>Without an epoch or a trial for so long, with no fault any more, it is stuck.</summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(2);

    private readonly Channel<Line> _lines = Channel.CreateUnbounded<Line>();
    private readonly ChaosCosts _costs = new();
    private readonly List<string> _unhealed = [];
    private ChaosSight? _sight;
    private string _now = "starting";
    private int _steps;

    /// <returns>The exit code.</returns>
    public async Task<int> Run(CancellationToken cancel)
    {
        var work = Task.Run(
            async () =>
            {
                try
                {
                    return await Work(cancel);
                }
                finally
                {
                    _lines.Writer.TryComplete();
                }
            },
            CancellationToken.None);
        while (await LiveLine.While(terminal, Now, _lines.Reader.WaitToReadAsync(CancellationToken.None).AsTask(), CancellationToken.None))
        {
            while (_lines.Reader.TryRead(out var line))
            {
                terminal.Write(line);
            }
        }

        return await work;
    }

    private async Task<int> Work(CancellationToken cancel)
    {
        var home = ChaosHome.Begin(options.Home);
        using var cluster = await ChaosCluster.Start(options, home);
        await using var reader = new HomeReader(doors.At(new(cluster.Api, null, null)));
        var answerer = reader.Operator!;
        var sight = _sight = new(answerer, options.Spec.Name, doors.Clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var keeping = Task.WhenAny(cluster.Keep(end.Token), sight.Watch(_costs, end.Token)).Unwrap();
        try
        {
            await Unless(keeping, Disturbed(cluster, home, answerer, sight, end.Token));
            _now = "faults are over";
            await Unless(keeping, ToItsEnd(sight, end.Token));
            await sight.Book(_costs, cancel);
            var folder = ResultFiles.FolderOf(home.Home.Folder, options.Spec.Name);
            await ResultFiles.Write(folder, await ExportRows.Of(answerer, options.Spec.Name, cancel), cancel);
            await end.CancelAsync();
            _now = "stopping";
            await cluster.Stop();
            _now = "auditing";
            var report = await JournalAudit.Run(home.Home, options.Journal, null, null, cancel);
            return Verdict(report, folder, sight.Counts!);
        }
        catch (ChaosStuckException stuck)
        {
            Table();
            Say($"{stuck.Message} What the nodes said is in {home.Home.Folder}", Tone.Bad);
            return ExitCodes.TrialsFailed;
        }
        finally
        {
            await end.CancelAsync();
            await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Disturbed(ChaosCluster cluster, ChaosHome home, IOperator answerer, ChaosSight sight, CancellationToken cancel)
    {
        Task Handed(CancellationToken stop) => Submit(answerer, stop);
        await Handed(cancel);
        await Within(sight.Progress, sight, StuckAfter, "No epoch has ended; nothing was disturbed yet.", cancel);
        _now = "measuring a recovery";
        var (news, clock) = (sight.Progress, System.Diagnostics.Stopwatch.StartNew());
        await cluster.Coordinator.Restart();
        await Within(news, sight, StuckAfter, "The coordinator was killed once and started again, and no epoch has ended since.", cancel);
        var recovery = clock.Elapsed;
        Say(options.Every.Said(recovery));
        await sight.Book(_costs, cancel);

        var deeds = new ChaosDeeds(cluster, home, new(home, JournalArgument.Of(options.Journal)), Handed);
        var began = sight.Elapsed;
        foreach (var step in options.Schedule.Steps())
        {
            _now = $"next fault is {step.Number}, {step.Fault.Name()}";
            if (!await Waited(options.Every.Of(recovery), sight, began, cancel))
            {
                break;
            }

            await sight.Book(_costs, cancel);
            _steps = step.Number;
            _now = $"{step.Fault.Name()}, {ChaosStep.NameOf(step.Target)}";
            _lines.Writer.TryWrite($"{Time(sight.Elapsed),7}  {sight.HowFar,9}{step}");
            sight.Restart();
            _costs.Begin(step.Fault);
            if (await deeds.Do(step, cancel) is { } remark)
            {
                Say($"   {remark}", Tone.Faint);
            }
        }

        _unhealed.AddRange(deeds.Unhealed);
    }

    /// <returns>Whether there is time, and a sweep, for one more fault.</returns>
    private async Task<bool> Waited(TimeSpan period, ChaosSight sight, TimeSpan began, CancellationToken cancel)
    {
        var until = sight.Elapsed + period;
        while (!sight.IsOver && (options.For is not { } most || sight.Elapsed - began < most))
        {
            if (sight.Elapsed >= until)
            {
                return true;
            }

            await Task.Delay(100, cancel);
        }

        return false;
    }

    private static async Task ToItsEnd(ChaosSight sight, CancellationToken cancel)
    {
        sight.Restart();
        while (!sight.IsOver)
        {
            if (sight.Silence > StuckAfter)
            {
                throw new ChaosStuckException($"It is stuck: no epoch and no trial has ended for {Numbers.Duration(sight.Silence.TotalSeconds)}, and no fault was done meanwhile.");
            }

            await Task.Delay(200, cancel);
        }
    }

    private static async Task Within(Task news, ChaosSight sight, TimeSpan limit, string why, CancellationToken cancel)
    {
        sight.Restart();
        while (!news.IsCompleted && !sight.IsOver)
        {
            if (sight.Silence > limit)
            {
                throw new ChaosStuckException(why);
            }

            await Task.WhenAny(news, Task.Delay(100, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Again and again until somebody answers.</summary>
    private async Task Submit(IOperator answerer, CancellationToken cancel)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); ;)
        {
            try
            {
                var reply = await answerer.Submit(new(options.Spec.Canonical, AcceptVersion: false), cancel);
                if (reply.Problems.Count > 0)
                {
                    throw new SpecProblemsException(reply.Problems);
                }

                return;
            }
            catch (UserError) when (clock.Elapsed < StartsWithin)
            {
                await Task.Delay(200, cancel);
            }
        }
    }

    /// <summary>The work, unless the keeping of the nodes fails before.</summary>
    private static async Task Unless(Task keeping, Task work)
    {
        await await Task.WhenAny(keeping, work);
        await work;
    }

    private int Verdict(AuditReport report, string folder, TrialCounts counts)
    {
        Table();
        foreach (var finding in report.Findings)
        {
            Say($"{finding.What} ({finding.Where})", Tone.Bad);
        }

        foreach (var problem in _unhealed)
        {
            Say(problem, Tone.Bad);
        }

        Say(
            report.Findings.Count == 0
                ? $"Audit: all {Numbers.Count(report.Events)} events are those that were written, and every result follows from them."
                : $"Audit: {Numbers.Count(report.Findings.Count, "finding", "findings")}.",
            report.Findings.Count == 0 ? Tone.Good : Tone.Bad);
        Say(
            $"{Numbers.Count(counts.Trials, "trial", "trials")}: {Numbers.Count(counts.Done)} with a result{(counts.Failed > 0 ? $", {Numbers.Count(counts.Failed)} failed" : "")}    {Time(_sight!.Elapsed)}",
            counts.Done == counts.Trials ? Tone.Good : Tone.Bad);
        _lines.Writer.TryWrite($"Results  {folder}"); // To be copied: on one line.
        return report.Findings.Count > 0 || _unhealed.Count > 0 ? ExitCodes.Wrong : counts.Done == counts.Trials ? ExitCodes.Fine : ExitCodes.TrialsFailed;
    }

    private void Table()
    {
        foreach (var line in ChaosTable.Of(_costs))
        {
            _lines.Writer.TryWrite(line);
        }

        Say($"{Numbers.Count(_steps, "fault", "faults")} of seed {options.Schedule.Seed}, schedule {options.Schedule.Digest(_steps)}");
    }

    private void Say(string text, Tone tone = Tone.Plain)
    {
        foreach (var line in Answers.Wrapped(text))
        {
            _lines.Writer.TryWrite(new(line, tone));
        }
    }

    private static string Time(TimeSpan time) => $"{(int)time.TotalMinutes}:{time.Seconds:00}";

    private Line Now()
    {
        if (_sight is not { } sight)
        {
            return "Starting the nodes";
        }

        var left = sight.SecondsLeft is { } seconds && !sight.IsOver ? $"  {Numbers.Duration(seconds)} left" : "";
        return Line.Fit($"{Time(sight.Elapsed),7}  {sight.HowFar} trials{left}  ·  {_now}", Line.Width);
    }
}

/// <summary>The sweep does not get on any more, and nothing hinders it.</summary>
internal sealed class ChaosStuckException(string sentence) : Exception(sentence);
