using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps;

/// <summary>A sweep file's text to a <see cref="SweepSpec"/>, or every problem found, each with its place.</summary>
public static class SpecFile
{
    /// <summary>
    /// Text out of a journal, or from another node: claims and figures are taken as they are, so that a sweep begun by another version goes on
    /// even where its claims can no longer be read.
    /// </summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">The file as the user named it; only for the problems.</param>
    /// <param name="sets">Each <c>path=value</c>, the value in YAML: counts as part of the file, the later over the earlier.</param>
    public static SpecReading Parse(string text, string file, IReadOnlyList<string> sets) => Parse(text, file, sets, null, checkClaims: false);

    /// <summary>A file as somebody wrote it, with one of its presets laid over it; claims, figures and the other presets are checked, too.</summary>
    /// <param name="preset">Null for the file as it stands.</param>
    public static SpecReading ParseFile(string text, string file, IReadOnlyList<string> sets, string? preset) =>
        Parse(text, file, sets, preset, checkClaims: true);

    /// <summary>The spec behind a canonical text, as it stands in the journal.</summary>
    /// <exception cref="FormatException">The text is not one that this program, or an earlier version of it, wrote.</exception>
    public static SweepSpec FromCanonical(string canonical)
    {
        var reading = Parse(canonical, "canonical spec", []);
        return reading.Spec ?? throw new FormatException(string.Join('\n', reading.Problems));
    }

    private static SpecReading Parse(string text, string file, IReadOnlyList<string> sets, string? preset, bool checkClaims)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(sets);
        var problems = new ProblemList(file, sets);
        var tree = YamlTree.Read(text, 0, problems);
        if (tree is not SpecMapping top)
        {
            if (tree is not null)
            {
                new DraftReader(new(), problems).ReadTop(tree);
            }

            return new(null, problems.InOrder());
        }

        var presets = Presets.Split(top, problems);
        if (preset is not null && !presets.Has(preset))
        {
            problems.Add(top.Place, presets.Names.Any()
                ? $"there is no preset {Phrases.Quoted(preset)} in this file{Phrases.Instead(preset, [.. presets.Names])}"
                : $"there is no preset {Phrases.Quoted(preset)} in this file, nor any other; leave --preset out, or write 'presets: {{ {preset}: {{ … }} }}'");
        }

        var spec = Read(presets, preset, sets, checkClaims, problems);
        foreach (var other in checkClaims ? presets.Names.Where(name => name != preset) : [])
        {
            // Whatever is wrong with the file itself has been said; here only what the other preset brings.
            var more = new ProblemList(file, []);
            Read(presets, other, [], checkClaims, more);
            problems.AddFrom(more, place => presets.Holds(other, place));
        }

        return problems.Count > 0 ? new(null, problems.InOrder()) : new(spec, []);
    }

    private static SweepSpec? Read(Presets presets, string? preset, IReadOnlyList<string> sets, bool checkClaims, ProblemList problems)
    {
        var draft = new SpecDraft();
        new DraftReader(draft, problems).ReadTop(preset is null ? presets.Body : presets.With(preset, problems));
        if (preset is not null && !presets.NamesSweep(preset) && draft.Sweep is SpecScalar { IsNull: false } written)
        {
            // Its trials are others than the file's own: it must not continue the sweep of that name.
            draft.Sweep = written with { Text = $"{written.Text}-{preset}", TextColumn = 0 };
        }

        SetOverlay.Apply(draft, sets, problems);
        var values = SpecValues.Read(draft, problems);
        SpecChecks.Check(values, draft, problems);
        ClaimsRead? claims = null;
        if (checkClaims && values.Axes.All(axis => axis.Values.Count > 0))
        {
            ClaimAxis[] axes = [.. values.Axes.Select(axis => new ClaimAxis(
                axis.Setting, [.. axis.Values.Select(value => value.Value.Text)], IsCut: axis.KeyPlace.Source > 0))];
            var shared = values.Fixed.Where(given => given.Values.Count > 0).Aggregate(new TrialSettings(), (settings, given) => given.Values[0].Value.Put(settings));
            var measures = OwnMeasures.Of(shared, axes);
            claims = ClaimReader.Read(draft.Claims, axes, measures, problems);
            DataDrawChecks.Check(values, draft, claims, FigureReader.Read(draft.Figures, axes, measures, problems), problems);
        }

        values = values with { Replicates = values.Replicates is { } plan ? ReplicatesRead.Claims(plan, draft, problems.Count > 0 ? null : claims, problems) : null };
        return problems.Count > 0 ? null : SpecOf(values, draft);
    }

    private static SweepSpec SpecOf(SpecValues values, SpecDraft draft)
    {
        var shared = values.Fixed.Aggregate(new TrialSettings(), (settings, given) => given.Values[0].Value.Put(settings));
        ImmutableArray<Axis> axes =
        [
            .. values.Axes.Select(axis => new Axis(axis.Setting.Name, [.. axis.Values.Select(value => value.Value.Text)])),
        ];
        var seeds = values.Seeds.ToList();
        var name = new SweepId(values.Name);
        var (claims, figures) = (TextOf(draft.Claims), TextOf(draft.Figures));
        var spec = new SweepSpec(name, values.Question, shared, axes, seeds, "", CanonicalSpec.DigestOf(shared, axes, seeds))
        {
            Requires = values.Requires,
            Retries = values.Retries,
            Limits = values.Limits,
            Keep = values.Keep,
            Replicates = values.Replicates,
            Claims = claims,
            Figures = figures,
        };
        return spec with { Canonical = CanonicalSpec.TextOf(spec) };
    }

    private static string TextOf(SpecNode? node) => node is null or SpecScalar { IsNull: true } ? "" : FlowYaml.Write(node);
}
