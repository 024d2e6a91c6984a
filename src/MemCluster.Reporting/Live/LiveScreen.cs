using MemCluster.Messages;
using MemCluster.Reporting.Tables;

namespace MemCluster.Reporting.Live;

/// <summary>A live view as lines: a bar, the table under work, the trials that run. Fits 100 columns and the height it is given.</summary>
public static class LiveScreen
{
    private const int MostRunning = 8;

    /// <param name="height">Lines there is room for.</param>
    /// <param name="labelOf">The trial in a few words.</param>
    /// <param name="epochsOf">Epochs it trains at most.</param>
    public static IReadOnlyList<Line> Lines(LiveView view, int height, Func<int, string> labelOf, Func<int, int> epochsOf)
    {
        var lines = new List<Line>(BarLines(view));
        var running = view.Running.Take(MostRunning).Select(trial => RunningLine(trial, labelOf(trial.Trial), epochsOf(trial.Trial))).ToList();
        if (view.Running.Length > MostRunning)
        {
            running.Add(new($"  … and {Numbers.Count(view.Running.Length - MostRunning)} more running", Tone.Faint));
        }

        if (view.Block is { } block)
        {
            lines.AddRange(BlockLines(block, Math.Max(1, height - lines.Count - running.Count - 2)));
        }

        lines.AddRange(running);
        return lines;
    }

    /// <summary>The same in one line, for a pipe.</summary>
    public static string Summary(LiveView view) => Line.Fit($"{view.Sweep}  {Numbers.Count(view.Counts.Ended)}/{Numbers.Count(view.Counts.Trials)}  {Stats(view)}", Line.Width);

    /// <summary>The end of a trial in one line, for a pipe.</summary>
    public static string EndOf(SweepEvent happened, string label) => happened switch
    {
        SweepEvent.TrialFinished finished => Line.Fit(
            $"trial {finished.Trial}  {label}  {Numbers.StateName(finished.Outcome.State)}"
            + $" after {Numbers.Count(finished.Outcome.Epochs, "epoch", "epochs")}{Accuracies(finished.Outcome)}{NoNumbers(finished.Outcome)}", Line.Width),
        SweepEvent.TrialFailed failed => Line.Fit($"trial {failed.Trial}  {label}  failed: {failed.Error.ReplaceLineEndings(" ")}", Line.Width),
        SweepEvent.TrialLost lost => Line.Fit($"trial {lost.Trial}  {label}  {(lost.HandedBack == true ? "handed back" : lost.Fault is null ? "lost" : "failed, to be tried again,")} at epoch {lost.Epoch}: {lost.Why.ReplaceLineEndings(" ")}", Line.Width),
        SweepEvent.SweepCancelled => "Cancelled: what had not ended does not run.",
        _ => "",
    };

    private static string Accuracies(TrialOutcome outcome) =>
        outcome.Measures.TryGetValue(MeasureNames.ValidationAccuracyBest, out var best)
        && outcome.Measures.TryGetValue(MeasureNames.ValidationAccuracyLast, out var last)
            ? $"  best {Numbers.Share(best)}  last {Numbers.Share(last)}"
            : "";

    /// <summary>Of what failed; what is not defined is no news.</summary>
    private static string NoNumbers(TrialOutcome outcome) => string.Concat(
        (outcome.Absent ?? Absences.None).Where(absent => absent.Value != Absence.NotDefined).Select(absent => $"  {absent.Key} {Absences.Words(absent.Value)}"));

