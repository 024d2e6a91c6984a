using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Takes a trial's measures when they are due.</summary>
/// <param name="all">Labels of all examples, those left out included, where they are to be told: with <c>held-out</c>; else those of <paramref name="data"/>.</param>
internal sealed class Measurements(TrialSettings settings, CorruptedData data, CorruptedData? all = null)
{
    private readonly (MeasureKind Kind, MeasureRequest Request)[] _asked =
        settings.Measures is not { } plan ? [] : [.. MeasureKind.All.Where(kind => kind.Get(plan) is not null).Select(kind => (kind, kind.Get(plan)!))];

    private readonly LearningTally? _learning = settings.Measures?.Learning is null ? null : new(data.Given.Length);

    private readonly SplitTally? _splits = settings.Measures?.SecondSplit is null || settings.Training.SecondSplit is not { } split
        ? null : new(Splits.Second(split, new(settings.Seed), data.Given.Length), split.After);

    private bool _labelsTold;

    /// <summary>What <c>learning</c> and <c>second-split</c> remember; null if neither is asked for.</summary>
    public IReadOnlyDictionary<string, double[]>? Tally => (_learning?.State, _splits?.State) switch
    {
        ({ } learning, { } splits) => learning.Concat(splits).ToDictionary(),
        var (learning, splits) => learning ?? splits,
    };

    /// <summary>Goes on behind what was kept.</summary>
    public void GoOn(TrialMemory kept)
    {
        _labelsTold = kept.Epochs.Any(epoch => epoch.Findings.Any(found => found.Name == ExampleNames.Given));
        if (kept.Tally is { } tally)
        {
            _learning?.Restore(tally);
            _splits?.Restore(tally);
        }
    }

    public bool Any => _asked.Length > 0;

    /// <param name="isLast">Training ends after this epoch.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public IReadOnlyList<Finding> Take(Moment moment, bool isLast)
    {
        var found = new List<Finding>();
        foreach (var (kind, request) in _asked.Where(asked => asked.Request.IsDue(moment.Epoch, isLast)))
        {
            using var scope = NewDisposeScope();
            found.AddRange(kind.Name switch
            {
                "learning" => Learn(moment, isLast),
                "second-split" => Split(moment, isLast),
                _ => MeasureDeeds.ByName[kind.Name](moment, new(kind, request)),
            });
        }

        found.AddRange([.. found.Where(one => one.Form == FindingForms.Singles).Select(one => CorruptedFound(moment.Epoch, one))]);
        if (!_labelsTold && found.Exists(one => one.Form is FindingForms.Singles or FindingForms.Bits))
        {
            _labelsTold = true;
            found.InsertRange(0, Labels());
        }

        return found;
    }

    private List<Finding> Learn(Moment moment, bool isLast)
    {
        var scores = All(moment);
        _learning!.Add(moment.Epoch, scores);
        List<Finding> found = [Finding.OfBits(moment.Epoch, ExampleNames.Correct, scores.Correct)];
        if (isLast)
        {
            found.AddRange(_learning.Scores(moment.Epoch));
        }

        return found;
    }

    private IEnumerable<Finding> Split(Moment moment, bool isLast)
    {
        var splits = _splits ?? throw new InvalidOperationException("second-split is to be measured, and training has no second split.");
        splits.Add(moment.Epoch, All(moment).Correct);
        return isLast ? splits.Scores(moment.Epoch, data.Wrong) : [];
    }

    private static LogitScores All(Moment moment)
    {
        var parts = new List<LogitScores>();
        moment.PerExample((images, labels) =>
        {
            parts.Add(moment.Score(images, labels));
            return [];
        });
        return LogitScores.Joined(parts);
    }

    private Finding CorruptedFound(int epoch, Finding scores)
    {
        var wrong = data.Wrong;
        var numbers = scores.ToNumbers();
        var suspicion = MeasureKind.SmallMeansHard.Contains(scores.Name) ? Array.ConvertAll(numbers, number => -number) : numbers;
        if (MeasureKind.OfSomeExamples.Contains(scores.Name))
        {
            var scored = Array.ConvertAll(numbers, number => !double.IsNaN(number));
            (suspicion, wrong) = ([.. suspicion.Where((_, example) => scored[example])], [.. wrong.Where((_, example) => scored[example])]);
        }

        return Finding.OfNumber(epoch, MeasureKind.CorruptedAuroc(scores.Name), Defined.AurocOf(suspicion, wrong));
    }

    private IEnumerable<Finding> Labels()
    {
        var told = all ?? data;
        return [.. told.Drawn is { } drawn ? (Finding[])[Finding.OfBits(0, ExampleNames.Drawn, drawn.Bits)] : [], Labels(ExampleNames.Given, told.Given), Labels(ExampleNames.True, told.True), Finding.OfBits(0, ExampleNames.Corrupted, told.Corrupted)];
    }

    /// <summary>An ensemble has thousands of trials, and each tells of its labels: as few bytes as there can be. (Other trials go on telling them as they always did.)</summary>
    private Finding Labels(string name, int[] labels) => all is not null && data.Card.Classes <= 256
        ? Finding.OfBytes(0, name, labels)
        : Finding.OfSingles(0, name, labels.Select(label => (double)label));
}
