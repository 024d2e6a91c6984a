using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting;

/// <summary>
/// Which values of some part of the settings a sweep holds, and how many trials have each, without walking a grid of millions: axes change
/// settings independently of each other, so only those that change this part are combined, and the others only count.
/// </summary>
public static class SettingsVariety
{
    /// <summary>The different values, in grid order of their first appearance.</summary>
    public static IReadOnlyList<T> Of<T>(SweepSpec spec, Func<TrialSettings, T> part) where T : notnull =>
        [.. Counted(spec, part).Select(counted => counted.Value)];

    /// <summary>The different values with the number of trials that have each; all seeds counted.</summary>
    public static IReadOnlyList<(T Value, long Trials)> Counted<T>(SweepSpec spec, Func<TrialSettings, T> part) where T : notnull
    {
        var grid = new Grid(spec);
        T At(int[] values) => part(grid.SettingsAt(PlaceOf(spec, values)));

        var axes = spec.Axes.Length;
        var first = At(new int[axes]);
        var moving = Enumerable.Range(0, axes).Where(axis => Enumerable.Range(1, spec.Axes[axis].Values.Length - 1).Any(value =>
        {
            var values = new int[axes];
            values[axis] = value;
            return !At(values).Equals(first);
        })).ToArray();

        var combinations = moving.Aggregate(1L, (product, axis) => product * spec.Axes[axis].Values.Length);
        var each = grid.Count / combinations;
        var found = new Dictionary<T, int>();
        var counted = new List<(T Value, long Trials)>();
        for (var combination = 0L; combination < combinations; combination++)
        {
            var values = new int[axes];
            var rest = combination;
            foreach (var axis in moving.Reverse())
            {
                values[axis] = (int)(rest % spec.Axes[axis].Values.Length);
                rest /= spec.Axes[axis].Values.Length;
            }

            var value = At(values);
            if (found.TryGetValue(value, out var index))
            {
                counted[index] = (value, counted[index].Trials + each);
            }
            else
            {
                found.Add(value, counted.Count);
                counted.Add((value, each));
            }
        }

        return counted;
    }

    /// <summary>Of the first seed of a combination of axis values.</summary>
    private static int PlaceOf(SweepSpec spec, int[] values) =>
        values.Select((value, axis) => (value, axis)).Aggregate(0, (cell, at) => cell * spec.Axes[at.axis].Values.Length + at.value) * spec.Seeds.Count;
}
