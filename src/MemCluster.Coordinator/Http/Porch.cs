using System.Net;
using Microsoft.AspNetCore.Connections;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// Takes from the system's queue no more connections than the door can be done with. The server itself takes all there are, faster than they are closed
/// again: in a storm the process would have every file open that it may, and .NET ends one that can't open another.
/// </summary>
internal sealed class Porch(IConnectionListenerFactory transport, Door door) : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await transport.BindAsync(endpoint, cancellationToken).ConfigureAwait(false), door);

    private sealed class Listener(IConnectionListener inner, Door door) : IConnectionListener
    {
        private readonly CancellationTokenSource _over = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await door.Room(_over.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return null; // Nobody is let in any more.
            }

            ConnectionContext? taken = null;
            try
            {
                return taken = await inner.AcceptAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (taken is null)
                {
                    door.NobodyCame();
                }
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _over.CancelAsync().ConfigureAwait(false);
            await inner.UnbindAsync(cancellationToken).ConfigureAwait(false);
        }

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync().ConfigureAwait(false);
            await inner.DisposeAsync().ConfigureAwait(false);
        }
    }
}
