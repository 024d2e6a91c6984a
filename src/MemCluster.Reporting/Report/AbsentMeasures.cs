using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Reporting.Report;

/// <param name="Trials">That have such a number, at whatever epoch.</param>
/// <param name="Numbers">How many there are of them, over epochs and, in arrays, examples.</param>
/// <param name="Which">The first of the trials, as text.</param>
internal sealed record AbsentMeasure(string Measure, Absence Word, int Trials, long Numbers, string Which);

/// <summary>Gathers which measures gave numbers that are not finite. A trial that diverged is told as that, and not again here.</summary>
internal sealed class AbsentMeasures
{
    private const int MostNamed = 5;

    private readonly HashSet<int> _diverged = [];
    private readonly Dictionary<(string Measure, Absence Word), (int Trials, int Last, long Numbers, List<int> First)> _found = [];

    public void Add(TrialRow row)
    {
        if (row.State == TrialState.Diverged)
        {
            _diverged.Add(row.Trial);
        }
    }

    /// <summary>By trial, after all trials.</summary>
    public void Add(AbsenceRow row)
    {
        if (_diverged.Contains(row.Trial))
        {
            return;
        }

        var (trials, last, numbers, first) = _found.TryGetValue((row.Measure, row.Word), out var known) ? known : (0, 0, 0, []);
        if (row.Trial != last && first.Count < MostNamed)
        {
            first.Add(row.Trial);
        }

        _found[(row.Measure, row.Word)] = (trials + (row.Trial == last ? 0 : 1), row.Trial, numbers + row.Numbers, first);
    }

    public ImmutableArray<AbsentMeasure> All() =>
    [
        .. _found.OrderBy(found => found.Key.Word == Absence.NotDefined).ThenBy(found => found.Key.Measure, StringComparer.Ordinal).ThenBy(found => found.Key.Word)
            .Select(found => new AbsentMeasure(
                found.Key.Measure, found.Key.Word, found.Value.Trials, found.Value.Numbers,
                string.Join(", ", found.Value.First.Select(trial => Numbers.Count(trial))) + (found.Value.Trials > MostNamed ? " …" : ""))),
    ];
}
