using System.Globalization;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Groups;
using MemCluster.Reporting.Tables;
using MemCluster.Sweeps;

namespace MemCluster.Operations.Verbs;

/// <summary>The training examples that were asked for, by a score.</summary>
/// <param name="Of">How many there are to choose from.</param>
/// <param name="Trials">The most trials that a score is from.</param>
/// <param name="Together">It is a score of all trials together, not a mean of each one's.</param>
/// <param name="Rows">Those chosen, in order; at least one.</param>
public sealed record ExampleChoice(
    SweepId Sweep, SweepSpec Spec, string Score, bool SmallestFirst, int Of, int Trials, bool Together, IReadOnlyList<ExampleRow> Rows)
{
    private const int Shown = 20;

    /// <summary>The fewest trials that a score is from: where trials leave examples out, or draw their own, not all trials have an example.</summary>
    public int LeastTrials { get; init; } = Trials;

    public string Heading => $"{Score}, {(SmallestFirst ? "smallest" : "largest")} of {Numbers.Count(Of, "training example", "training examples")}"
        + (Trials > 1 ? $", {(Together ? "from" : "mean over")} {(LeastTrials < Trials ? $"{LeastTrials} to " : "")}{Trials} trials" : "");

    /// <exception cref="UserError">The sweep, the score, or what the arguments ask for is not there.</exception>
    public static async Task<ExampleChoice> From(IOperator answerer, VerbArguments arguments, CancellationToken cancel)
    {
        var sweep = await SweepChoice.Of(answerer, arguments[VerbArguments.Sweep], cancel);
        var spec = await SweepChoice.SpecOf(answerer, sweep.Sweep, cancel);
        var together = EnsembleExamples.Names(spec);
        string[] names = [.. ExampleSheets.Names(spec), .. together];
        if (names.Length == 0)
        {
            throw new UserError($"{sweep.Sweep} measures no single examples. Ask for it in the sweep file, for example: measures: {{ learning: every 1 }}");
        }

        var asked = arguments[VerbArguments.Top] ?? names.First(name => name != ExampleNames.Correct || names.Length == 1);
        var (score, smallestFirst) = (asked.TrimStart('-').Replace('-', '_'), asked.StartsWith('-'));
        if (!names.Contains(score))
        {
            throw new UserError($"'{score}' is no score of the examples of {sweep.Sweep}{Phrases.Instead(score, names)}");
        }

        var trial = Number(arguments, VerbArguments.OneTrial, sweep.Counts.LastTrial + (sweep.Counts.Scores?.Trials ?? 0));
        var limit = Number(arguments, VerbArguments.Limit, int.MaxValue) ?? Shown;
        var taken = await Taken(answerer, spec, arguments, sweep.Sweep, cancel);
        var arrays = answerer.Arrays(sweep.Sweep, trial, cancel).Where(array => taken is null || taken.Contains(array.Trial));
        var isTogether = together.Contains(score);
        if (isTogether && trial is not null)
        {
            throw new UserError($"{score} is a score of many trials together; leave --{VerbArguments.OneTrial} out.");
        }

        var rows = isTogether
            ? await ExampleRanking.Together(spec, score, arrays, smallestFirst, cancel)
            : await ExampleRanking.Mean(arrays, score, sweep.Counts.LastTrial, smallestFirst, cancel);
        return rows.Count > 0
            ? new(sweep.Sweep, spec, score, smallestFirst, rows.Count, rows.Max(row => row.Trials), isTogether, [.. rows.Take(limit)]) { LeastTrials = rows.Min(row => row.Trials) }
            : throw new UserError($"No trial asked for has told {score} of its examples yet.");
    }

    public IEnumerable<Line> Lines(bool json)
    {
        if (json)
        {
            return Rows.Select(row => new Line(JsonSerializer.Serialize(row, MessageJson.Options)));
        }

        var table = new TextTable([(7, true), (5, true), (4, true), (9, true), (Rows.Select(row => row.ScoreText.Length).Append(Score.Length).Append(10).Max(), true)]);
        return
        [
            Heading, new(table.Row(["EXAMPLE", "GIVEN", "TRUE", "CORRUPTED", Score.ToUpperInvariant()]), Tone.Faint),
            .. Rows.Select(row => new Line(table.Row(
            [
                Text(row.Example), Text(row.Given), Text(row.True), row.Corrupted == 0 ? "" : Trials == 1 ? "yes" : $"{row.Corrupted}/{row.Trials}", row.ScoreText,
            ]))),
        ];
    }

    /// <summary>The trials for which the conditions hold; null: all.</summary>
    private static async Task<HashSet<int>?> Taken(IOperator answerer, SweepSpec spec, VerbArguments arguments, SweepId sweep, CancellationToken cancel)
    {
        var conditions = arguments.All(VerbArguments.Where);
        if (conditions.Count == 0)
        {
            return null;
        }

        var filter = TrialFilter.Of(spec, conditions);
        return await answerer.Trials(sweep, cancel).Where(row => filter.Takes(row)).Select(row => row.Trial).ToHashSetAsync(cancellationToken: cancel);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? Number(VerbArguments arguments, string name, int most) => arguments[name] is not { } said ? null
        : int.TryParse(said, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
        : throw new UserError($"--{name} is a whole number from 1{(most < int.MaxValue ? $" to {Numbers.Count(most)}" : "")}, not '{said}'.");
}
