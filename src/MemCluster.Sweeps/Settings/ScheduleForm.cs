using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary><c>constant</c>, <c>step 20 0.5</c>, <c>at 60,120 0.2</c> or <c>inverse-sqrt 1</c>, in full <c>{every: 20, factor: 0.5}</c>.</summary>
internal sealed class ScheduleForm : Form<RateSchedule?>
{
    private const string Constant = "constant";
    private const string Every = "every";
    private const string Epochs = "epochs";
    private const string Factor = "factor";

    private static readonly WholeForm Count = new(1, 1_000_000);
    private static readonly RealForm Factors = new("a factor above 0, up to 100", factor => factor is > 0 and <= 100);

    // Each kind with its numbers, and how it is to be written.
    private static readonly (string Kind, string[] Numbers, string Needs, string Example)[] Kinds =
    [
        (Constant, [], "", ""),
        (RateSchedule.Step, [Every, Factor], "both its every (epochs) and its factor", "step 20 0.5"),
        (RateSchedule.After, [Epochs, Factor], "both its epochs and its factor", "at 60,120 0.2"),
        (RateSchedule.InverseRoot, [Every], "its every (epochs)", "inverse-sqrt 1"),
    ];

    public override string Expected => "'constant', 'step 20 0.5' (every 20 epochs times 0.5), 'at 60,120 0.2' (times 0.2 after these epochs) or 'inverse-sqrt 1'";

    public override string Write(RateSchedule? value) => value?.Kind switch
    {
        null => Constant,
        RateSchedule.After => $"{RateSchedule.After} {value.At} {ShortNumber.Write(value.Factor)}",
        RateSchedule.InverseRoot => $"{RateSchedule.InverseRoot} {ShortNumber.Write(value.Every)}",
        _ => $"{RateSchedule.Step} {ShortNumber.Write(value.Every)} {ShortNumber.Write(value.Factor)}",
    };

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, out RateSchedule? value)
    {
        value = null;
        // Steps, the usual kind, need not say so.
        var form = node is SpecMapping mapping && mapping.Entries.All(entry => entry.Key.Text != "kind")
            ? new KindForm(SpecScalar.Of(RateSchedule.Step) with { Place = node.Place }, [], mapping.Entries)
            : KindForm.Read(node, "kind", subject, Expected, problems);
        if (form is null)
        {
            return false;
        }

        var name = form.Kind.Text == "none" ? Constant : form.Kind.Text;
        var (kind, numbers, needs, example) = Kinds.FirstOrDefault(kind => kind.Kind == name);
        if (kind is null)
        {
            problems.Add(form.Kind.Place, $"unknown {subject} {Phrases.Quoted(name)}{Phrases.Instead(name, [.. Kinds.Select(known => known.Kind)])}");
            return false;
        }

        if (form.Arguments($"schedule '{form.Kind.Text}'", numbers, [], problems) is not { } arguments)
        {
            return false;
        }

        if (arguments.Count < numbers.Length)
        {
            problems.Add(form.Kind.Place, $"schedule '{kind}' needs {needs}: write '{example}'");
            return false;
        }

        var (every, factor, at) = (0, 0.0, "");
        var isRead = !arguments.TryGetValue(Every, out var everyNode) || Count.TryRead(everyNode, $"{subject} {Every}", problems, out every);
        isRead &= !arguments.TryGetValue(Epochs, out var epochsNode) || TryReadEpochs(epochsNode, subject, problems, out at);
        isRead &= !arguments.TryGetValue(Factor, out var factorNode) || Factors.TryRead(factorNode, $"{subject} {Factor}", problems, out factor);

        // A factor of 1 changes nothing.
        value = isRead && kind != Constant && factor != 1 ? new(every, factor, kind, at) : null;
        return isRead;
    }

    private static bool TryReadEpochs(SpecNode node, string subject, ProblemList problems, out string epochs)
    {
        var before = problems.Count;
        var read = new SortedSet<int>();
        IReadOnlyList<SpecNode> items = node switch
        {
            SpecSequence sequence => sequence.Items,
            SpecScalar { IsNull: false } scalar => scalar.Split(letter => letter == ','),
            _ => [node],
        };
        foreach (var item in items)
        {
            if (Count.TryRead(item, $"{subject} epoch", problems, out var epoch))
            {
                read.Add(epoch);
            }
        }

        if (items.Count == 0)
        {
            problems.Add(node.Place, $"{subject} names no epoch; write 'at 60,120 0.2'");
        }

        epochs = string.Join(',', read.Select(epoch => ShortNumber.Write(epoch)));
        return problems.Count == before;
    }
}
