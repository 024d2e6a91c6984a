using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>An axis as claims see it.</summary>
/// <param name="IsCut">Its values are not those of the file (<c>--set</c>, a stored spec): one that is missing is no mistake of the claim's.</param>
internal sealed record ClaimAxis(Setting Setting, ImmutableArray<string> Values, bool IsCut)
{
    public string Name => Setting.Name;
}

/// <summary>The axes of a sweep, found and read as claims and figures name them.</summary>
/// <param name="measures">Names of the numbers that the sweep's own measures give, beside those of every sweep.</param>
internal sealed class ClaimAxes(IReadOnlyList<ClaimAxis> axes, IReadOnlyList<string> measures, ProblemList problems)
{
    public const string First = "first";
    public const string Last = "last";

    public static IReadOnlyList<ClaimAxis> Of(SweepSpec spec) =>
        [.. spec.Axes.Select(axis => new ClaimAxis(SettingsSchema.Find(axis.Name)!, axis.Values, IsCut: true))];

    public int Count => axes.Count;

    public IReadOnlyList<string> Measures => measures;

    public ClaimAxis this[int axis] => axes[axis];

    /// <summary>What a claim asks of this sweep that the sweep, cut down as it is, does not have; null for nothing.</summary>
    public string? Lacks { get; private set; }

    public void Forget() => Lacks = null;

    /// <returns>−1 where there is no such axis; why is then in the list.</returns>
    public int Find(string name, SpecPlace place)
    {
        var setting = SettingsSchema.Find(name);
        for (var axis = 0; axis < axes.Count; axis++)
        {
            if (setting == axes[axis].Setting)
            {
                return axis;
            }
        }

        if (axes.Count > 0 && axes[0].IsCut && setting is not null)
        {
            Lacks ??= $"this sweep has no axis '{setting.Name}'";
        }
        else
        {
            problems.Add(place, axes.Count == 0
                ? $"this sweep has no axis {Phrases.Quoted(name)}, nor any other"
                : $"this sweep has no axis {Phrases.Quoted(name)}{Phrases.Instead(name, [.. axes.Select(axis => axis.Name)])}");
        }

        return -1;
    }

    /// <summary>The place of a value on an axis: the value as written in a sweep file, or <c>first</c>, <c>last</c>.</summary>
    /// <returns>−1 where it is not there.</returns>
    public int PlaceOf(int axis, SpecNode node)
    {
        if (node is SpecScalar { Text: First or Last } word)
        {
            return word.Text == First ? 0 : axes[axis].Values.Length - 1;
        }

        if (axes[axis].Setting.Read(node, axes[axis].Name, problems) is not { } value)
        {
            return -1;
        }

        var place = axes[axis].Values.IndexOf(value.Text);
        if (place < 0)
        {
            Miss(axis, node, value.Text);
        }

        return place;
    }

    /// <summary>
    /// An axis with all its values, <c>{axis: capacity, among: [32, 128]}</c> with some; among regularizers or noises a bare kind
    /// (<c>dropout</c>, or a combination such as <c>dropout + adversarial</c>) stands for all of its values.
    /// </summary>
    public Points? Points(string subject, SpecNode node)
    {
        if (node is SpecScalar { IsNull: false } name)
        {
            return Find(name.Text, name.Place) is var axis and >= 0 ? new(axis, [.. Enumerable.Range(0, axes[axis].Values.Length)]) : null;
        }

        if (node is not SpecMapping mapping || mapping.Entries.FirstOrDefault(entry => entry.Key.Text == "axis")?.Value is not SpecScalar { IsNull: false } inner)
        {
            problems.Add(node.Place, $"{subject} names an axis, such as '{subject}: capacity' or '{subject}: {{ axis: capacity, among: [32, 128] }}'");
            return null;
        }

        var found = Find(inner.Text, inner.Place);
        return found < 0 ? null : mapping.Entries.FirstOrDefault(entry => entry.Key.Text == "among")?.Value is { } among
            ? Among(found, among)
            : new(found, [.. Enumerable.Range(0, axes[found].Values.Length)]);
    }

    /// <summary>The places of a list of values, in the order of the axis.</summary>
    public Points? Among(int axis, SpecNode node)
    {
        var items = node is SpecSequence sequence ? sequence.Items : [node];
        var places = new SortedSet<int>();
        foreach (var item in items)
        {
            var kind = item is SpecScalar scalar
                ? Enumerable.Range(0, axes[axis].Values.Length)
                    .Where(place => IsOfKind(axes[axis].Values[place], scalar.Text.Trim())).ToArray()
                : [];
            if (kind.Length > 0)
            {
                places.UnionWith(kind);
            }
            else if (PlaceOf(axis, item) is var place and >= 0)
            {
                places.Add(place);
            }
            else
            {
                return null;
            }
        }

        return places.Count > 0 ? new(axis, [.. places]) : null;
    }

    /// <summary><c>dropout 0.3</c> is of kind <c>dropout</c>, and <c>dropout 0.3 + adversarial 0.5</c> of kind <c>adversarial + dropout</c>.</summary>
    private static bool IsOfKind(string value, string kind)
    {
        string[] asked = [.. kind.Split('+').Select(name => name.Trim()).Order()];
        string[] parts = value.Split(" + ");
        return Array.TrueForAll(asked, name => name.Length > 0 && !name.Contains(' '))
            && Array.TrueForAll(parts, part => part.Contains(' '))
            && parts.Select(part => part[..part.IndexOf(' ')]).Order().SequenceEqual(asked);
    }

    /// <summary>Whether so many values are left to make a curve of.</summary>
    /// <param name="subject">Who needs them: <c>double_descent_height needs</c>.</param>
    public bool HasSeveral(Points points, int least, string subject, SpecPlace place)
    {
        if (points.Values.Length >= least)
        {
            return true;
        }

        if (axes[points.Axis].IsCut)
        {
            Lacks ??= $"this sweep has fewer than {least} values of {axes[points.Axis].Name}";
        }
        else
        {
            problems.Add(place, $"{subject} {least} values of {axes[points.Axis].Name} at least");
        }

        return false;
    }

    private void Miss(int axis, SpecNode node, string value)
    {
        if (axes[axis].IsCut)
        {
            Lacks ??= $"this sweep has no {axes[axis].Name} '{value}'";
        }
        else
        {
            problems.Add(node.Place,
                $"axis '{axes[axis].Name}' has no value {Phrases.Quoted(value)}; it has {Phrases.Listed(axes[axis].Values.Take(12))}, also called first and last at its ends");
        }
    }
}
