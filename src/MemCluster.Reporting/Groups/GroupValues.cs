using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Statistics;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Groups;

/// <summary>Computes the measures over several trials that claims name (<see cref="GroupMeasures"/>), from the trials' per-example arrays and from their errors.</summary>
internal sealed class GroupValues(Grid grid, IReadOnlyDictionary<int, ExampleFacts> facts, TrialErrors errors)
{
    private readonly CurveValues _curves = new(grid, errors);
    private readonly Dictionary<string, EnsembleValues?> _ensembles = [];

    /// <summary>Reads arrays and rows once, and only if some claim wants them.</summary>
    /// <param name="names">Of the group measures wanted.</param>
    public static async Task<GroupValues?> Over(ResultRows rows, IReadOnlyCollection<string> names, CancellationToken cancel)
    {
        if (names.Count == 0)
        {
            return null;
        }

        string[] scores = [.. names.Select(GroupMeasures.ScoreOf).OfType<string>().Concat(names.SelectMany(name => ScoreCorrelation.Find(name)?.OfTrials ?? [])).Distinct()];
        return new GroupValues(
            new(rows.Spec),
            names.All(CurveMeasures.Is) ? new Dictionary<int, ExampleFacts>() : await ExampleFacts.Gather(rows, scores, cancel),
            names.Any(CurveMeasures.Is) ? await TrialErrors.Gather(rows, cancel) : TrialErrors.None);
    }

    /// <summary>Of every example, the share of these trials in which it was right after the first epoch; null where a trial has not told.</summary>
    public double[]? FirstEpochShares(IReadOnlyList<int> places) => !HaveOtherExamples(places) && FirstEpoch(places) is { } correct ? Dispersion.Of(correct).Sorted : null;

    /// <summary>Two scores of each example, over these trials; null where a trial has not told, or each has examples or noise of its own.</summary>
    public ScorePairs? Pairs(ScoreCorrelation asked, IReadOnlyList<int> places) => HaveOtherExamples(places) ? null : Correlations.Pairs(asked, places);

    /// <returns>Null where a trial, or what it should have measured, is missing; with a reason where it was measured and gives no number.</returns>
    public GroupValue? Of(string name, IReadOnlyList<int> places) => name switch
    {
        _ when GroupMeasures.NeedSameExamples(name) && HaveOtherExamples(places) => GroupValue.Absent(Missing.OtherExamples),
        GroupMeasures.Overdispersion => FirstEpoch(places) is { } correct ? OverdispersionOf(correct) : null,
        GroupMeasures.DispersionTest => FirstEpoch(places) is { } correct ? TestOf(Dispersion.Of(correct).ChanceP) : null,
        GroupMeasures.BinomialKs => FirstEpoch(places) is { } correct ? TestOf(BinomialKsOf(Dispersion.Of(correct))) : null,
        _ when CurveMeasures.Is(name) => _curves.Of(name, places),
        _ when EnsembleMeasure.Find(name) is { } measure => EnsembleAt(places)?.Of(measure),
        _ when ScoreCorrelation.Find(name) is { } asked => Correlations.Of(asked, places),
        _ when GroupMeasures.ScoreOf(name) is { } score => AurocOf(score, places),
        _ => null,
    };

    /// <summary>Of trials that measured <c>held-out</c>; several claims ask the same ones.</summary>
    private EnsembleValues? EnsembleAt(IReadOnlyList<int> places)
    {
        var key = string.Join(' ', places);
        if (!_ensembles.TryGetValue(key, out var values))
        {
            values = EnsembleOf(places) is { } ensemble ? new(ensemble) : null;
            _ensembles.Add(key, values);
        }

        return values;
    }

    private CorrelationValues Correlations => new(grid, facts, EnsembleOf);

    private Ensemble? EnsembleOf(IReadOnlyList<int> places) => Ensemble.Of(grid, places, place => facts.GetValueOrDefault(place + 1)?.Run).Ensemble;

    /// <summary>The i-th example of one trial is not the i-th of the next.</summary>
    private bool HaveOtherExamples(IReadOnlyList<int> places) => places.Any(place => grid.SettingsAt(place).Data.Seed == DataSettings.PerSeed);

    /// <summary>A row for each run; null unless all runs measured the same examples after their first epoch.</summary>
    private BitMatrix? FirstEpoch(IReadOnlyList<int> places)
    {
        var runs = places.Select(place => facts.GetValueOrDefault(place + 1)?.FirstCorrect).OfType<bool[]>().ToArray();
        return runs.Length == places.Count && runs.Length > 1 && runs.All(run => run.Length == runs[0].Length) ? BitMatrix.FromRows(runs) : null;
    }

    /// <summary>With an interval over the runs and the examples, both of which could have been others.</summary>
    private static GroupValue OverdispersionOf(BitMatrix correct)
    {
        var found = Dispersion.Of(correct);
        if (!double.IsFinite(found.Overdispersion))
        {
            return GroupValue.Absent(Missing.NotDefined); // All are right in all runs, or wrong: chance has no variance to compare with.
        }

        var (low, high) = Dispersion.OverdispersionInterval(correct);
        return new(found.Overdispersion, low, high);
    }

    private static double BinomialKsOf(Dispersion found) => double.IsNaN(found.Overdispersion) ? double.NaN : BinomialNull.TestOf(found.Correct, found.Runs).P;

    private static GroupValue TestOf(double p) => double.IsNaN(p) ? GroupValue.Absent(Missing.NotDefined) : new(p, p, p) { IsTest = true };

    /// <summary>Of each trial's own score, or of the one by which it left examples out; the mean over the trials with Student's interval.</summary>
    private GroupValue? AurocOf(string score, IReadOnlyList<int> places)
    {
        var each = places.Select(place => AurocAt(score, place)).ToArray();
        if (each.Length == 0 || each.Contains(null))
        {
            return null;
        }

        double[] numbers = [.. each.OfType<double>()];
        if (numbers.Select(Absences.Of).Max() is { } word)
        {
            return GroupValue.Absent(word == Absence.NotDefined ? Missing.NotDefined : Missing.Nan);
        }

        return GroupValue.Of(numbers);
    }

    /// <returns>Null where it was not measured; not defined where all examples are of one kind.</returns>
    private double? AurocAt(string score, int place)
    {
        var runs = facts.GetValueOrDefault(place + 1) is { } own && own.Mean(score) is not null
            ? [own]
            : grid.ScoresOf(place).Select(scoring => facts.GetValueOrDefault(scoring + 1)).OfType<ExampleFacts>().ToArray();
        var means = runs.Select(run => run.Mean(score)).OfType<double[]>().ToArray();
        if (means.Length == 0 || means.Length < runs.Length)
        {
            return null;
        }

        if (!Auroc.IsDefined(runs[0].Wrong))
        {
            return Absences.NotDefined;
        }

        var mean = OverEpochs.Mean(means);
        int[] scored = [.. Enumerable.Range(0, mean.Length).Where(example => !ExampleSheets.IsNone(score, mean[example]))];
        return Auroc.Of(
            Array.ConvertAll(scored, example => MeasureKind.SmallMeansHard.Contains(score) ? -mean[example] : mean[example]), Array.ConvertAll(scored, example => runs[0].Wrong[example]));
    }
}
