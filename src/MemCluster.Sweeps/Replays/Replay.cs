using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// A trial that is being trained again, beside what is recorded of it. Once the weights differ everything after them does, and says nothing more: it is over then.
/// A number that differs while the weights do not is told, and the replay goes on: whether it is the only one tells a changed record from a machine that computes differently.
/// </summary>
/// <param name="recorded">The epochs of the attempt that ended the trial.</param>
/// <param name="outcome">As it is recorded.</param>
public sealed class Replay(IReadOnlyList<EpochRow> recorded, TrialOutcome outcome)
{
    /// <summary>More of them say nothing more.</summary>
    public const int MostDifferences = 10;

    private readonly Dictionary<int, EpochRow> _recorded = recorded.ToDictionary(row => row.Epoch);

    /// <summary>What was found, as long as it is not told again: what was found before training comes with the first epoch at which anything is measured.</summary>
    private readonly Dictionary<(int Epoch, string Name), Finding> _found =
        recorded.SelectMany(row => row.Findings).ToDictionary(found => (found.Epoch, found.Name));

    private readonly List<ReplayDifference> _differences = [];
    private bool _isLost;

    /// <summary>Trained again so far.</summary>
    public int Epochs { get; private set; }

    /// <summary>In the order in which they came; none: it is the same trial.</summary>
    public IReadOnlyList<ReplayDifference> Differences => _differences;

    /// <summary>Whether to train on would show nothing more.</summary>
    public bool IsOver => _isLost || _differences.Count >= MostDifferences;

    public void Hear(EpochMeasures epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        Epochs = epoch.Epoch;
        var row = _recorded.GetValueOrDefault(epoch.Epoch);
        _isLost |= row?.Weights != epoch.Weights;
        var earlier = epoch.Findings.ToLookup(found => found.Epoch < epoch.Epoch);
        Note(Found(earlier[true]));
        Note(ReplayComparison.Of(row, epoch));
        Note(Found(earlier[false]));
    }

    public void End(TrialOutcome replayed)
    {
        Note(ReplayComparison.Of([.. _found.Values], []));
        Note(ReplayComparison.Of(outcome, replayed));
    }

    private IEnumerable<ReplayDifference> Found(IEnumerable<Finding> told)
    {
        Finding[] replayed = [.. told];
        Finding[] was = [.. replayed.Select(found => _found.Remove((found.Epoch, found.Name), out var row) ? row : null).OfType<Finding>()];
        return ReplayComparison.Of(was, replayed);
    }

    private void Note(IEnumerable<ReplayDifference> differences) => _differences.AddRange(differences.Take(MostDifferences - _differences.Count));
}
