using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;
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
        var names = ExampleSheets.Names(spec);
        if (names.Count == 0)
        {
            throw new UserError($"{sweep.Sweep} measures no single examples. Ask for it in the sweep file, for example: measures: {{ learning: every 1 }}");
        }

        var asked = arguments[OperatorCatalogue.Top] ?? names.FirstOrDefault(name => name != ExampleNames.Correct)!;
        var (name, smallestFirst) = (asked.TrimStart('-').Replace('-', '_'), asked.StartsWith('-'));
        if (!names.Contains(name))
        {
            throw new UserError($"'{name}' is no score of the examples of {sweep.Sweep}{Sweeps.Words.Instead(name, [.. names])}");
        }

        var trial = Number(arguments, OperatorCatalogue.OneTrial, sweep.Counts.Trials + (sweep.Counts.Scores?.Trials ?? 0));
        var limit = Number(arguments, OperatorCatalogue.Limit, int.MaxValue) ?? Shown;
        var told = await Last(answerer.Arrays(sweep.Sweep, trial, cancel), name, await Taken(answerer, spec, arguments, sweep.Sweep, cancel), cancel);

        // Trials that only score for others count where no trial of the grid has the score.
        var ofGrid = told.Where(sheet => sheet.Trial <= sweep.Counts.Trials).ToList();
        var rows = Ranked(ofGrid.Count > 0 ? ofGrid : told, name, smallestFirst);
        if (rows.Count == 0)
        {
            throw new UserError($"No trial asked for has told {name} of its examples yet.");
        }

        foreach (var line in arguments.Has(OperatorCatalogue.Json)
            ? rows.Take(limit).Select(row => new Line(JsonSerializer.Serialize(row, MessageJson.Options)))
            : Table(rows, limit, name, smallestFirst))
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

    /// <summary>Of each trial the last epoch with this score.</summary>
    private static async Task<List<ExampleSheet>> Last(IAsyncEnumerable<TrialArray> arrays, string name, HashSet<int>? trials, CancellationToken cancel)
    {
        var last = new SortedDictionary<int, ExampleSheet>();
        await foreach (var sheet in ExampleSheets.Of(arrays.Where(array => trials is null || trials.Contains(array.Trial)), cancel))
        {
            if (sheet.Scores.ContainsKey(name))
            {
                last[sheet.Trial] = sheet;
            }
        }

        return [.. last.Values];
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

    private static IEnumerable<Line> Table(List<ExampleRow> rows, int limit, string name, bool smallestFirst)
    {
        var trials = rows.Max(row => row.Trials);
        var table = new TextTable([(7, true), (5, true), (4, true), (9, true), (Math.Max(10, name.Length), true)]);
        yield return new(
            $"{name}, {(smallestFirst ? "smallest" : "largest")} of {Numbers.Count(rows.Count, "training example", "training examples")}{(trials > 1 ? $", mean over {trials} trials" : "")}");
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
