using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>What the inside of a term takes over from around it.</summary>
/// <param name="Places">By axis, the place of its value; −1 where it is not said.</param>
/// <param name="Free">Axes that run: along, across, each, or those of a figure.</param>
internal sealed record TermScope(MeasureRef? Measure, ImmutableArray<int> Places, ImmutableHashSet<int> Free)
{
    public static TermScope Empty(int axes) => new(null, [.. Enumerable.Repeat(-1, axes)], []);

    public TermScope With(params IEnumerable<Points?> running) => this with { Free = Free.Union(running.OfType<Points>().Select(points => points.Axis)) };
}

/// <summary>Reads terms: measure, where, over, minus, across, of, envelope.</summary>
internal sealed class TermReader(ClaimAxes axes, ProblemList problems)
{
    public static readonly string[] Keys = ["measure", "at", "group", "where", "of", "over", "minus", "across", "envelope", CurveMeasures.Key];

    /// <summary>What a term can begin with, one of them.</summary>
    private static readonly string[] Bases = ["measure", "group", "of", "envelope"];

    private static readonly Dictionary<string, Take> Takes = Enum.GetValues<Take>().ToDictionary(take => take.ToString().ToLowerInvariant());

    /// <summary>A number, a measure's name, or a mapping of <see cref="Keys"/>.</summary>
    public Term? Read(SpecNode node, TermScope scope, string subject)
    {
        switch (node)
        {
            case SpecScalar scalar when ShortNumber.TryRead(scalar.Text, out var number):
                return new Term.Constant(number);
            case SpecScalar { IsNull: false } scalar:
                return MeasureRefs.Read(scalar, null, axes.Measures, problems) is { } named ? Leaf(named, scope, scalar.Place, subject) : null;
            case SpecMapping mapping:
                foreach (var entry in mapping.Entries.Where(entry => !Keys.Contains(entry.Key.Text)))
                {
                    problems.Add(entry.Key.Place, $"unknown key {Phrases.Quoted(entry.Key.Text)} of {subject}{Phrases.Instead(entry.Key.Text, Keys)}");
                }

                return Read(mapping, scope, subject);
            default:
                problems.Add(node.Place, $"{subject} is a measure, such as validation_accuracy_best, or a mapping that begins with '{{ measure: …'");
                return null;
        }
    }

    /// <summary>The keys of a term among those of a mapping, which may have others.</summary>
    public Term? Read(SpecMapping mapping, TermScope scope, string subject)
    {
        SpecNode? Get(string key) => mapping.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;

        var across = Get("across") is { } acrossNode ? ReadAcross(acrossNode, scope) : default;
        if (Get("across") is not null && across.Points is null)
        {
            return null;
        }

        if (Where(Get("where"), scope.With(across.Points)) is not { } here)
        {
            return null;
        }

        if (ReadBase(mapping, Get, here, subject) is not { } term)
        {
            return null;
        }

        var inner = here with { Measure = term is Term.Leaf leaf ? leaf.Measure : here.Measure };
        if (Get("over") is { } over)
        {
            if (Read(over, inner, "over") is not { } below)
            {
                return null;
            }

            term = new Term.Ratio(term, below);
        }

        if (Get("minus") is { } minus)
        {
            if (Read(minus, inner, "minus") is not { } second)
            {
                return null;
            }

            term = new Term.Difference(term, second);
        }

        return across.Points is { } points ? new Term.Across(points, across.Take, term, across.By) : term;
    }

    private Term? ReadBase(SpecMapping mapping, Func<string, SpecNode?> get, TermScope scope, string subject)
    {
        string[] bases = [.. Bases.Where(key => get(key) is not null)];
        if (bases.Length > 1)
        {
            problems.Add(mapping.Place, $"{subject} begins with one of {Phrases.Listed(bases)}; take the others out");
            return null;
        }

        switch (bases.FirstOrDefault())
        {
            case "of":
                return Read(get("of")!, scope, "of");
            case "envelope":
                return ReadEnvelope(get("envelope")!, scope);
            case "group":
                return ReadGroup(mapping, get, scope, subject);
            case "measure":
                return MeasureRefs.Read(get("measure")!, get("at"), axes.Measures, problems) is { } named ? Leaf(named, scope, mapping.Place, subject) : null;
            default:
                if (scope.Measure is not { } inherited)
                {
                    problems.Add(mapping.Place, $"{subject} does not say what it is about; begin it with 'measure:', such as 'measure: validation_accuracy_best'");
                    return null;
                }

                var again = get("at") is { } at ? MeasureRefs.Read(SpecScalar.Of(inherited.Measure), at, axes.Measures, problems) : inherited;
                return again is null ? null : Leaf(again, scope, mapping.Place, subject);
        }
    }

