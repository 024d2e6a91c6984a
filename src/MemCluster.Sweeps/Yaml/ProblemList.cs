namespace MemCluster.Sweeps;

/// <summary>Collects what is wrong, from anywhere in the reading, and puts it in the order of the file at the end.</summary>
internal sealed class ProblemList(string file, IReadOnlyList<string> sets)
{
    private readonly List<(SpecPlace Place, string Sentence)> _found = [];

    public int Count => _found.Count;

    public void Add(SpecPlace place, string sentence) => _found.Add((place, sentence));

    /// <summary>Takes over from another list what stands at places of interest.</summary>
    public void AddFrom(ProblemList other, Func<SpecPlace, bool> ofInterest) => _found.AddRange(other._found.Where(found => ofInterest(found.Place)));

    public IReadOnlyList<SpecProblem> InOrder() =>
    [
        .. _found.Distinct()
            .OrderBy(found => found.Place.Source).ThenBy(found => found.Place.Line).ThenBy(found => found.Place.Column)
            .Select(found => new SpecProblem(
                file, found.Place.Line, found.Place.Column, found.Sentence,
                found.Place.Source == 0 ? null : sets[found.Place.Source - 1])),
    ];
}
