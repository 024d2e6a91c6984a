using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

internal static class StatusVerb
{
    private const int MostRunning = 20;

    private static readonly string[] Going = ["leaving", "draining", "drained", "probation"];

    public static readonly VerbAnswer Answer = Answers.Of(Ask, Lines, asked => asked.One ? asked.Statuses[0] : asked.Statuses);

    private static async Task<Asked> Ask(IOperator answerer, VerbArguments said, CancellationToken cancel)
    {
        var one = said[VerbArguments.Sweep];
        var sweeps = one is null ? await answerer.List(cancel) : [await SweepChoice.Of(answerer, one, cancel)];
        if (one is not null && sweeps[0] is { State: SweepSummary.CannotBeRead } unreadable)
        {
            throw new UserError(unreadable.Waiting!);
        }

        var statuses = new List<SweepStatus>();
        foreach (var sweep in sweeps)
        {
            statuses.Add(await answerer.Status(sweep.Sweep, cancel) ?? new SweepStatus(sweep, 0, null, "", [], []));
        }

        var progress = one is null ? null : await answerer.Progress(sweeps[0].Sweep, cancel);
        return new(one is not null, statuses, progress ?? []);
    }

    private static IEnumerable<Line> Lines(Asked asked) => asked.Statuses.Count == 0
        ? [ListVerb.None]
        : Sweeps(asked.Statuses).Concat(asked.Statuses.SelectMany(Waiting)).Concat(AxisLines.Of(asked.Progress))
            .Concat(asked.One ? Running(asked.Statuses[0]) : []).Concat(Trainers(asked.Statuses));

    private static IEnumerable<Line> Sweeps(IReadOnlyList<SweepStatus> statuses) => Answers.Table(
        [
            ("SWEEP", false), ("STATE", false), ("DONE", true), ("RUNNING", true), ("DIVERGED", true), ("FAILED", true), ("RATE", true), ("LEFT", true),
            ("SUBMITTED (UTC)", false),
        ],
        statuses.Select(status => (string[])
        [
            status.Summary.Sweep.Name, status.Summary.State, ListVerb.DoneOf(status.Summary.Counts),
            Numbers.Count(status.Summary.Counts.Running), Numbers.Count(status.Summary.Counts.Diverged), Numbers.Count(status.Summary.Counts.Failed),
            status.EpochsPerSecond > 0 ? $"{Numbers.Short(status.EpochsPerSecond)} epochs/s" : "–",
            status.SecondsLeft is { } left ? Numbers.Duration(left) : "–", ListVerb.TimeOf(status.Summary.SubmittedAt),
        ]));

    private static IEnumerable<Line> Waiting(SweepStatus status)
    {
        if (status.Summary.Counts.Scores is { AllEnded: false } scores)
        {
            yield return $"{status.Summary.Sweep}: {Numbers.Count(scores.Ended)} of {Numbers.Count(scores.Trials, "trial that computes scores has", "trials that compute scores have")} ended, {Numbers.Count(scores.Running)} running.";
        }

        if (status.Summary.Seeds is { } seeds)
        {
            yield return $"{status.Summary.Sweep}: {seeds.Text} asked for; {(seeds.Done ? "no claim asks for more" : "its claims are looked at when these trials have ended")}.";
        }

        if (status.Summary.JournalLost is var lost and > 0)
        {
            foreach (var text in Answers.Wrapped(
                $"{status.Summary.Sweep}: the journal had lost what it had acknowledged of {Numbers.Count(lost, "attempt", "attempts")} (an older copy, a disk that lied); "
                + $"they were given up and trained again. What is there now is proved by: memcluster audit {status.Summary.Sweep}"))
            {
                yield return new(text, Tone.Bad);
            }
        }

        if (status.Waiting.Length > 0)
        {
            // A sentence for the operator is never cut; it takes the lines it needs.
            foreach (var text in ListVerb.Why(status.Summary with { Waiting = status.Waiting }))
            {
                yield return new(text, Tone.Strong);
            }
        }
    }

    private static IEnumerable<Line> Running(SweepStatus status)
    {
        if (status.Running.Count > 1)
        {
            var oldest = status.Running.MinBy(trial => trial.Since)!;
            yield return $"Longest under way: trial {oldest.Trial} on {oldest.Trainer}, since {ListVerb.TimeOf(oldest.Since)} UTC";
        }

        foreach (var trial in status.Running.Take(MostRunning))
        {
            var progress = $"epoch {trial.Epoch}/{trial.Epochs}"
                + (trial.TrainAccuracy is { } train ? $"  train {Numbers.Share(train)}" : "")
                + (trial.ValidationAccuracy is { } validation ? $"  val {Numbers.Share(validation)}" : "");
            var attempt = trial.Attempt > 1 ? $"  attempt {trial.Attempt}" : "";
            yield return $"{Line.Fit($"  trial {trial.Trial}  {trial.Label}  on {trial.Trainer}{attempt}", Line.Width - progress.Length - 3)}   {progress}";
        }

        if (status.Running.Count > MostRunning)
        {
            yield return new($"  … and {Numbers.Count(status.Running.Count - MostRunning)} more running", Tone.Faint);
        }
    }

    /// <summary>The same trainers work for all sweeps.</summary>
    private static IEnumerable<Line> Trainers(IReadOnlyList<SweepStatus> statuses)
    {
        var trainers = statuses.SelectMany(status => status.Trainers).GroupBy(trainer => trainer.Trainer).Select(group => group.First()).ToArray();
        if (trainers.Length == 0)
        {
            yield break;
        }

        string[] going = [.. Going
            .Select(state => (State: state, Count: trainers.Count(trainer => trainer.State == state)))
            .Where(state => state.Count > 0).Select(state => $"{state.Count} {state.State}")];
        yield return $"{Numbers.Count(trainers.Length, "trainer", "trainers")}{(going.Length > 0 ? $" ({string.Join(", ", going)})" : "")}, "
            + $"{Numbers.Count(trainers.Sum(trainer => trainer.Busy))} of {Numbers.Count(trainers.Sum(trainer => trainer.Slots), "slot", "slots")} busy";
        foreach (var trainer in trainers.Where(trainer => trainer.State is not ("connected" or "leaving" or "draining" or "drained" or "probation")))
        {
            foreach (var text in Answers.Wrapped($"  {trainer.Trainer} gets no work: {trainer.State}"))
            {
                yield return new(text, Tone.Bad);
            }
        }
    }

    /// <param name="One">A sweep was named.</param>
    /// <param name="Progress">Of the one that was named.</param>
    private sealed record Asked(bool One, IReadOnlyList<SweepStatus> Statuses, IReadOnlyList<AxisProgress> Progress);
}
