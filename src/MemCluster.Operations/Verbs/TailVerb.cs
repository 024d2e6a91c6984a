using System.Globalization;
using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Live;
using MemCluster.Sweeps;

namespace MemCluster.Operations.Verbs;

internal static class TailVerb
{
    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments arguments, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (sweep, spec) = await SweepChoice.WithSpec(answerer, arguments[VerbArguments.Sweep], cancel);
        var only = TrialOf(arguments[VerbArguments.Trial], sweep);
        var grid = new Grid(spec);
        await foreach (var happened in answerer.Events(sweep.Sweep, cancel))
        {
            if (only is { } trial && PlaceOf(happened) != trial)
            {
                continue;
            }

            if (arguments.Has(VerbArguments.Json))
            {
                yield return Answers.Json(happened);
                continue;
            }

            foreach (var line in Lines(happened, grid))
            {
                yield return line;
            }
        }
    }

    private static int? TrialOf(string? said, SweepSummary sweep) => said is null ? null
        : int.TryParse(said, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var trial) && trial >= 1 && trial <= sweep.Counts.LastTrial ? trial
        : throw new UserError($"'{said}' is no trial of {sweep.Sweep}; they are numbered from 1 to {Numbers.Count(sweep.Counts.LastTrial)}.");

    private static IEnumerable<Line> Lines(IMessage happened, Grid grid) => happened switch
    {
        TrialMeasured measured => Epochs(measured, grid.LabelAt(measured.Trial - 1)),
        SweepEvent.TrialAssigned assigned => [Fitting(assigned.Trial, grid, $"taken up by {assigned.Trainer}, attempt {assigned.Key.Attempt}")],
        SweepEvent.TrialFinished or SweepEvent.TrialFailed or SweepEvent.TrialLost =>
            [new(LiveScreen.EndOf((SweepEvent)happened, grid.LabelAt(PlaceOf(happened) - 1)), happened is SweepEvent.TrialFinished ? Tone.Good : Tone.Strong)],
        SweepEvent.SweepHeld held => [new($"{held.Sweep} is {held.Hold}: no new trials", Tone.Strong)],
        SweepEvent.SweepResumed resumed => [new($"{resumed.Sweep} goes on", Tone.Strong)],
        SweepEvent.SweepCancelled cancelled => [new($"{cancelled.Sweep} is cancelled", Tone.Strong)],
        SweepEvent.TrialsRetried retried => [new($"{retried.Sweep}: {(retried.OnlyFailed ? "failed" : "failed and cancelled")} trials are pending again", Tone.Strong)],
        SweepEvent.SeedsAsked { Done: true } asked => [new($"{asked.Sweep}: no claim asks for more seeds", Tone.Strong)],
        SweepEvent.SeedsAsked asked => [new($"{asked.Sweep}: up to {asked.Asked.Max(run => run.Seeds)} seeds are asked for, {Numbers.Count(asked.Asked.Sum(run => run.Trials), "trial", "trials")} in all", Tone.Strong)],
        SweepEvent.PrioritySet set => [new($"{set.Sweep} has priority {set.Priority}", Tone.Strong)],
        SweepEvent.SweepDeleted deleted => [new($"{deleted.Sweep} is deleted", Tone.Strong)],
        _ => [],
    };

    private static IEnumerable<Line> Epochs(TrialMeasured batch, string label)
    {
        if (batch.Checkpoint is { } kept)
        {
            yield return Line.Fit($"trial {batch.Trial}  {label}  goes on from checkpoint {kept}", Line.Width);
        }

        // What was told by the attempt before is told again, and is no news.
        for (var row = Math.Clamp((batch.Checkpoint ?? 0) - batch.FirstEpoch + 1, 0, batch.Weights.Count); row < batch.Weights.Count; row++)
        {
            double Of(string measure)
            {
                var column = batch.Measures.ToList().IndexOf(measure);
                return column < 0 ? double.NaN : BitConverter.ToDouble(batch.Values, ((row * batch.Measures.Count) + column) * sizeof(double));
            }

            var (train, validation) = (Of(MeasureNames.TrainAccuracy), Of(MeasureNames.ValidationAccuracy));
            var numbers = (double.IsFinite(train) ? $"  train {Numbers.Share(train)}" : "") + (double.IsFinite(validation) ? $"  val {Numbers.Share(validation)}" : "");
            yield return Line.Fit($"trial {batch.Trial}  {label}  epoch {batch.FirstEpoch + row}{numbers}", Line.Width);
        }
    }

    private static Line Fitting(int trial, Grid grid, string what) => Line.Fit($"trial {trial}  {grid.LabelAt(trial - 1)}  {what}", Line.Width);

    private static int PlaceOf(IMessage happened) => happened switch
    {
        TrialMeasured measured => measured.Trial,
        SweepEvent.TrialAssigned assigned => assigned.Trial,
        SweepEvent.TrialFinished finished => finished.Trial,
        SweepEvent.TrialFailed failed => failed.Trial,
        SweepEvent.TrialLost lost => lost.Trial,
        _ => 0,
    };
}
