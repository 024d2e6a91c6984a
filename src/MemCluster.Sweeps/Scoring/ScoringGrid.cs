using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Which scoring trials a sweep has, and who waits for them: one for each seed, each combination of the axes that a score can depend on, and each
/// way of scoring and run of it that the values of <c>prune</c> name. Shared by all values of the axes that it can't depend on: prune itself, and
/// what is measured. Like the grid it is arithmetic, no list. Numbers count from 0, ways and runs fastest, then the seed.
/// </summary>
internal sealed class ScoringGrid
{
    private readonly int[] _lengths;
    private readonly bool[] _shared;
    private readonly int _pruneAxis;
    private readonly int[][] _worksOf;
    private readonly int _seeds;
    private readonly int _combinations;

    public ScoringGrid(SweepSpec spec)
    {
        var setting = SettingsSchema.Find(SettingsSchema.Prune)!;
        _seeds = spec.Seeds.Count;
        _lengths = [.. spec.Axes.Select(axis => axis.Values.Length)];
        _shared = [.. spec.Axes.Select(axis => SettingsSchema.Find(axis.Name) is var of && (of == setting || of?.Section == SettingsSchema.Measures))];
        _pruneAxis = spec.Axes.ToList().FindIndex(axis => SettingsSchema.Find(axis.Name) == setting);
        Prune[] prunes = _pruneAxis < 0
            ? [spec.Base.Prune]
            : [.. spec.Axes[_pruneAxis].Values.Select(value => SettingsSchema.ReadCanonical(setting, value).Put(new()).Prune)];
        Works = [.. prunes.Where(prune => prune.NeedsScores).SelectMany(WorksOf).Distinct()];
        _worksOf = [.. prunes.Select(prune => prune.NeedsScores ? WorksOf(prune).Select(work => Works.ToList().IndexOf(work)).ToArray() : [])];
        _combinations = _lengths.Where((_, axis) => !_shared[axis]).Aggregate(1, (product, length) => product * length);
        Count = checked(_combinations * _seeds * Works.Count);
    }

    /// <summary>The ways of scoring, run by run.</summary>
    public IReadOnlyList<ScoringWork> Works { get; }

    public int Count { get; }

    /// <summary>The scoring trials that a trial of the grid waits for, in the order of their runs.</summary>
    public int[] ScoresOf(int place)
    {
        if (Works.Count == 0)
        {
            return [];
        }

        var (configuration, seed) = Math.DivRem(place, _seeds);
        var values = ValuesOf(configuration);
        var first = ((CombinationOf(values) * _seeds) + seed) * Works.Count;
        return Array.ConvertAll(_worksOf[_pruneAxis < 0 ? 0 : values[_pruneAxis]], work => first + work);
    }

    /// <summary>The trials of the grid that wait for this one, in grid order.</summary>
    public int[] PrunedBy(int number)
    {
        var (rest, work) = Math.DivRem(number, Works.Count);
        var (combination, seed) = Math.DivRem(rest, _seeds);
        var values = new int[_lengths.Length];
        for (var axis = _lengths.Length - 1; axis >= 0; axis--)
        {
            if (!_shared[axis])
            {
                (combination, values[axis]) = Math.DivRem(combination, _lengths[axis]);
            }
        }

        var places = new List<int>();
        Fill(0);
        return [.. places];

        void Fill(int axis)
        {
            if (axis == _lengths.Length)
            {
                if (_worksOf[_pruneAxis < 0 ? 0 : values[_pruneAxis]].Contains(work))
                {
                    places.Add((values.Select((value, at) => (value, at)).Aggregate(0, (all, one) => (all * _lengths[one.at]) + one.value) * _seeds) + seed);
                }

                return;
            }

            for (var value = 0; value < (_shared[axis] ? _lengths[axis] : 1); value++)
            {
                values[axis] = _shared[axis] ? value : values[axis];
                Fill(axis + 1);
            }
        }
    }

    public ScoringWork WorkOf(int number) => Works[number % Works.Count];

    /// <summary>True of axes whose values share their scoring trials.</summary>
    public bool IsShared(int axis) => _shared[axis];

    private static IEnumerable<ScoringWork> WorksOf(Prune prune) =>
        Enumerable.Range(0, prune.Runs).Select(run => new ScoringWork(ScoringTrial.KindOf(prune).Name, prune.Measured, run));

    private int[] ValuesOf(int configuration)
    {
        var values = new int[_lengths.Length];
        for (var axis = _lengths.Length - 1; axis >= 0; axis--)
        {
            (configuration, values[axis]) = Math.DivRem(configuration, _lengths[axis]);
        }

        return values;
    }

    private int CombinationOf(int[] values)
    {
        var combination = 0;
        for (var axis = 0; axis < values.Length; axis++)
        {
            combination = _shared[axis] ? combination : (combination * _lengths[axis]) + values[axis];
        }

        return combination;
    }
}

/// <summary>A way of scoring, once.</summary>
/// <param name="Measure">Name of the measure.</param>
/// <param name="Measured">When, and with which constants.</param>
/// <param name="Run">From 0; the runs differ in their seeds.</param>
public sealed record ScoringWork(string Measure, string Measured, int Run);
