using System.Runtime.CompilerServices;
using MemCluster.Messages;

namespace MemCluster.Reporting;

/// <summary>Counts numbers that are not finite while the rows of the files pass by that leave their fields empty.</summary>
public sealed class AbsenceTally
{
    /// <summary>By measure: empty fields of trials.csv.</summary>
    public SortedDictionary<string, long[]> Trials { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows of measures.csv without a value.</summary>
    public SortedDictionary<string, long[]> Measures { get; } = new(StringComparer.Ordinal);

    /// <summary>Entries of per-example arrays and of matrices. An infinity that says "never" is none.</summary>
    public SortedDictionary<string, long[]> Arrays { get; } = new(StringComparer.Ordinal);

    /// <summary>Of a count by word, as these dictionaries have it.</summary>
    public static long Of(long[] counts, Absence word) => counts[(int)word];

    public async IAsyncEnumerable<TrialRow> Watching(IAsyncEnumerable<TrialRow> rows, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var row in rows.WithCancellation(cancel))
        {
            foreach (var (measure, word) in row.Absent ?? Absences.None)
            {
                Add(Trials, measure, word, 1);
            }

            yield return row;
        }
    }

    public async IAsyncEnumerable<MeasureRow> Watching(IAsyncEnumerable<MeasureRow> rows, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await foreach (var row in rows.WithCancellation(cancel))
        {
            if (row.Absent is { } word)
            {
                Add(Measures, row.Measure, word, 1);
            }

            yield return row;
        }
    }

    public async Task AddArrays(IAsyncEnumerable<AbsenceRow> rows, CancellationToken cancel = default)
    {
        await foreach (var row in rows.WithCancellation(cancel))
        {
            if (row.Form != FindingForms.Number)
            {
                Add(Arrays, row.Measure, row.Word, row.Numbers);
            }
        }
    }

    private static void Add(SortedDictionary<string, long[]> to, string measure, Absence word, int numbers)
    {
        if (!to.TryGetValue(measure, out var counts))
        {
            to.Add(measure, counts = new long[4]);
        }

        counts[(int)word] += numbers;
    }
}
