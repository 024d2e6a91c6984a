using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary><c>none</c>, <c>after 20</c> or <c>after 20 0.3</c>, in full <c>{after: 20, share: 0.3}</c>.</summary>
internal sealed class SecondSplitForm : Form<SecondSplit?>
{
    private const string None = "none";
    private const string After = "after";
    private const string Share = "share";

    private static readonly WholeForm Epochs = new(1, 1_000_000);
    private static readonly RealForm Shares = new("a share above 0, below 1", share => share is > 0 and < 1);

    public override string Expected => "'none', or 'after 20' (epochs on one half of the training examples, then the other half only), or 'after 20 0.3' (then a share of .3)";

    public override string Write(SecondSplit? value) => value is null ? None
        : $"{After} {ShortNumber.Write(value.After)}" + (value.Share == SecondSplit.Half ? "" : $" {ShortNumber.Write(value.Share)}");

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, out SecondSplit? value)
    {
        value = null;
        var form = node is SpecMapping mapping
            ? new KindForm(SpecScalar.Of(After) with { Place = node.Place }, [], mapping.Entries)
            : KindForm.Read(node, After, subject, Expected, problems);
        if (form is null || (form.Kind.Text == None && form.Arguments($"{subject} '{None}'", [], [], problems) is null))
        {
            return false;
        }

        if (form.Kind.Text == None)
        {
            return true;
        }

        if (form.Kind.Text != After)
        {
            problems.Add(form.Kind.Place, $"{subject} {Phrases.Quoted(form.Kind.Text)} is not {Expected}");
            return false;
        }

        if (form.Arguments(subject, [After, Share], [], problems) is not { } arguments)
        {
            return false;
        }

        if (!arguments.TryGetValue(After, out var after))
        {
            problems.Add(form.Kind.Place, $"{subject} does not say after which epoch; write '{After} 20'");
            return false;
        }

        var (epochs, share) = (0, SecondSplit.Half);
        var isRead = Epochs.TryRead(after, $"{subject} {After}", problems, out epochs)
            & (!arguments.TryGetValue(Share, out var given) || Shares.TryRead(given, $"{subject} {Share}", problems, out share));
        value = isRead ? new(epochs, share) : null;
        return isRead;
    }
}
