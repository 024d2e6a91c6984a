using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Reads how a sweep bears with failing trials: <c>retries: 2</c> and <c>limits: { time: 2h, idle: 5m, memory: 4GiB }</c>.</summary>
internal static class LimitsRead
{
    /// <summary>More nodes than that need not see a trial fail.</summary>
    private const int MostRetries = 100;

    public static TrialLimits Read(SpecDraft draft, ProblemList problems)
    {
        TimeSpan? Time(string key) => draft.Limits.TryGetValue(key, out var node)
            ? Value<TimeSpan>(node, key, TimeLength.TryParse, TimeLength.Expected, problems)
            : null;
        var memory = draft.Limits.TryGetValue(DraftReader.Memory, out var size)
            ? Value<long>(size, DraftReader.Memory, MemorySize.TryParse, MemorySize.Expected, problems)
            : null;
        return new(Time(DraftReader.Time), Time(DraftReader.Idle), memory ?? 0);
    }

    public static int Retries(SpecNode? node, ProblemList problems)
    {
        switch (node)
        {
            case null or SpecScalar { IsNull: true }:
                return SweepSpec.UsualRetries;
            case SpecScalar scalar when ShortNumber.TryReadWhole(scalar.Text, out var count) && count is >= 0 and <= MostRetries:
                return (int)count;
            default:
                problems.Add(node.Place, $"retries is a whole number from 0 to {MostRetries}: how often a trial that failed is tried again, on other trainers where there are some");
                return SweepSpec.UsualRetries;
        }
    }

    private static T? Value<T>(SpecNode node, string key, TryParse<T> parse, string expected, ProblemList problems)
        where T : struct
    {
        switch (node)
        {
            case SpecScalar { IsNull: true }:
                return null;
            case SpecScalar scalar when parse(scalar.Text, out var value):
                return value;
            case SpecScalar scalar:
                problems.Add(scalar.Place, $"{key} {Phrases.Quoted(scalar.Text)} is not {expected}");
                return null;
            default:
                problems.Add(node.Place, $"{key} is {expected}");
                return null;
        }
    }

    private delegate bool TryParse<T>(string text, out T value);
}
