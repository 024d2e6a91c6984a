using System.Globalization;
using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

/// <summary>The verbs that change something, each with what it says before it does it.</summary>
internal static class ControlVerbs
{
    private static readonly VerbArgument OnlyFailed = new(VerbArguments.Failed, "Only failed trials; leave cancelled ones.", ArgumentKind.Flag);
    private static readonly VerbArgument Node = new(VerbArguments.Node, "The trainer, as memcluster nodes names it.", Required: true);
    private static readonly VerbArgument Undo = new(VerbArguments.Undo, "Let it have trials again.", ArgumentKind.Flag);
    private static readonly VerbArgument To = new(VerbArguments.Priority, "From -100 to 100; 0 unless said, the highest first.");

    public static IReadOnlyList<OperatorVerb> All =>
    [
        Of("pause", "Give out no new trials until resumed; running ones finish.", [], _ => new SweepCommand.Control.PauseSweep(),
            (said, counts, name) => $"{Running(counts)} to the end, {Pending(counts)} until: {Answers.Command(said, $"resume {name}")}"),
        Of("stop", "Let running trials finish, then stop; whoever follows the sweep is done then.", [], _ => new SweepCommand.Control.StopSweep(),
            (said, counts, name) => $"{Running(counts)} to the end, then it stops; {Pending(counts)} until: {Answers.Command(said, $"resume {name}")}"),
        Of("resume", "Go on with a sweep that was paused or stopped.", [], _ => new SweepCommand.Control.ResumeSweep(),
            (_, counts, _) => $"{Numbers.Count(counts.Pending, "pending trial is", "pending trials are")} given out again; running ones are not touched"),
        Of("cancel", "End a sweep: running trials are stopped, pending ones never run.", [], _ => new SweepCommand.Control.CancelSweep(),
            (said, counts, name) => $"{Numbers.Count(counts.Running, "running trial is", "running trials are")} stopped and lost, {Numbers.Count(counts.Pending, "pending one", "pending ones")}"
                + $" will not run; {Numbers.Count(counts.Done, "result stays", "results stay")} (undo with: {Answers.Command(said, $"retry {name}")})",
            asks: true),
        Of("retry", "Failed and cancelled trials become pending again.", [OnlyFailed],
            said => new SweepCommand.Control.RetryTrials(said.Has(VerbArguments.Failed)),
            (said, counts, _) => $"{Numbers.Count(counts.Failed + (said.Has(VerbArguments.Failed) ? 0 : counts.Cancelled), "trial becomes", "trials become")}"
                + " pending again, each under its next attempt number; running ones are not touched"),
        Of("priority", "Which sweep gets free slots first.", [To], said => new SweepCommand.Control.SetPriority(PriorityOf(said)),
            (said, _, _) => $"free slots go to the highest priority first (now {PriorityOf(said)}), among equals in fair shares; running trials are not touched"),
        Of("delete", "Remove a sweep and its results; its name is free again. Only while nothing of it runs.", [], _ => new SweepCommand.Control.DeleteSweep(),
            (_, counts, name) => $"the sweep, its {Numbers.Count(counts.Done, "result", "results")} and its results folder are removed for good, "
                + (counts.Running > 0 ? $"but not while trials run, and {Numbers.Count(counts.Running)} do" : "no trial of it is running"),
            asks: true),
        new("drain", "Give a trainer no new trials; its running ones finish.", [Node, Undo, VerbArgument.AsJson], Drain, AnnounceDrain),
    ];

    private static OperatorVerb Of(
        string name, string description, IReadOnlyList<VerbArgument> arguments, Func<VerbArguments, SweepCommand.Control> command,
        Func<VerbArguments, TrialCounts, SweepId, string> announce, bool asks = false)
    {
        IReadOnlyList<VerbArgument> yes = asks ? [VerbArgument.DontAsk] : [];
        return new(name, description, [VerbArgument.OneSweep, .. arguments, VerbArgument.AsJson, .. yes], Answer, Announce, asks);

        async Task<string> Announce(IOperator answerer, VerbArguments said, CancellationToken cancel)
        {
            var sweep = await SweepChoice.Of(answerer, said[VerbArguments.Sweep], cancel);
            return $"{sweep.Sweep}: {announce(said, sweep.Counts, sweep.Sweep)}.";
        }

        async IAsyncEnumerable<Line> Answer(IOperator answerer, VerbArguments said, [EnumeratorCancellation] CancellationToken cancel)
        {
            var sweep = await SweepChoice.Of(answerer, said[VerbArguments.Sweep], cancel);
            var reply = await answerer.Control(sweep.Sweep, command(said), cancel) ?? throw new UserError($"There is no sweep '{sweep.Sweep}' here any more.");
            if (reply.Refused.Length > 0)
            {
                throw new UserError(reply.Refused);
            }

            if (said.Has(VerbArguments.Json))
            {
                yield return Answers.Json(reply);
                yield break;
            }

            if (reply.Summary is null)
            {
                yield return new($"{sweep.Sweep} is deleted.", Tone.Good);
                yield break;
            }

            var changed = reply.Trials > 0 ? $" {Numbers.Count(reply.Trials, "trial", "trials")} changed." : "";
            var now = reply.Summary;
            var priority = now.Priority != 0 ? $", priority {now.Priority}" : "";
            foreach (var text in Answers.Wrapped($"{now.Sweep} is {now.State}{priority}: {Counts(now.Counts)}.{changed}"))
            {
                yield return new(text, Tone.Good);
            }
        }
    }

    private static async Task<string> AnnounceDrain(IOperator answerer, VerbArguments said, CancellationToken cancel)
    {
        var name = said[VerbArguments.Node]!;
        var nodes = await answerer.Nodes(cancel);
        var node = nodes.FirstOrDefault(one => one.Trainer == name) ?? throw new UserError(nodes.Count == 0
            ? $"No trainer named '{name}' is connected, nor any other."
            : $"No trainer named '{name}' is connected; there is: {string.Join(", ", nodes.Take(12).Select(one => one.Trainer))}");
        return said.Has(VerbArguments.Undo)
            ? $"{name}: it gets new trials again."
            : $"{name}: {Numbers.Count(node.Busy, "running trial goes", "running trials go")} on to the end there, and it gets no new ones until it is started again, or drained with --undo.";
    }

    private static async IAsyncEnumerable<Line> Drain(IOperator answerer, VerbArguments said, [EnumeratorCancellation] CancellationToken cancel)
    {
        var node = await answerer.Drain(said[VerbArguments.Node]!, !said.Has(VerbArguments.Undo), cancel)
            ?? throw new UserError($"No trainer named '{said[VerbArguments.Node]}' is connected.");
        yield return said.Has(VerbArguments.Json)
            ? Answers.Json(node)
            : new Line($"{node.Trainer} is {node.State}, {node.Busy} of {Numbers.Count(node.Slots, "slot", "slots")} busy.", Tone.Good);
    }

    private static int PriorityOf(VerbArguments said) =>
        int.TryParse(said[VerbArguments.Priority], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority)
            ? priority
            : throw new UserError($"Which priority? A number from -100 to 100{(said[VerbArguments.Priority] is { } text ? $", not '{text}'" : "")}: memcluster priority SWEEP N");

    private static string Running(TrialCounts counts) => Numbers.Count(counts.Running, "running trial goes on", "running trials go on");

    private static string Pending(TrialCounts counts) => Numbers.Count(counts.Pending, "pending one waits", "pending ones wait");

    private static string Counts(TrialCounts counts) => Reporting.Tables.SweepTableText.CountsOf(counts);
}
