using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>A sweep file's text to a <see cref="SweepSpec"/>, or every problem found, each with its place.</summary>
public static class SpecFile
{
    /// <param name="text">YAML.</param>
    /// <param name="file">The file as the user named it; only for the problems.</param>
    /// <param name="sets">Each <c>path=value</c>, the value in YAML: counts as part of the file, the later over the earlier.</param>
    public static SpecReading Parse(string text, string file, IReadOnlyList<string> sets)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(sets);
        var problems = new ProblemList(file, sets);
        var tree = YamlTree.Read(text, 0, problems);
        if (tree is null)
        {
            return new(null, problems.InOrder());
        }

        var draft = new SpecDraft();
        new DraftReader(draft, problems).ReadTop(tree);
        if (tree is not SpecMapping)
        {
            return new(null, problems.InOrder());
        }

        SetOverlay.Apply(draft, sets, problems);
        var values = SpecValues.Read(draft, problems);
        SpecChecks.Check(values, draft, problems);
        return problems.Count > 0 ? new(null, problems.InOrder()) : new(SpecOf(values), []);
    }

    /// <summary>The spec behind a canonical text, as it stands in the journal.</summary>
    /// <exception cref="FormatException">The text is not one that this program, or an earlier version of it, wrote.</exception>
    public static SweepSpec FromCanonical(string canonical)
    {
        var reading = Parse(canonical, "canonical spec", []);
        return reading.Spec ?? throw new FormatException(string.Join('\n', reading.Problems));
    }

    private static SweepSpec SpecOf(SpecValues values)
    {
        var shared = values.Fixed.Aggregate(new TrialSettings(), (settings, given) => given.Values[0].Value.Put(settings));
        ImmutableArray<Axis> axes =
        [
            .. values.Axes.Select(axis => new Axis(axis.Setting.Name, [.. axis.Values.Select(value => value.Value.Text)])),
        ];
        var seeds = values.Seeds.ToList();
        var name = new SweepId(values.Name);
        return new(
            name, values.Question, shared, axes, seeds,
            CanonicalSpec.TextOf(name, values.Question, shared, axes, seeds, values.Requires), CanonicalSpec.DigestOf(shared, axes, seeds))
        {
            Requires = values.Requires,
        };
    }
}
