using System.Globalization;
using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

internal static class NodesVerb
{
    public static readonly VerbAnswer Answer = Answers.Of((answerer, _, cancel) => answerer.Nodes(cancel), Lines);

    private static readonly string[] PlainStates = ["connected", "leaving", "unreachable", "draining", "drained", "probation"];

    private static IEnumerable<Line> Lines(IReadOnlyList<TrainerStatus> nodes)
    {
        if (nodes.Count == 0)
        {
            return ["No trainer is connected. Add one with: memcluster trainer --join HOST:PORT"];
        }

        var labelled = nodes.Any(node => node.Card.Labels.Count > 0);
        (string, bool)[] columns =
        [
            ("NODE", false), ("HOST", false), ("BUSY", true), ("CORES", true), ("MEMORY", true), ("DEVICE", false), ("NUMERICS", false),
            .. labelled ? [("LABELS", false)] : Array.Empty<(string, bool)>(), ("STATE", false),
        ];
        var rows = nodes.Select(node => (string[])
        [
            node.Trainer, node.Card.Host, $"{Numbers.Count(node.Busy)}/{Numbers.Count(node.Slots)}", node.Card.Cores.ToString(CultureInfo.InvariantCulture),
            Numbers.Bytes(node.Card.MemoryBytes), node.Card.Device, node.Card.InstructionSet,
            .. labelled ? [string.Join(", ", node.Card.Labels)] : Array.Empty<string>(), PlainStates.Contains(node.State) ? node.State : "gets no work",
        ]);
        return Answers.Table(columns, rows, row => nodes[row].State == "connected" ? Tone.Plain : Tone.Strong)
            .Concat(nodes.Where(node => !PlainStates.Contains(node.State))
                .SelectMany(node => Answers.Wrapped($"{node.Trainer} gets no work: {node.State}"))
                .Select(text => new Line(text, Tone.Bad)));
    }
}
