using System.Threading.Channels;
using MemCluster.Messages;

namespace MemCluster.Operations.Watching;

/// <summary>
/// The feed of some sweeps, brought onto one thread. Subscribed before the sweeps are handed in, so that nothing of them is missed; what
/// arrives twice does no harm.
/// </summary>
public sealed class SweepNews : IDisposable
{
    private readonly Channel<(SweepId Sweep, IMessage Word)> _heard =
        Channel.CreateUnbounded<(SweepId Sweep, IMessage Word)>(new() { SingleReader = true });

    private readonly IDisposable[] _subscriptions;

    public SweepNews(ISweepFeed feed, IReadOnlyList<SweepSpec> specs) =>
        _subscriptions = [.. specs.Select(spec => feed.Subscribe(spec.Name, word => _heard.Writer.TryWrite((spec.Name, word))))];

    public bool TryNext(out (SweepId Sweep, IMessage Word) news) => _heard.Reader.TryRead(out news);

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }
}
