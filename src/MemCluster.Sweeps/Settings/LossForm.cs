using System.Diagnostics.CodeAnalysis;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary><c>cross-entropy</c>, <c>squared</c>, or <c>smoothed-log 0.1 mean-over-classes=true</c>, in full <c>{kind: smoothed-log, offset: 0.1}</c>.</summary>
internal sealed class LossForm : Form<TrainingLoss>
{
    private const string Offset = "offset";
    private const string MeanOverClasses = "mean-over-classes";
    private const double ScriptsOffset = 0.1;

    private static readonly RealForm Offsets = new("an offset above 0, up to 1", offset => offset is > 0 and <= 1);
    private static readonly FlagForm Flag = new();

    public override string Expected => $"a loss such as 'cross-entropy' or 'smoothed-log 0.1' ({Phrases.Listed(TrainingLoss.Kinds)})";

    public override string Write(TrainingLoss value) => value.Kind
        + (value.Kind == TrainingLoss.SmoothedLog ? $" {ShortNumber.Write(value.Offset)}" : "")
        + (value.MeanOverClasses ? $" {MeanOverClasses}=true" : "");

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, [MaybeNullWhen(false)] out TrainingLoss value)
    {
        value = null;
        if (KindForm.Read(node, "kind", subject, Expected, problems) is not { } form)
        {
            return false;
        }

        var kind = form.Kind.Text;
        if (!TrainingLoss.Kinds.Contains(kind))
        {
            problems.Add(form.Kind.Place, $"unknown loss {Phrases.Quoted(kind)}{Phrases.Instead(kind, [.. TrainingLoss.Kinds])}");
            return false;
        }

        string[] numbers = kind == TrainingLoss.SmoothedLog ? [Offset] : [];
        if (form.Arguments($"loss '{kind}'", numbers, [MeanOverClasses], problems) is not { } arguments)
        {
            return false;
        }

        var (offset, mean) = (numbers.Length > 0 ? ScriptsOffset : 0, false);
        if ((arguments.TryGetValue(Offset, out var given) && !Offsets.TryRead(given, $"{subject} {Offset}", problems, out offset))
            || (arguments.TryGetValue(MeanOverClasses, out var flag) && !Flag.TryRead(flag, MeanOverClasses, problems, out mean)))
        {
            return false;
        }

        value = new(kind, offset, mean);
        return true;
    }
}
