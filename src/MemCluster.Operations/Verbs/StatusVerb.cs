using System.Runtime.CompilerServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

internal static class StatusVerb
{
    private const int MostRunning = 20;

    private static readonly string[] Going = ["leaving", "draining", "drained"];

    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments arguments, [EnumeratorCancellation] CancellationToken cancel)
    {
        var one = arguments[OperatorCatalogue.Sweep];
        var sweeps = one is null ? await answerer.List(cancel) : [await SweepChoice.Of(answerer, one, cancel)];
        var statuses = new List<SweepStatus>();
        foreach (var sweep in sweeps)
        {
            statuses.Add(await answerer.Status(sweep.Sweep, cancel) ?? new SweepStatus(sweep, 0, null, "", [], []));
        }

        if (arguments.Has(OperatorCatalogue.Json))
        {
            yield return one is null
                ? JsonSerializer.Serialize(statuses, MessageJson.Options)
                : JsonSerializer.Serialize(statuses[0], MessageJson.Options);
            yield break;
        }

        if (statuses.Count == 0)
        {
            yield return "No sweep here yet. Begin one with: memcluster run SPEC";
            yield break;
        }

        var progress = one is null ? null : await answerer.Progress(sweeps[0].Sweep, cancel);
        foreach (var line in Sweeps(statuses).Concat(statuses.SelectMany(Waiting)).Concat(AxisLines.Of(progress ?? []))
                     .Concat(one is null ? [] : Running(statuses[0])).Concat(Trainers(statuses)))
        {
            yield return line;
        }
    }

    private static IEnumerable<Line> Sweeps(IReadOnlyList<SweepStatus> statuses)
    {
        IReadOnlyList<string>[] rows =
        [
            ["SWEEP", "STATE", "DONE", "RUNNING", "DIVERGED", "FAILED", "RATE", "LEFT", "SUBMITTED (UTC)"],
            .. statuses.Select(status => (IReadOnlyList<string>)
            [
                status.Summary.Sweep.Name, status.Summary.State, ListVerb.DoneOf(status.Summary.Counts),
                Numbers.Count(status.Summary.Counts.Running), Numbers.Count(status.Summary.Counts.Diverged), Numbers.Count(status.Summary.Counts.Failed),
                status.EpochsPerSecond > 0 ? $"{Numbers.Short(status.EpochsPerSecond)} epochs/s" : "–",
                status.SecondsLeft is { } left ? Numbers.Duration(left) : "–", ListVerb.TimeOf(status.Summary.SubmittedAt),
            ]),
        ];
        return TextTable.Of(rows, [false, false, true, true, true, true, true, true, false])
            .Select((text, index) => new Line(text, index == 0 ? Tone.Faint : Tone.Plain));
    }

    private static IEnumerable<Line> Waiting(SweepStatus status)
    {
        if (status.Waiting.Length > 0)
        {
            // A sentence for the operator is never cut; it takes the lines it needs.
            foreach (var text in Wrapped($"{status.Summary.Sweep} waits: {status.Waiting}"))
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
        foreach (var trainer in trainers.Where(trainer => trainer.State is not ("connected" or "leaving" or "draining" or "drained")))
        {
            foreach (var text in Wrapped($"  {trainer.Trainer} gets no work: {trainer.State}"))
            {
                yield return new(text, Tone.Bad);
            }
        }
    }

    internal static IEnumerable<string> Wrapped(string sentence)
    {
        var line = "";
        foreach (var word in sentence.ReplaceLineEndings(" ").Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Line.Width)
            {
                yield return line;
                line = "    " + word;
            }
            else
            {
                line = line.Length == 0 && word.Length > 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }
}
