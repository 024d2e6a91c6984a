using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary><c>constant</c>, or <c>step 20 0.5</c>, in full <c>{every: 20, factor: 0.5}</c>.</summary>
internal sealed class ScheduleForm : Form<StepSchedule?>
{
    private const string Constant = "constant";
    private const string Step = "step";
    private const string Every = "every";
    private const string Factor = "factor";

    private static readonly WholeForm Epochs = new(1, 1_000_000);
    private static readonly RealForm Factors = new("a factor above 0, up to 100", factor => factor is > 0 and <= 100);

    public override string Expected => "'constant', or 'step 20 0.5' (every 20 epochs times 0.5)";

    public override string Write(StepSchedule? value) =>
        value is null ? Constant : $"{Step} {ShortNumber.Write(value.Every)} {ShortNumber.Write(value.Factor)}";

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, out StepSchedule? value)
    {
        value = null;
        // The full form needs no kind: there is one so far.
        var form = node is SpecMapping mapping && mapping.Entries.All(entry => entry.Key.Text != "kind")
            ? new KindForm(SpecScalar.Of(Step) with { Place = node.Place }, [], mapping.Entries)
            : KindForm.Read(node, "kind", subject, Expected, problems);
        if (form is null)
        {
            return false;
        }

        if (form.Kind.Text is not (Step or Constant or "none"))
        {
            problems.Add(form.Kind.Place, $"unknown {subject} {Words.Quoted(form.Kind.Text)}{Words.Instead(form.Kind.Text, [Constant, Step])}");
            return false;
        }

        string[] numbers = form.Kind.Text == Step ? [Every, Factor] : [];
        if (form.Arguments($"schedule '{form.Kind.Text}'", numbers, [], problems) is not { } arguments)
        {
            return false;
        }

        if (form.Kind.Text != Step)
        {
            return true;
        }

        if (arguments.Count < 2)
        {
            problems.Add(form.Kind.Place, $"schedule '{Step}' needs both its {Every} (epochs) and its {Factor}: write 'step 20 0.5'");
            return false;
        }

        if (!(Epochs.TryRead(arguments[Every], $"{subject} {Every}", problems, out var every)
              & Factors.TryRead(arguments[Factor], $"{subject} {Factor}", problems, out var factor)))
        {
            return false;
        }

        // A factor of 1 changes nothing.
        value = factor == 1 ? null : new(every, factor);
        return true;
    }
}