    private Term.Group? ReadGroup(SpecMapping mapping, Func<string, SpecNode?> get, TermScope scope, string subject)
    {
        if (GroupMeasures.Read(get("group")!, problems) is not { } name)
        {
            return null;
        }

        var measure = EnsembleMeasure.Find(name);
        if ((measure is not null || ScoreCorrelation.Find(name) is { NeedsHeldOut: true }) && !axes.Measures.Contains(MeasureKind.KeptAccuracy))
        {
            problems.Add(get("group")!.Place, $"{name} is made of what networks say of examples that they were not trained on; add 'measures: {{ held-out: last }}' and, for example, 'prune: random 0.3'");
            return null;
        }

        var node = get(CurveMeasures.Key);
        return (measure is null ? CurveMeasures.Read(name, node, mapping.Place, axes, problems, out var through) : measure.Read(node, axes, problems, out through))
            && Said(CurveMeasures.Running(scope, through), mapping.Place, subject) is { } where ? new(name, where, through) : null;
    }

    /// <summary>Every axis with several values must have one here, or run.</summary>
    private Term.Leaf? Leaf(MeasureRef measure, TermScope scope, SpecPlace place, string subject) =>
        Said(scope, place, subject) is { } places ? new(measure, places) : null;

    private ImmutableArray<int>? Said(TermScope scope, SpecPlace place, string subject)
    {
        var places = scope.Places.ToArray();
        for (var axis = 0; axis < places.Length; axis++)
        {
            if (places[axis] >= 0 || scope.Free.Contains(axis))
            {
                continue;
            }

            if (axes[axis].Values.Length > 1)
            {
                problems.Add(place, $"{subject} does not say at which {axes[axis].Name}; add 'where: {{ {axes[axis].Name}: {axes[axis].Values[0]} }}' (also first, last), or let the axis run");
                return null;
            }

            places[axis] = 0;
        }

        return [.. places];
    }

    private TermScope? Where(SpecNode? node, TermScope scope)
    {
        if (node is null)
        {
            return scope;
        }

        if (node is not SpecMapping mapping)
        {
            problems.Add(node.Place, "where is a mapping from axes to values, such as 'where: { noise: label 0.2, capacity: last }'");
            return null;
        }

        var places = scope.Places;
        var free = scope.Free;
        var fine = true;
        foreach (var (key, value) in mapping.Entries)
        {
            var axis = axes.Find(key.Text, key.Place);
            var place = axis < 0 ? -1 : axes.PlaceOf(axis, value);
            fine &= place >= 0;
            if (place >= 0)
            {
                places = places.SetItem(axis, place);
                free = free.Remove(axis);
            }
        }

        return fine ? scope with { Places = places, Free = free } : null;
    }

    private (Points? Points, Take Take, Term? By) ReadAcross(SpecNode node, TermScope scope)
    {
        SpecNode? Get(string key) => (node as SpecMapping)?.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;

        var points = axes.Points("across", node);
        var take = Get("take") as SpecScalar;
        if (take is null || !Takes.TryGetValue(take.Text, out var how))
        {
            problems.Add(take?.Place ?? node.Place, $"across says what to take: write 'across: {{ axis: capacity, take: max }}' with one of {Phrases.Listed(Takes.Keys)}");
            return default;
        }

        if (points is null || Get("chosen-by") is not { } chooser)
        {
            return (points, how, null);
        }

        if (how is not (Take.Max or Take.Min))
        {
            problems.Add(chooser.Place, "chosen-by says what chooses one of the values; take 'max' or 'min' with it");
            return default;
        }

        return Read(chooser, scope.With(points), "chosen-by") is { } by ? (points, how, by) : default;
    }

    private Term.Envelope? ReadEnvelope(SpecNode node, TermScope scope)
    {
        const string example = "'envelope: { axis: regularizer, among: [dropout], x: { measure: train_accuracy, where: { noise: label 1 } }, y: { measure: validation_accuracy_best, where: { noise: none } }, limit: 0.4 }'";
        SpecNode? Get(string key) => (node as SpecMapping)?.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;

        if (Get("x") is not { } x || Get("y") is not { } y || Get("limit") is not SpecScalar limit || !ShortNumber.TryRead(limit.Text, out var most))
        {
            problems.Add(node.Place, $"an envelope has an axis, x, y and a limit: {example}");
            return null;
        }

        if (axes.Points("envelope", node) is not { } points)
        {
            return null;
        }

        var inner = scope.With(points);
        return Read(x, inner, "x") is { } first && Read(y, inner, "y") is { } second ? new(points, first, second, most) : null;
    }
}
