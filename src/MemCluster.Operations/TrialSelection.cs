using System.Runtime.CompilerServices;
using MemCluster.Messages;

namespace MemCluster.Operations;

/// <summary>
/// What a <see cref="TrialQuery"/> means, wherever it is answered. Without an order nothing is held back: the first row is shown before the last
/// is read; with an order and a limit little more than the limit is held.
/// </summary>
public sealed class TrialSelection
{
    /// <summary>Rows held beyond twice the limit before those that can't be shown are let go.</summary>
    private const int Slack = 1000;

    private readonly TrialFilter _filter;
    private readonly TrialColumn? _sort;
    private readonly bool _smallestFirst;
    private readonly int _limit;

    /// <exception cref="UserError">A condition, column or limit can't be read.</exception>
    public TrialSelection(SweepSpec spec, TrialQuery query)
    {
        _filter = TrialFilter.Of(spec, query.Where);
        _limit = query.Limit ?? int.MaxValue;
        if (_limit < 1)
        {
            throw LimitProblem($"{_limit}");
        }

        if (query.Sort is { } sort)
        {
            _smallestFirst = sort.StartsWith('-');
            _sort = TrialColumn.Find(spec, sort.TrimStart('-'));
        }
    }

    public static UserError LimitProblem(string said) => new($"--limit is how many trials to show, from 1; not '{said}'.");

    public IAsyncEnumerable<TrialRow> Of(IAsyncEnumerable<TrialRow> rows, CancellationToken cancel = default) =>
        _sort is null ? InGridOrder(rows, cancel) : Sorted(rows, _sort, cancel);

    private async IAsyncEnumerable<TrialRow> InGridOrder(IAsyncEnumerable<TrialRow> rows, [EnumeratorCancellation] CancellationToken cancel)
    {
        var left = _limit;
        await foreach (var row in rows.WithCancellation(cancel))
        {
            if (_filter.Takes(row))
            {
                yield return row;
                if (--left == 0)
                {
                    yield break;
                }
            }
        }
    }

    private async IAsyncEnumerable<TrialRow> Sorted(
        IAsyncEnumerable<TrialRow> rows, TrialColumn column, [EnumeratorCancellation] CancellationToken cancel)
    {
        var kept = new List<TrialRow>();
        await foreach (var row in rows.WithCancellation(cancel))
        {
            if (_filter.Takes(row))
            {
                kept.Add(row);
                if (kept.Count >= (2L * _limit) + Slack)
                {
                    kept = [.. InOrder(kept, column).Take(_limit)];
                }
            }
        }

        foreach (var row in InOrder(kept, column).Take(_limit))
        {
            yield return row;
        }
    }

    /// <summary>Numbers by size, words by letters; a trial without a value comes last either way, and equal ones stay in grid order.</summary>
    private IEnumerable<TrialRow> InOrder(List<TrialRow> rows, TrialColumn column)
    {
        var there = rows.OrderBy(row => column.IsNumber ? column.Number(row) is null : column.Text(row).Length == 0);
        if (column.IsNumber)
        {
            return _smallestFirst ? there.ThenBy(row => column.Number(row)) : there.ThenByDescending(row => column.Number(row));
        }

        return _smallestFirst ? there.ThenByDescending(column.Text, StringComparer.Ordinal) : there.ThenBy(column.Text, StringComparer.Ordinal);
    }
}
