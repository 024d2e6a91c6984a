using System.Net;
using System.Net.Sockets;

namespace MemCluster.Tests;

/// <summary>Stands in the line between two nodes, hands everything on, and keeps a copy: what somebody on the network would see.</summary>
internal sealed class TcpRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly MemoryStream _seen = new();

    public TcpRelay() => _listener.Start();

    /// <summary>Where the one side connects to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>All bytes so far, of both directions.</summary>
    public byte[] Seen
    {
        get
        {
            lock (_seen)
            {
                return _seen.ToArray();
            }
        }
    }

    public bool HasSeen(string text) => Seen.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;

    /// <summary>From now on connections are handed on to this loopback port.</summary>
    public TcpRelay To(int port)
    {
        _ = Run(port);
        return this;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task Run(int port)
    {
        while (!_stop.IsCancellationRequested)
        {
            _ = HandOn(await _listener.AcceptTcpClientAsync(_stop.Token), port);
        }
    }

    private async Task HandOn(TcpClient near, int port)
    {
        using (near)
        using (var far = new TcpClient())
        {
            await far.ConnectAsync(IPAddress.Loopback, port, _stop.Token);
            await Task.WhenAny(Copy(near.GetStream(), far.GetStream()), Copy(far.GetStream(), near.GetStream()));
        }
    }

    private async Task Copy(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var length)
            {
                lock (_seen)
                {
                    _seen.Write(buffer, 0, length);
                }

                await to.WriteAsync(buffer.AsMemory(0, length), _stop.Token);
            }
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // One of them went.
        }
    }
}
