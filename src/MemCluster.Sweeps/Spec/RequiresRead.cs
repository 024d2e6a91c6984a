using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Reads what a sweep asks of machines: <c>requires: { memory: 8GiB, label: [gpu, big] }</c>.</summary>
internal static class RequiresRead
{
    public static Requirement Read(SpecDraft draft, ProblemList problems) =>
        new(MemoryOf(draft.RequiresMemory, problems), [.. LabelsOf(draft.RequiresLabel, problems)]);

    private static long MemoryOf(SpecNode? node, ProblemList problems)
    {
        switch (node)
        {
            case null or SpecScalar { IsNull: true }:
                return 0;
            case SpecScalar scalar when MemorySize.TryParse(scalar.Text, out var bytes):
                return bytes;
            case SpecScalar scalar:
                problems.Add(scalar.Place, $"memory {Phrases.Quoted(scalar.Text)} is not {MemorySize.Expected}");
                return 0;
            default:
                problems.Add(node.Place, $"memory is {MemorySize.Expected}");
                return 0;
        }
    }

    private static SortedSet<string> LabelsOf(SpecNode? node, ProblemList problems)
    {
        IReadOnlyList<SpecNode> items = node switch
        {
            null or SpecScalar { IsNull: true } => [],
            SpecSequence list => list.Items,
            var single => [single],
        };
        var labels = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item is SpecScalar { IsNull: false } scalar && NodeLabel.IsValid(scalar.Text))
            {
                labels.Add(scalar.Text);
            }
            else
            {
                problems.Add(item.Place, $"a label is {NodeLabel.Expected}{(item is SpecScalar { IsNull: false } wrong ? $", not {Phrases.Quoted(wrong.Text)}" : "")}");
            }
        }

        return labels;
    }
}