    private static string Stats(LiveView view)
    {
        var counts = view.Counts;
        var parts = new List<string> { $"{(counts.Trials == 0 ? 100 : (int)(100L * counts.Ended / counts.Trials))} %" };
        if (counts.Running > 0)
        {
            parts.Add($"{Numbers.Count(counts.Running)} running");
        }

        if (counts.Failed > 0)
        {
            parts.Add($"{Numbers.Count(counts.Failed)} failed");
        }

        if (view.Seeds is { } seeds)
        {
            parts.Add($"{seeds.Most} of ≤ {seeds.AtMost} seeds");
        }

        if (counts.Ended < counts.Trials && view.SecondsLeft is { } left)
        {
            parts.Add($"{Numbers.Duration(left)} left");
        }

        parts.Add(view.TrialsPerSecond >= 10
            ? $"{Numbers.Short(view.TrialsPerSecond)} trials/s"
            : $"{Numbers.Short(view.EpochsPerSecond)} epochs/s");
        return string.Join("  ", parts);
    }

    private static IEnumerable<Line> BarLines(LiveView view)
    {
        var after = $"{Numbers.Count(view.Counts.Ended)}/{Numbers.Count(view.Counts.Trials)}  {Stats(view)}";
        var before = view.Sweep.Name;
        var room = Line.Width - before.Length - after.Length - 4;
        if (room < 12)
        {
            yield return new(before, Tone.Strong);
            (before, room) = ("", Line.Width - after.Length - 4);
        }

        yield return new($"{before}  {Bar(view.Counts, Math.Clamp(room, 4, 40))}  {after}", Tone.Strong);
    }

    /// <summary>Heavy for done, light for the rest, so that it reads without colour.</summary>
    private static string Bar(TrialCounts counts, int width)
    {
        var halves = counts.Trials == 0 ? 2 * width : (int)(2L * width * counts.Ended / counts.Trials);
        var whole = halves / 2;
        return new string('━', whole) + (halves % 2 == 1 ? "╸" : "") + new string('─', width - whole - halves % 2);
    }

    private static IEnumerable<Line> BlockLines(LiveBlock block, int most)
    {
        var corner = block.ColumnAxis.Length > 0 ? $"{block.RowAxis} ╲ {block.ColumnAxis}" : block.RowAxis;
        var cells = block.Cells.Select(row => row.Select(CellText).ToArray()).ToArray();
        var first = Math.Min(36, Math.Max(corner.Length, block.Rows.Max(row => row.Length)));
        var width = Math.Min(24, Math.Max(13, block.Columns.Max(column => column.Length)));
        var fitting = Math.Max(1, Math.Min(block.Columns.Length, (Line.Width - 2 - first) / (width + 2)));
        var layout = new TextTable([(first, false), .. Enumerable.Repeat((width, true), fitting)], indent: 2);
        const string What = "validation accuracy, best (last)";
        yield return new(Line.Fit("  " + (block.Title.Length > 0 ? $"{block.Title}   {What}" : What), Line.Width), Tone.Faint);
        yield return new(layout.Row([corner, .. block.Columns.Take(fitting)]), Tone.Faint);
        for (var row = 0; row < Math.Min(most, cells.Length); row++)
        {
            yield return layout.Row([block.Rows[row], .. cells[row].Take(fitting)]);
        }
    }

    private static string CellText(LiveCell cell)
    {
        var mark = cell.Running > 0 ? "▒" : " ";
        return cell.Best is { } best && cell.Last is { } last ? $"{Numbers.Share(best)} ({Numbers.Share(last)}){mark}"
            : cell.Running > 0 ? "▒"
            : cell.Failed > 0 ? "✗ "
            : cell.Diverged > 0 ? "diverged "
            : "· ";
    }

    private static Line RunningLine(LiveTrial trial, string label, int epochs)
    {
        var progress = $"epoch {trial.Epoch}/{epochs}"
            + (trial.TrainAccuracy is { } train ? $"  train {Numbers.Share(train)}" : "")
            + (trial.ValidationAccuracy is { } validation ? $"  val {Numbers.Share(validation)}" : "");
        var who = $"  trial {trial.Trial}  {label}" + (trial.Trainer.Length > 0 ? $"  on {trial.Trainer}" : "");
        return $"{Line.Fit(who, Line.Width - progress.Length - 3)}   {progress}";
    }
}
