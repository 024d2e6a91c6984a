using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Operations.Verbs;

internal static class NodesVerb
{
    private static readonly string[] PlainStates = ["connected", "leaving", "unreachable", "draining", "drained"];

    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments arguments, [EnumeratorCancellation] CancellationToken cancel)
    {
        var nodes = await answerer.Nodes(cancel);
        if (arguments.Has(OperatorCatalogue.Json))
        {
            yield return JsonSerializer.Serialize(nodes, MessageJson.Options);
            yield break;
        }

        if (nodes.Count == 0)
        {
            yield return "No trainer is connected. Add one with: memcluster trainer --join HOST:PORT";
            yield break;
        }

        var labelled = nodes.Any(node => node.Card.Labels.Count > 0);
        IReadOnlyList<string>[] rows =
        [
            ["NODE", "HOST", "BUSY", "CORES", "MEMORY", "DEVICE", "NUMERICS", .. labelled ? ["LABELS"] : Array.Empty<string>(), "STATE"],
            .. nodes.Select(node => (IReadOnlyList<string>)
            [
                node.Trainer, node.Card.Host, $"{Numbers.Count(node.Busy)}/{Numbers.Count(node.Slots)}", node.Card.Cores.ToString(CultureInfo.InvariantCulture),
                Numbers.Bytes(node.Card.MemoryBytes), node.Card.Device, node.Card.InstructionSet,
                .. labelled ? [string.Join(", ", node.Card.Labels)] : Array.Empty<string>(), PlainStates.Contains(node.State) ? node.State : "gets no work",
            ]),
        ];
        var text = TextTable.Of(rows, [false, false, true, true, true, false, false, false, .. labelled ? [false] : Array.Empty<bool>()]);
        for (var line = 0; line < text.Count; line++)
        {
            yield return new(text[line], line == 0 ? Tone.Faint : nodes[line - 1].State == "connected" ? Tone.Plain : Tone.Strong);
        }

        foreach (var node in nodes.Where(node => !PlainStates.Contains(node.State)))
        {
            foreach (var part in StatusVerb.Wrapped($"{node.Trainer} gets no work: {node.State}"))
            {
                yield return new(part, Tone.Bad);
            }
        }
    }
}
