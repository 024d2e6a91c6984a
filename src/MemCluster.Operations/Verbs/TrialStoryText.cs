using System.Globalization;
using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

/// <summary>A trial's attempts as a dated story in plain words, and which of its numbers are none.</summary>
internal static class TrialStoryText
{
    public static IEnumerable<Line> Lines(SweepId sweep, TrialStory story)
    {
        yield return new(Line.Fit($"{sweep}  trial {story.Row.Trial}  {story.Label}", Line.Width), Tone.Strong);
        if (story.Attempts.Count == 0)
        {
            yield return new(story.Row.State == TrialState.Pending ? "Nobody has taken it up yet." : "Nobody took it up.", Tone.Faint);
        }

        foreach (var attempt in story.Attempts)
        {
            yield return $"{Time(attempt.AssignedAt)}  {TakenUp(attempt, story)}";
            if (attempt.EndedAt is { } ended)
            {
                foreach (var line in Ended(attempt, ended, story.Row))
                {
                    yield return line;
                }
            }
        }

        foreach (var line in NoNumbers(story))
        {
            yield return line;
        }

        if (story is { Row.State: TrialState.Pending, Waiting.Length: > 0 })
        {
            foreach (var line in Answers.Wrapped($"Waits: {story.Waiting}"))
            {
                yield return new(line, Tone.Strong);
            }
        }
        else
        {
            yield return Now(story);
        }
    }

    private static string TakenUp(AttemptRow attempt, TrialStory story)
    {
        var earlier = story.Attempts.LastOrDefault(before => before.Attempt < attempt.Attempt);
        return earlier is null ? $"taken up by {attempt.Trainer}"
            : $"taken up by {attempt.Trainer} as attempt {attempt.Attempt}, {(attempt.Checkpoint is { } epoch ? $"from checkpoint {Numbers.Count(epoch)}" : "again from the beginning")}";
    }

    private static IEnumerable<Line> Ended(AttemptRow attempt, DateTimeOffset at, TrialRow row)
    {
        var (what, tone) = attempt.Ended switch
        {
            "finished" => ($"finished after {Numbers.Count(attempt.Epoch, "epoch", "epochs")}{Accuracies(row)}", Tone.Good),
            "diverged" => ($"diverged: its loss was no number after {Numbers.Count(attempt.Epoch, "epoch", "epochs")}", Tone.Strong),
            "cancelled" => ($"cancelled {Where(attempt)}", Tone.Strong),
            var failed when Rest(failed, "failed: ") is { } error => ($"failed on {attempt.Trainer} {Where(attempt)}: {error}", Tone.Bad),
            var lost when Rest(lost, "lost: ") is { } why => ($"lost with {attempt.Trainer} {Where(attempt)}: {why}", Tone.Strong),
            var given when Rest(given, "handed back: ") is { } why => ($"handed back by {attempt.Trainer} {Where(attempt)}: {why}", Tone.Strong),
            var other => (other, Tone.Plain),
        };
        var took = attempt.Seconds is { } seconds ? $", {Numbers.Duration(seconds)} of training" : "";
        return Answers.Wrapped($"{Time(at)}  {what}{took}").Select(line => new Line(line, tone));
    }

    private static Line Now(TrialStory story) => story.Row.State switch
    {
        TrialState.Running when story.Running is { } running => new(
            $"Now at epoch {running.Epoch} of {running.Epochs} on {running.Trainer}"
            + (running.TrainAccuracy is { } train ? $", train accuracy {Numbers.Share(train)}" : "")
            + (running.ValidationAccuracy is { } validation ? $", validation accuracy {Numbers.Share(validation)}" : ""), Tone.Strong),
        TrialState.Running => new("Under way when its coordinator was last at work.", Tone.Faint),
        TrialState.Pending => new("Waits for a trainer.", Tone.Faint),
        var state => new($"It is {Numbers.StateName(state)}; cell {story.Row.Cell}", Tone.Faint),
    };

    /// <summary>Faults first, a line for each measure; then what is not defined, in one.</summary>
    private static IEnumerable<Line> NoNumbers(TrialStory story)
    {
        foreach (var told in (story.Absent ?? []).Where(row => row.Word != Absence.NotDefined).GroupBy(row => (row.Measure, row.Word)))
        {
            var (epochs, numbers) = (told.Select(row => row.Epoch).Distinct().ToArray(), told.Sum(row => row.Numbers));
            var where = epochs.Length == 1 ? $"after epoch {epochs[0]}" : $"after {epochs.Length} epochs, the first of them {epochs[0]} and the last {epochs[^1]}";
            var ofArray = told.Any(row => row.Form != FindingForms.Number) ? $", {Numbers.Count(numbers, "entry", "entries")} in all" : "";
            foreach (var line in Answers.Wrapped($"{told.Key.Measure} {(told.Key.Word == Absence.Nan ? "" : "came out ")}{Absences.Words(told.Key.Word)} {where}{ofArray}"))
            {
                yield return new(line, Tone.Bad);
            }
        }

        string[] undefined =
        [
            .. (story.Row.Absent ?? Absences.None).Where(absent => absent.Value == Absence.NotDefined).Select(absent => absent.Key)
                .Concat((story.Absent ?? []).Where(row => row.Word == Absence.NotDefined).Select(row => row.Measure)).Distinct(),
        ];
        foreach (var line in undefined.Length == 0 ? [] : Answers.Wrapped($"Not defined: {string.Join(", ", undefined)}"))
        {
            yield return new(line, Tone.Faint);
        }
    }

    private static string Where(AttemptRow attempt) => attempt.Epoch > 0 ? $"at epoch {Numbers.Count(attempt.Epoch)}" : "before its first epoch";

    private static string Accuracies(TrialRow row) =>
        row.Measures.TryGetValue(MeasureNames.ValidationAccuracyBest, out var best) && row.Measures.TryGetValue(MeasureNames.ValidationAccuracyLast, out var last)
            ? $" (best {Numbers.Share(best)}, last {Numbers.Share(last)})"
            : "";

    private static string? Rest(string text, string beginning) => text.StartsWith(beginning, StringComparison.Ordinal) ? text[beginning.Length..] : null;

    /// <summary>UTC: the reader may sit in another zone than the node.</summary>
    private static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
