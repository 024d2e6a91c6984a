using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Groups;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

/// <summary>A training example as <c>examples</c> shows it.</summary>
/// <param name="Example">Its place in the training set, in file order, from 0.</param>
/// <param name="Given">The label given, in the first of the trials; they may differ where the noise does.</param>
/// <param name="Score">Mean over the trials; null where it is "never" in one of them.</param>
/// <param name="Corrupted">In how many of the trials the noise chose it.</param>
public sealed record ExampleRow(int Example, int Given, int True, int Corrupted, int Trials, string Name, double? Score);

/// <summary>Which training examples have the largest, or smallest, score.</summary>
internal static class ExamplesVerb
{
    private const int Shown = 20;

    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments arguments, [EnumeratorCancellation] CancellationToken cancel)
    {
        var sweep = await SweepChoice.Of(answerer, arguments[OperatorCatalogue.Sweep], cancel);
        var spec = await SweepChoice.SpecOf(answerer, sweep.Sweep, cancel);
        var together = EnsembleExamples.Names(spec);
        string[] names = [.. ExampleSheets.Names(spec), .. together];
        if (names.Length == 0)
        {
            throw new UserError($"{sweep.Sweep} measures no single examples. Ask for it in the sweep file, for example: measures: {{ learning: every 1 }}");
        }

        var asked = arguments[OperatorCatalogue.Top] ?? names.First(name => name != ExampleNames.Correct || names.Length == 1);
        var (name, smallestFirst) = (asked.TrimStart('-').Replace('-', '_'), asked.StartsWith('-'));
        if (!names.Contains(name))
        {
            throw new UserError($"'{name}' is no score of the examples of {sweep.Sweep}{Sweeps.Words.Instead(name, names)}");
        }

        var trial = Number(arguments, OperatorCatalogue.OneTrial, sweep.Counts.Trials + (sweep.Counts.Scores?.Trials ?? 0));
        var limit = Number(arguments, OperatorCatalogue.Limit, int.MaxValue) ?? Shown;
        var taken = await Taken(answerer, spec, arguments, sweep.Sweep, cancel);
        var arrays = answerer.Arrays(sweep.Sweep, trial, cancel).Where(array => taken is null || taken.Contains(array.Trial));
        var isTogether = together.Contains(name);
        if (isTogether && trial is not null)
        {
            throw new UserError($"{name} is a score of many trials together; leave --{OperatorCatalogue.OneTrial} out.");
        }

        var rows = isTogether ? await Together(spec, name, arrays, smallestFirst, cancel) : Ranked(await Last(arrays, name, sweep.Counts.Trials, cancel), name, smallestFirst);
        if (rows.Count == 0)
        {
            throw new UserError($"No trial asked for has told {name} of its examples yet.");
        }

        foreach (var line in arguments.Has(OperatorCatalogue.Json)
            ? rows.Take(limit).Select(row => new Line(JsonSerializer.Serialize(row, MessageJson.Options)))
            : Table(rows, limit, name, smallestFirst, isTogether ? "from" : "mean over"))
        {
            yield return line;
        }
    }

    /// <summary>The trials for which the conditions hold; null: all.</summary>
    private static async Task<HashSet<int>?> Taken(IOperator answerer, SweepSpec spec, VerbArguments arguments, SweepId sweep, CancellationToken cancel)
    {
        var conditions = arguments.All(OperatorCatalogue.Where);
        if (conditions.Count == 0)
        {
            return null;
        }

        var filter = TrialFilter.Of(spec, conditions);
        return await answerer.Trials(sweep, cancel).Where(row => filter.Takes(row)).Select(row => row.Trial).ToHashSetAsync(cancellationToken: cancel);
    }

    /// <summary>Of each trial the last epoch with this score. Trials that only score for others count where no trial of the grid has it.</summary>
    private static async Task<List<ExampleSheet>> Last(IAsyncEnumerable<TrialArray> arrays, string name, int trials, CancellationToken cancel)
    {
        var last = new SortedDictionary<int, ExampleSheet>();
        await foreach (var sheet in ExampleSheets.Of(arrays, cancel))
        {
            if (sheet.Scores.ContainsKey(name))
            {
                last[sheet.Trial] = sheet;
            }
        }

        return last.Keys.FirstOrDefault() is var first && first <= trials ? [.. last.Values.TakeWhile(sheet => sheet.Trial <= trials)] : [.. last.Values];
    }

    /// <summary>By what the trials say together; of examples of which they can say nothing there is no row.</summary>
    private static async Task<List<ExampleRow>> Together(SweepSpec spec, string name, IAsyncEnumerable<TrialArray> arrays, bool smallestFirst, CancellationToken cancel)
    {
        var (found, why) = await EnsembleExamples.Of(spec, name, arrays, cancel);
        if (found is null)
        {
            throw new UserError($"{char.ToUpperInvariant(why[0])}{why[1..]}.");
        }

        var known = Enumerable.Range(0, found.Scores.Length).Where(example => double.IsFinite(found.Scores[example]));
        return
        [
            .. (smallestFirst ? known.OrderBy(example => found.Scores[example]) : known.OrderByDescending(example => found.Scores[example])).ThenBy(example => example)
                .Select(example => new ExampleRow(
                    example, found.Given[example], found.True[example], found.Corrupted[example] ? found.Trials : 0, found.Trials, name, found.Scores[example])),
        ];
    }

    internal static List<ExampleRow> Ranked(IReadOnlyList<ExampleSheet> sheets, string name, bool smallestFirst)
    {
        var rows = sheets.SelectMany(sheet => sheet.Examples.Select((example, at) => (example, sheet, at))).GroupBy(told => told.example).Select(told =>
        {
            var (_, first, at) = told.First();
            return (Mean: told.Average(one => one.sheet.Scores[name][one.at]), Row: new ExampleRow(
                told.Key, (int)first.Given[at], (int)first.True[at], told.Count(one => one.sheet.Corrupted[one.at]), told.Count(), name, null));
        });
        var ordered = smallestFirst ? rows.OrderBy(row => row.Mean) : rows.OrderByDescending(row => row.Mean);
        return [.. ordered.ThenBy(row => row.Row.Example).Select(row => row.Row with { Score = double.IsFinite(row.Mean) ? row.Mean : null })];
    }

    private static IEnumerable<Line> Table(List<ExampleRow> rows, int limit, string name, bool smallestFirst, string how)
    {
        var trials = rows.Max(row => row.Trials);
        var table = new TextTable([(7, true), (5, true), (4, true), (9, true), (Math.Max(10, name.Length), true)]);
        yield return new(
            $"{name}, {(smallestFirst ? "smallest" : "largest")} of {Numbers.Count(rows.Count, "training example", "training examples")}{(trials > 1 ? $", {how} {trials} trials" : "")}");
        yield return new(table.Row(["EXAMPLE", "GIVEN", "TRUE", "CORRUPTED", name.ToUpperInvariant()]), Tone.Faint);
        foreach (var row in rows.Take(limit))
        {
            yield return new(table.Row(
            [
                Text(row.Example), Text(row.Given), Text(row.True),
                row.Corrupted == 0 ? "" : trials == 1 ? "yes" : $"{row.Corrupted}/{row.Trials}",
                row.Score?.ToString("0.#####", CultureInfo.InvariantCulture) ?? "never",
            ]));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? Number(VerbArguments arguments, string name, int most) => arguments[name] is not { } said ? null
        : int.TryParse(said, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
        : throw new UserError($"--{name} is a whole number from 1{(most < int.MaxValue ? $" to {Numbers.Count(most)}" : "")}, not '{said}'.");
}
