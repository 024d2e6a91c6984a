using MemCluster.Messages;

namespace MemCluster.Operations;

/// <summary>What happens in a sweep, told as it happens and only after it is written down.</summary>
public interface ISweepFeed
{
    /// <summary>
    /// Every <see cref="SweepEvent"/> and <see cref="TrialMeasured"/> of the sweep from now on, which need not exist yet. May repeat itself, and
    /// metric events may overtake control events. The callback must return at once: it is called on whatever thread wrote.
    /// </summary>
    IDisposable Subscribe(SweepId sweep, Action<IMessage> heard);
}
