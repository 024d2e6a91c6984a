using System.Net;
using System.Net.Sockets;
using MemCluster.Operations.Chaos;

namespace MemCluster.Cli.Chaos;

/// <summary>
/// The lines between nodes. Each node listens on a port of its own and is known by the port of a relay here, so every line leads through this process, which can
/// cut it. Who is at its other end is looked up in /proc: a node must be cut off with the lines that it has opened, too.
/// </summary>
/// <param name="processes">Those that are there now, by node.</param>
internal sealed class ChaosNetwork(Func<IReadOnlyList<(int Node, int Process)>> processes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<TcpListener> _relays = [];
    private readonly HashSet<Wire> _wires = [];
    private readonly CancellationTokenSource _end = new();
    private Outage? _outage;

    private sealed record Outage(int Target, bool Silent)
    {
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed record Wire(int Owner, int? Peer, Socket Near, Socket Far)
    {
        public bool IsHitBy(Outage outage) => outage.Target == ChaosStep.All || Owner == outage.Target || Peer == outage.Target;

        public void Close()
        {
            Near.Dispose();
            Far.Dispose();
        }
    }

    /// <returns>The port by which the others reach this node.</returns>
    public int Relay(int node, int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _relays.Add(listener);
        _ = Accept(listener, node, port);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="silent">Lines stay, and take what they are given, but nothing arrives before <see cref="Mend"/>; else they are closed, and new ones too.</param>
    public void Cut(int target, bool silent)
    {
        Wire[] hit;
        lock (_lock)
        {
            _outage = new(target, silent);
            hit = silent ? [] : [.. _wires.Where(wire => wire.IsHitBy(_outage))];
        }

        foreach (var wire in hit)
        {
            wire.Close();
        }
    }

    public void Mend()
    {
        Outage? over;
        lock (_lock)
        {
            (over, _outage) = (_outage, null);
        }

        over?.Over.TrySetResult();
    }

    public void Dispose()
    {
        _end.Cancel();
        Mend();
        foreach (var relay in _relays)
        {
            relay.Dispose();
        }

        lock (_lock)
        {
            foreach (var wire in _wires)
            {
                wire.Close();
            }
        }
    }

    private async Task Accept(TcpListener listener, int node, int port)
    {
        try
        {
            while (true)
            {
                _ = HandOn(await listener.AcceptSocketAsync(_end.Token), node, port);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end.
        }
    }

    private async Task HandOn(Socket near, int node, int port)
    {
        await Task.Yield(); // Looking up who it is reads files.
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var wire = new Wire(node, PeerOf(near), near, far);
        lock (_lock)
        {
            _wires.Add(wire);
        }

        try
        {
            near.NoDelay = true;
            if (await Passes(wire))
            {
                await far.ConnectAsync(IPAddress.Loopback, port, _end.Token);
                await Task.WhenAny(Copy(wire, near, far), Copy(wire, far, near));
            }
        }
        catch (Exception closed) when (IsClosing(closed))
        {
            // Nobody listens there now; the other end learns it by the line that closes.
        }
        finally
        {
            wire.Close();
            lock (_lock)
            {
                _wires.Remove(wire);
            }
        }
    }

    private async Task Copy(Wire wire, Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var length && await Passes(wire))
            {
                for (var sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), _end.Token);
                }
            }
        }
        catch (Exception closed) when (IsClosing(closed))
        {
            // One of them went.
        }
    }

    /// <summary>Waits as long as the line is silent.</summary>
    /// <returns>False where it is cut.</returns>
    private async Task<bool> Passes(Wire wire)
    {
        while (true)
        {
            Outage? outage;
            lock (_lock)
            {
                outage = _outage;
            }

            if (outage is null || !wire.IsHitBy(outage))
            {
                return true;
            }

            if (!outage.Silent)
            {
                return false;
            }

            await outage.Over.Task.WaitAsync(_end.Token);
        }
    }

    private int? PeerOf(Socket near)
    {
        try
        {
            return near is { RemoteEndPoint: IPEndPoint far, LocalEndPoint: IPEndPoint here } ? PortOwner.Of(far.Port, here.Port, processes()) : null;
        }
        catch (SocketException)
        {
            return null; // It has gone again.
        }
    }

    private static bool IsClosing(Exception problem) => problem is SocketException or ObjectDisposedException or OperationCanceledException;
}
