using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>Reads the <c>claims:</c> of a sweep file. The grammar with examples: docs/claims.md.</summary>
internal sealed class ClaimReader
{
    private static readonly string[] Own = ["says", "paper", "source", "note", "holds", "each", "along", "seeds"];

    private static readonly Dictionary<string, OverSeeds> Reductions = new()
    {
        ["mean"] = OverSeeds.Mean,
        ["geometric-mean"] = OverSeeds.GeometricMean,
        ["median"] = OverSeeds.Median,
        ["bootstrap"] = OverSeeds.Bootstrap,
        ["every"] = OverSeeds.Every,
    };

    private readonly ClaimAxes _axes;
    private readonly ProblemList _problems;
    private readonly TermReader _terms;

    private ClaimReader(IReadOnlyList<ClaimAxis> axes, IReadOnlyList<string> measures, ProblemList problems)
    {
        _axes = new(axes, measures, problems);
        _problems = problems;
        _terms = new(_axes, problems);
    }

    /// <param name="measures">Names of the numbers that the sweep's own measures give.</param>
    public static ClaimsRead Read(SpecNode? node, IReadOnlyList<ClaimAxis> axes, IReadOnlyList<string> measures, ProblemList problems)
    {
        var claims = ImmutableArray.CreateBuilder<Claim>();
        var aside = ImmutableArray.CreateBuilder<SetAside>();
        if (node is not (null or SpecMapping or SpecScalar { IsNull: true }))
        {
            problems.Add(node.Place, "claims is a mapping from names to claims, such as 'falls: { measure: …, holds: \">= 0.03\" }'");
        }

        var reader = new ClaimReader(axes, measures, problems);
        foreach (var (key, value) in (node as SpecMapping)?.Entries ?? [])
        {
            if (value is SpecScalar { IsNull: true } or SpecScalar { Text: "none" })
            {
                continue; // A preset takes a claim of the file out this way.
            }

            reader._axes.Forget();
            if (reader.Claim(key, value) is { } claim)
            {
                claims.Add(claim);
            }
            else if (reader._axes.Lacks is { } lacks)
            {
                aside.Add(new(key.Text, lacks));
            }
        }

        return new(claims.ToImmutable(), aside.ToImmutable());
    }

    private Claim? Claim(SpecScalar name, SpecNode node)
    {
        if (!SweepId.IsValid(name.Text.Replace('.', '-')))
        {
            _problems.Add(name.Place, $"{Phrases.Quoted(name.Text)} is no name for a claim; use lower-case letters, digits and hyphens");
            return null;
        }

        if (node is not SpecMapping mapping)
        {
            _problems.Add(node.Place, "a claim is a mapping with at least 'measure' and 'holds'");
            return null;
        }

        foreach (var entry in mapping.Entries.Where(entry => !Own.Contains(entry.Key.Text) && !TermReader.Keys.Contains(entry.Key.Text)))
        {
            _problems.Add(entry.Key.Place, $"unknown key {Phrases.Quoted(entry.Key.Text)} of a claim{Phrases.Instead(entry.Key.Text, [.. Own, .. TermReader.Keys])}");
        }

        SpecNode? Get(string key) => mapping.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;
        var subject = $"claim '{name.Text}'";
        var along = Get("along") is { } alongNode ? _axes.Points("along", alongNode) : null;
        var each = Get("each") is { } eachNode ? _axes.Points("each", eachNode) : null;
        if ((Get("along") is not null && along is null) || (Get("each") is not null && each is null) || Reduction(Get("seeds")) is not { } seeds)
        {
            return null;
        }

        var conditions = Conditions(Get("holds"), name, ref each);
        var value = _terms.Read(mapping, TermScope.Empty(_axes.Count).With(each, along), subject);
        if (conditions.IsEmpty || value is null)
        {
            return null;
        }

        if (conditions.Any(condition => condition.IsOrder != (along is not null)))
        {
            _problems.Add(Get("holds")!.Place, along is null
                ? $"{subject} is about an order; say of which axis, with 'along: AXIS'"
                : $"{subject} runs along an axis, so it holds when its values are 'increasing', 'decreasing', 'non-increasing' or 'non-decreasing'");
            return null;
        }

        if (value.HasGroup && value.Measures.Any())
        {
            _problems.Add(mapping.Place, $"{subject} mixes a measure over several trials with one of single trials; make two claims of it");
            return null;
        }

        return new(name.Text, Text("says"), value, each, along, seeds, conditions, Text("paper"), Text("source"), Text("note"));

        string Text(string key) => Get(key) is SpecScalar { IsNull: false } scalar ? scalar.Text.Trim() : "";
    }

    private OverSeeds? Reduction(SpecNode? node)
    {
        if (node is null)
        {
            return OverSeeds.Mean;
        }

        if (node is SpecScalar scalar && Reductions.TryGetValue(scalar.Text, out var how))
        {
            return how;
        }

        _problems.Add(node.Place, $"seeds {(node is SpecScalar wrong ? Phrases.Quoted(wrong.Text) : "here")} is not one of {Phrases.Listed(Reductions.Keys)}");
        return null;
    }

    /// <summary>One condition, or one for each value of the axis named by <c>each</c>.</summary>
    private ImmutableArray<Condition> Conditions(SpecNode? node, SpecScalar name, ref Points? each)
    {
        switch (node)
        {
            case SpecScalar { IsNull: false } scalar:
                return Condition(scalar) is { } one ? [one] : [];
            case SpecMapping { Entries.Count: > 0 } mapping when each is not null:
                var read = new SortedDictionary<int, Condition>();
                foreach (var (key, value) in mapping.Entries)
                {
                    if (_axes.PlaceOf(each.Axis, key) is not (var place and >= 0) || value is not SpecScalar text || Condition(text) is not { } condition)
                    {
                        return [];
                    }

                    read[place] = condition;
                }

                each = each with { Values = [.. read.Keys] };
                return [.. read.Values];
            default:
                _problems.Add(node?.Place ?? name.Place, node is SpecMapping
                    ? "several conditions need the axis whose values they are for: add 'each: AXIS'"
                    : $"claim '{name.Text}' does not say when it holds; write 'holds:' with one of {Claims.Condition.Expected}");
                return [];
        }
    }

    private Condition? Condition(SpecScalar scalar)
    {
        var condition = Claims.Condition.Parse(scalar.Text);
        if (condition is null)
        {
            _problems.Add(scalar.Place, $"holds {Phrases.Quoted(scalar.Text)} is no condition; write one of {Claims.Condition.Expected}");
        }

        return condition;
    }
}
