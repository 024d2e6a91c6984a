using System.Globalization;
using System.Text.Json.Serialization;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Groups;

namespace MemCluster.Operations.Verbs;

/// <summary>A training example as <c>examples</c> shows it.</summary>
/// <param name="Example">Its place in the training file, from 0; in the training set, where that is balanced and not drawn.</param>
/// <param name="Given">The label given, in the first of the trials; they may differ where the noise does.</param>
/// <param name="Score">Mean over the trials; null where it is "never" in one of them, or no number.</param>
/// <param name="Corrupted">In how many of the trials the noise chose it.</param>
public sealed record ExampleRow(int Example, int Given, int True, int Corrupted, int Trials, string Name, double? Score)
{
    /// <summary>The first of the trials, counted from 1: <see cref="Given"/> is its label.</summary>
    [JsonIgnore]
    public int First { get; init; }

    /// <summary>Why there is no score; null where there is one, and where it is "never".</summary>
    public Absence? Absent { get; init; }

    [JsonIgnore]
    public string ScoreText => Score?.ToString("0.#####", CultureInfo.InvariantCulture) ?? (Absent is { } word ? Absences.Words(word) : "never");
}

/// <summary>Examples in the order of a score; those of equal scores in file order, those whose score came out NaN last.</summary>
internal static class ExampleRanking
{
    /// <summary>By the mean over trials, of each the last epoch with this score. Trials that only score for others count where no trial of the grid has it.</summary>
    /// <param name="trials">Of the grid.</param>
    public static async Task<List<ExampleRow>> Mean(IAsyncEnumerable<TrialArray> arrays, string name, int trials, bool smallestFirst, CancellationToken cancel)
    {
        var last = new SortedDictionary<int, ExampleSheet>();
        await foreach (var sheet in ExampleSheets.Of(arrays, cancel))
        {
            if (sheet.Scores.ContainsKey(name))
            {
                last[sheet.Trial] = sheet;
            }
        }

        var sheets = last.Keys.FirstOrDefault() is var first && first <= trials ? last.Values.TakeWhile(sheet => sheet.Trial <= trials) : last.Values;
        var rows = sheets.SelectMany(sheet => sheet.Examples.Select((example, at) => (example, sheet, at)))
            .Where(told => !ExampleSheets.IsNone(name, told.sheet.Scores[name][told.at])).GroupBy(told => told.example).Select(told =>
        {
            var (_, first, at) = told.First();
            var mean = told.Average(one => one.sheet.Scores[name][one.at]);
            return (Mean: mean, Row: new ExampleRow(
                told.Key, (int)first.Given[at], (int)first.True[at], told.Count(one => one.sheet.Corrupted[one.at]), told.Count(), name, double.IsFinite(mean) ? mean : null)
            {
                First = first.Trial,
                Absent = ExampleSheets.IsNever(name, mean) ? null : Absences.Of(mean),
            });
        });
        var numbersFirst = rows.OrderBy(row => double.IsNaN(row.Mean));
        return [.. (smallestFirst ? numbersFirst.ThenBy(row => row.Mean) : numbersFirst.ThenByDescending(row => row.Mean)).ThenBy(row => row.Row.Example).Select(row => row.Row)];
    }

    /// <summary>By what the trials say together; of examples of which they can say nothing there is no row.</summary>
    /// <exception cref="UserError">These trials are no ensemble.</exception>
    public static async Task<List<ExampleRow>> Together(SweepSpec spec, string name, IAsyncEnumerable<TrialArray> arrays, bool smallestFirst, CancellationToken cancel)
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
                    found.Drawn?[example] ?? example, found.Given[example], found.True[example], found.Corrupted[example] ? found.Trials : 0, found.Trials, name, found.Scores[example])
                { First = found.First }),
        ];
    }
}
