using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Takes a trial's measures when they are due.</summary>
/// <param name="all">Labels of all examples, those left out included, where they are to be told: with <c>held-out</c>; else those of <paramref name="data"/>.</param>
internal sealed class Measurements(MeasurePlan? plan, CorruptedData data, CorruptedData? all = null)
{
    private readonly (MeasureKind Kind, MeasureRequest Request)[] _asked =
        plan is null ? [] : [.. MeasureKind.All.Where(kind => kind.Get(plan) is not null).Select(kind => (kind, kind.Get(plan)!))];

    private bool _labelsTold;

    /// <summary>What <c>learning</c> remembers; null if it is not asked for.</summary>
    public LearningTally? Tally { get; } = plan?.Learning is null ? null : new(data.Given.Length);

    /// <summary>Goes on behind what was kept.</summary>
    public void GoOn(TrialMemory kept)
    {
        _labelsTold = kept.Epochs.Any(epoch => epoch.Findings.Any(found => found.Name == ExampleNames.Given));
        if (kept.Tally is { } tally)
        {
            Tally?.Restore(tally);
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
            found.AddRange(kind.Name == "learning" ? Learn(moment, isLast) : MeasureDeeds.ByName[kind.Name](moment, new(kind, request)));
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
        var parts = new List<LogitScores>();
        moment.PerExample((images, labels) =>
        {
            parts.Add(moment.Score(images, labels));
            return [];
        });
        var scores = LogitScores.Joined(parts);
        Tally!.Add(moment.Epoch, scores);
        List<Finding> found = [Finding.OfBits(moment.Epoch, ExampleNames.Correct, scores.Correct)];
        if (isLast)
        {
            found.AddRange(Tally.Scores(moment.Epoch));
        }

        return found;
    }

    private Finding CorruptedFound(int epoch, Finding scores)
    {
        var wrong = data.Wrong;
        var numbers = scores.ToNumbers();
        var suspicion = MeasureKind.SmallMeansHard.Contains(scores.Name) ? Array.ConvertAll(numbers, number => -number) : numbers;
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
