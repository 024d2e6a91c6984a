using MemCluster.Messages;

namespace MemCluster.Operations.Watching;

/// <summary>
/// The feed of a coordinator elsewhere: its stream of events, handed on as it comes. A stream that breaks goes silent; who watches then asks how
/// things stand, and is told by the answer.
/// </summary>
public sealed class EventFeed(IOperator answerer) : ISweepFeed
{
    public IDisposable Subscribe(SweepId sweep, Action<IMessage> heard)
    {
        var listening = new Listening();
        _ = Listen(sweep, heard, listening.Token);
        return listening;
    }

    private async Task Listen(SweepId sweep, Action<IMessage> heard, CancellationToken cancel)
    {
        try
        {
            await foreach (var happened in answerer.Events(sweep, cancel))
            {
                heard(happened);
            }
        }
        catch (Exception problem) when (problem is UserError or OperationCanceledException)
        {
            // Silence is noticed by the one who watches.
        }
    }

    private sealed class Listening : IDisposable
    {
        private readonly CancellationTokenSource _over = new();

        public CancellationToken Token => _over.Token;

        public void Dispose()
        {
            _over.Cancel();
            _over.Dispose();
        }
    }
}
