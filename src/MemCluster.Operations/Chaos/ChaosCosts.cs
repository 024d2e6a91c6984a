using MemCluster.Messages;

namespace MemCluster.Operations.Chaos;

/// <summary>What one kind of fault has cost.</summary>
/// <param name="Times">How often it was done.</param>
/// <param name="Lost">Attempts that were lost after it, and before the next fault.</param>
/// <param name="Again">Epochs that had been measured and were trained once more.</param>
/// <param name="Longest">The longest time after it in which no epoch and no trial ended.</param>
public sealed record ChaosCost(int Times, int Lost, int Again, TimeSpan Longest)
{
    public static readonly ChaosCost None = new(0, 0, 0, TimeSpan.Zero);
}

/// <summary>
/// What faults cost, told from the attempts as they are recorded: what is new in them since the last look is of the fault done last. What was lost before the
/// first one is nobody's.
/// </summary>
public sealed class ChaosCosts
{
    private const string LostWord = "lost";

    private readonly Dictionary<ChaosFault, ChaosCost> _costs = [];
    private readonly Dictionary<(int Trial, int Attempt, DateTimeOffset At), AttemptRow> _seen = [];
    private int _lost;
    private int _again;

    /// <summary>By fault, those that were done.</summary>
    public IReadOnlyDictionary<ChaosFault, ChaosCost> All => _costs;

    /// <summary>The fault under way, or done last; null before the first.</summary>
    public ChaosFault? Last { get; private set; }

    public void Begin(ChaosFault fault)
    {
        Last = fault;
        Change(cost => cost with { Times = cost.Times + 1 });
    }

    /// <param name="time">For so long nothing has ended.</param>
    public void Waited(TimeSpan time) => Change(cost => time > cost.Longest ? cost with { Longest = time } : cost);

    /// <param name="rows">All attempts of the sweep as they stand.</param>
    public void Look(IEnumerable<AttemptRow> rows)
    {
        var there = rows.ToDictionary(row => (row.Trial, row.Attempt, row.AssignedAt));
        foreach (var gone in _seen.Keys.Where(key => !there.ContainsKey(key)).ToArray())
        {
            // A salvage keeps a trial whole or not at all: what was measured of this attempt is measured again.
            _seen[gone] = _seen[gone] with { Ended = LostWord };
        }

        foreach (var (key, row) in there)
        {
            _seen[key] = row;
        }

        var (lost, again) = Sum();
        var (more, epochs) = (Math.Max(0, lost - _lost), Math.Max(0, again - _again));
        (_lost, _again) = (_lost + more, _again + epochs);
        Change(cost => cost with { Lost = cost.Lost + more, Again = cost.Again + epochs });
    }

    /// <summary>An attempt that goes on from a checkpoint repeats only the epochs after it; one that is not followed yet costs what is known when it is.</summary>
    private (int Lost, int Again) Sum()
    {
        var (lost, again) = (0, 0);
        foreach (var trial in _seen.GroupBy(entry => entry.Key.Trial))
        {
            AttemptRow? before = null;
            foreach (var row in trial.OrderBy(entry => entry.Key.Attempt).ThenBy(entry => entry.Key.At).Select(entry => entry.Value))
            {
                again += before is null ? 0 : Math.Max(0, before.Epoch - (row.Checkpoint ?? 0));
                before = row.Ended.StartsWith(LostWord, StringComparison.Ordinal) ? row : null;
                lost += before is null ? 0 : 1;
            }
        }

        return (lost, again);
    }

    private void Change(Func<ChaosCost, ChaosCost> change)
    {
        if (Last is { } fault)
        {
            _costs[fault] = change(_costs.GetValueOrDefault(fault, ChaosCost.None));
        }
    }
}
