using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Something wrong with a sweep file, in a sentence that ends in what to do.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Set">The <c>--set</c> that it stands in (<c>training.epochs=five</c>); null for the file itself.</param>
public sealed record SpecProblem(string File, int Line, int Column, string Sentence, string? Set = null)
{
    public override string ToString() =>
        Set is null ? $"{File}:{Line}:{Column}  {Sentence}" : $"--set {Set}  {Sentence}";
}

/// <summary>What reading a sweep file gave: a spec, or every problem in the order of the file (those of <c>--set</c> after them).</summary>
/// <param name="Spec">Null exactly when there are problems.</param>
public sealed record SpecReading(SweepSpec? Spec, IReadOnlyList<SpecProblem> Problems);
