using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>One value of a setting, with its place.</summary>
internal readonly record struct ReadValue(SpecPlace Place, SettingValue Value);

/// <summary>A setting with the values that the sweep gives it: one if it is fixed.</summary>
internal sealed record ReadSetting(Setting Setting, SpecPlace KeyPlace, IReadOnlyList<ReadValue> Values);

/// <summary>A draft whose values are read; what could not be read is missing, and in the list of problems.</summary>
internal sealed record SpecValues(
    string Name, string Question, IReadOnlyList<ReadSetting> Fixed, IReadOnlyList<ReadSetting> Axes, SeedsRead Seeds,
    Requirement Requires, int Retries, TrialLimits Limits, WeightsPlan Keep, ReplicatePlan? Replicates)
{
    private static readonly string[] FirstAxes = ["noise", "capacity", "regularizer"];

    public static SpecValues Read(SpecDraft draft, ProblemList problems)
    {
        var name = NameOf(draft.Sweep, problems);
        var question = QuestionOf(draft.Question, problems);
        var @fixed = draft.Fixed.Select(given => FixedOf(given, problems)).ToList();
        var axes = draft.Axes.Select(given => AxisOf(given, problems))
            .OrderBy(axis => Array.IndexOf(FirstAxes, axis.Setting.Name) is var first && first >= 0 ? first : FirstAxes.Length)
            .ToList();
        var replicates = ReplicatesRead.Read(draft, problems);
        return new(
            name, question, @fixed, axes, ReplicatesRead.SeedsOf(SeedsRead.Read(draft.Seeds, problems), replicates, draft, problems), RequiresRead.Read(draft, problems), LimitsRead.Retries(draft.Retries, problems),
            LimitsRead.Read(draft, problems), KeepRead.Read(draft.Keep, problems), replicates);
    }

    private static string NameOf(SpecNode? node, ProblemList problems)
    {
        if (node is SpecScalar { IsNull: false } scalar && SweepId.IsValid(scalar.Text))
        {
            return scalar.Text;
        }

        const string rule = "1 to 64 lower-case letters, digits and hyphens, such as 'noise-by-capacity'";
        problems.Add(node?.Place ?? new(0, 1, 1), node is SpecScalar { IsNull: false } wrong
            ? $"{Phrases.Quoted(wrong.Text)} is no name for a sweep; use {rule}"
            : $"the sweep has no name; write 'sweep: NAME' with {rule}");
        return "";
    }

    private static string QuestionOf(SpecNode? node, ProblemList problems)
    {
        switch (node)
        {
            case null or SpecScalar { IsNull: true }:
                return "";
            case SpecScalar scalar:
                return scalar.Text.Trim();
            default:
                problems.Add(node.Place, "the question is a line of text; put it into quotes");
                return "";
        }
    }

    private static ReadSetting FixedOf(Given given, ProblemList problems)
    {
        var value = given.Setting.Read(given.Value, given.Setting.Path, problems);
        return new(given.Setting, given.KeyPlace, value is null ? [] : [new(given.Value.Place, value)]);
    }

    private static ReadSetting AxisOf(Given given, ProblemList problems)
    {
        var name = given.Setting.Name;
        IReadOnlyList<SpecNode> nodes = given.Value switch
        {
            SpecSequence sequence => sequence.Items,
            SpecScalar { IsNull: true } => [],
            var single => [single],
        };
        if (nodes.Count == 0)
        {
            problems.Add(given.Value.Place, $"axis '{name}' is empty; give it at least one value, {given.Setting.Expected}, or take it out");
        }

        var values = new List<ReadValue>(nodes.Count);
        var first = new Dictionary<string, SpecPlace>();
        foreach (var node in nodes)
        {
            if (given.Setting.Read(node, name, problems) is not { } value)
            {
                continue;
            }

            if (first.TryAdd(value.Text, node.Place))
            {
                values.Add(new(node.Place, value));
            }
            else
            {
                var before = first[value.Text];
                problems.Add(node.Place, $"'{value.Text}' stands twice in axis '{name}' (first at {before.Line}:{before.Column}); keep one of them");
            }
        }

        return new(given.Setting, given.KeyPlace, values);
    }
}

/// <summary>The seeds as read: a count (not yet known to be within the limit of trials), or a list.</summary>
internal sealed record SeedsRead(long Count, ImmutableArray<ulong> Listed)
{
    private const string Expected = "a count from 1 (seeds 0, 1, 2 …) or a list such as [0, 7]";

    /// <exception cref="OverflowException">There are more than fit in memory; the limit of trials comes first.</exception>
    public SeedList ToList() => Listed.IsDefault ? SeedList.Counted(checked((int)Count)) : SeedList.Listed(Listed);

    public static SeedsRead Read(SpecNode? node, ProblemList problems)
    {
        switch (node)
        {
            case null:
                return new(1, default);
            case SpecScalar scalar when !scalar.IsNull && ShortNumber.TryReadWhole(scalar.Text, out var count) && count >= 1:
                return new(count, default);
            case SpecSequence { Items.Count: > 0 } sequence:
                return ReadList(sequence, problems);
            case SpecSequence or SpecScalar { IsNull: true }:
                problems.Add(node.Place, $"seeds is empty; give it {Expected}");
                break;
            case SpecScalar wrong:
                problems.Add(wrong.Place, $"seeds {Phrases.Quoted(wrong.Text)} is neither {Expected.Replace(" or ", " nor ", StringComparison.Ordinal)}; write 'seeds: 3'");
                break;
            default:
                problems.Add(node.Place, $"seeds is {Expected}, not a mapping");
                break;
        }

        return new(1, default);
    }

    private static SeedsRead ReadList(SpecSequence sequence, ProblemList problems)
    {
        var seeds = ImmutableArray.CreateBuilder<ulong>(sequence.Items.Count);
        var seen = new HashSet<ulong>();
        foreach (var item in sequence.Items)
        {
            if (item is not SpecScalar { IsNull: false } scalar || !ShortNumber.TryReadWhole(scalar.Text, out var seed) || seed < 0)
            {
                problems.Add(item.Place, $"seed {(item is SpecScalar text ? Phrases.Quoted(text.Text) : "here")} is not a whole number from 0 to 2^63 - 1");
            }
            else if (!seen.Add((ulong)seed))
            {
                problems.Add(item.Place, $"seed {seed} stands twice; keep one of them");
            }
            else
            {
                seeds.Add((ulong)seed);
            }
        }

        return Of(seeds.DrainToImmutable());
    }

    /// <summary>[0, 1, 2] and 3 are the same seeds: the same grid, hence the same spec.</summary>
    public static SeedsRead Of(ImmutableArray<ulong> seeds)
    {
        var isCount = seeds.Length > 0 && seeds.Select((seed, index) => seed == (ulong)index).All(same => same);
        return isCount ? new(seeds.Length, default) : new(seeds.Length, seeds);
    }
}
