using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>
/// What a trial in training remembers of its epochs: the numbers, which its outcome is folded from, and, where somebody keeps checkpoints, all
/// that was found, so that whoever goes on from one can tell it again.
/// </summary>
internal sealed class TrialKeeping(TrialCourse course, TimeProvider clock, Action<EpochMeasures> report)
{
    /// <summary>Arrays of very many epochs would fill the memory: such a trial is kept no further than this, and goes on from there if it is lost.</summary>
    private const long MostBytesFound = 256L << 20;

    private readonly List<EpochMeasures> _numbers = [];
    private readonly List<EpochMeasures> _all = [];
    private readonly long _beganAt = clock.GetTimestamp();
    private long _bytesFound;

    public TrialMemory? From => course.From;

    /// <summary>Epochs trained so far.</summary>
    public int Epoch => _numbers.Count;

    /// <summary>Every epoch so far, of its findings those that are one number.</summary>
    public IReadOnlyList<EpochMeasures> Numbers => _numbers;

    /// <summary>Tells again what was told by an attempt before this one.</summary>
    public void Begin()
    {
        foreach (var epoch in From?.Epochs ?? [])
        {
            Note(epoch);
        }
    }

    /// <summary>Whether the epochs behind it are all there are.</summary>
    public bool IsOver(TrainingSettings training) => _numbers.Count > 0 && Measures.IsLast(_numbers[^1], training);

    public void Note(EpochMeasures epoch)
    {
        _numbers.Add(epoch with { Findings = [.. epoch.Findings.Where(found => found.Form == FindingForms.Number)] });
        _bytesFound += epoch.Findings.Sum(found => (long)found.Values.Length);
        if (course is { Between: not null, Keeps: true } && _bytesFound <= MostBytesFound)
        {
            _all.Add(epoch);
        }
        else
        {
            _all.Clear();
        }

        report(epoch);
    }

    /// <param name="take">Tensors, tally, and the best weights so far, as they are now.</param>
    public void Between(Func<(IReadOnlyList<byte[]> Tensors, IReadOnlyDictionary<string, double[]>? Tally, Finding? Best)> take) => course.Between?.Invoke(() =>
    {
        if (_all.Count < _numbers.Count)
        {
            return null;
        }

        var (tensors, tally, best) = take();
        return new([.. _all], tensors, tally?.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray()), (From?.Spent ?? TimeSpan.Zero) + clock.GetElapsedTime(_beganAt)) { Best = best };
    });
}
