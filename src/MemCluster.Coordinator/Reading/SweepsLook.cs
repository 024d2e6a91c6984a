using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Looking at the list of sweeps, time after time, and which of them must be read then: following, one that was over and read to its end, or that can't be
/// read, need not be looked at again. Used by one thread at a time.
/// </summary>
internal sealed class SweepsLook
{
    private readonly HashSet<SweepId> _over = [];

    /// <summary>With an event that can't be read, now or later: they hold up nobody.</summary>
    private readonly HashSet<SweepId> _aside = [];
    private bool _looking;
    private bool _again;

    public KnownSweeps Known { get; private set; } = KnownSweeps.Nothing;

    public bool IsAside(SweepId sweep) => _aside.Contains(sweep);

    /// <returns>Whether a look begins now; one that is under way will do.</returns>
    public bool Begins()
    {
        var begins = !_looking;
        _looking = true;
        return begins;
    }

    /// <summary>All is to be looked at once more, and a look under way may have passed what is looked for.</summary>
    public void Anew()
    {
        _again = _looking;
        _over.Clear();
        _aside.Clear();
    }

    public void Failed() => _looking = false;

    /// <returns>Whether that is all; else it must look once more.</returns>
    public bool Found(KnownSweeps known)
    {
        _looking = false;
        Known = known;
        (var whole, _again) = (!_again, false);
        return whole;
    }

    /// <returns>Sweeps that must be read now.</returns>
    public IReadOnlyList<SweepId> Due()
    {
        _over.IntersectWith(Known.Ended);
        SweepId[] due = [.. Known.Sweeps.Where(sweep => !_over.Contains(sweep) && !_aside.Contains(sweep))];
        _over.UnionWith(Known.Ended);
        return due;
    }

    public void SetAside(SweepId sweep) => _aside.Add(sweep);

    /// <summary>It was deleted; the next of its name is another.</summary>
    public void Forget(SweepId sweep) => _aside.Remove(sweep);
}
