using System.Globalization;
using System.Runtime.CompilerServices;
using MemCluster.Messages;

namespace MemCluster.Operations.Verbs;

/// <summary>Which trials, in which order, and how many of them. Without an order nothing is held back: the first row is shown before the last is read.</summary>
public sealed class TrialSelection
{
    private readonly TrialFilter _filter;
    private readonly TrialColumn? _sort;
    private readonly bool _smallestFirst;
    private readonly int _limit;

    /// <exception cref="UserError">A condition, column or limit can't be read.</exception>
    public TrialSelection(SweepSpec spec, VerbArguments arguments)
    {
        _filter = TrialFilter.Of(spec, arguments.All(OperatorCatalogue.Where));
        _limit = int.MaxValue;
        if (arguments[OperatorCatalogue.Limit] is { } limit
            && (!int.TryParse(limit, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _limit) || _limit < 1))
        {
            throw new UserError($"--limit is how many trials to show, from 1; not '{limit}'.");
        }

        if (arguments[OperatorCatalogue.Sort] is { } sort)
        {
            _smallestFirst = sort.StartsWith('-');
            _sort = TrialColumn.Find(spec, sort.TrimStart('-'));
        }
    }

    public async IAsyncEnumerable<TrialRow> Of(IAsyncEnumerable<TrialRow> rows, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (_sort is not null)
        {
            var kept = new List<TrialRow>();
            await foreach (var row in rows.WithCancellation(cancel))
            {
                if (_filter.Takes(row))
                {
                    kept.Add(row);
                }
            }

            foreach (var row in InOrder(kept, _sort).Take(_limit))
            {
                yield return row;
            }

            yield break;
        }

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

    /// <summary>Numbers by size, words by letters; a trial without a value comes last either way, and equal ones stay in grid order.</summary>
    private IEnumerable<TrialRow> InOrder(List<TrialRow> rows, TrialColumn column)
    {
        var there = rows.OrderBy(row => column.Text(row).Length == 0);
        if (rows.TrueForAll(row => column.Text(row).Length == 0 || column.Number(row) is not null))
        {
            return _smallestFirst ? there.ThenBy(row => column.Number(row)) : there.ThenByDescending(row => column.Number(row));
        }

        return _smallestFirst ? there.ThenByDescending(column.Text, StringComparer.Ordinal) : there.ThenBy(column.Text, StringComparer.Ordinal);
    }
}
