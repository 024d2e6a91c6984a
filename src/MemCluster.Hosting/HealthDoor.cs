using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MemCluster.Hosting;

/// <summary>What a probe is told: null where all is well, else the reason as half a sentence.</summary>
public sealed record NodeHealth(string? NotLive, string? NotReady);

/// <summary>
/// Answers <c>GET /health/live</c> and <c>/health/ready</c> with 200, or 503 and the reason, to whoever asks; nothing else, and no data. For nodes
/// without a web server of their own: a few hundred bytes of HTTP/1.1 don't need one.
/// </summary>
public sealed class HealthDoor : IAsyncDisposable
{
    private const int MostBytesInHead = 8 * 1024;
    private const int MostAtOnce = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMilliseconds(50);

    private readonly TcpListener _listener;
    private readonly Func<CancellationToken, Task<string?>> _notLive;
    private readonly Func<CancellationToken, Task<string?>> _notReady;
    private readonly CancellationTokenSource _stop = new();
    private readonly VisitorBook _book = new(MostAtOnce);
    private readonly Task _answering;

    private HealthDoor(TcpListener listener, Func<CancellationToken, Task<string?>> notLive, Func<CancellationToken, Task<string?>> notReady)
    {
        (_listener, _notLive, _notReady) = (listener, notLive, notReady);
        _answering = AnswerAll();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <param name="notLive">Null, or why not, as half a sentence; asked for every request, and must not wait for what <paramref name="notReady"/> waits for.</param>
    /// <param name="notReady">The same for what wants the node's work done.</param>
    /// <exception cref="FormatException">It can't listen there; the message is a sentence.</exception>
    public static HealthDoor Open(string host, int port, Func<CancellationToken, Task<string?>> notLive, Func<CancellationToken, Task<string?>> notReady)
    {
        try
        {
            var address = host is "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host.Trim('[', ']'), out var given) ? given : Dns.GetHostAddresses(host)[0];
            var listener = new TcpListener(address, port);
            listener.Start();
            return new(listener, notLive, notReady);
        }
        catch (SocketException problem)
        {
            throw new FormatException($"Health can't be answered at {host}:{port}: {problem.Message}. Name another with --health.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AnswerAll()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                LetIn(await _listener.AcceptTcpClientAsync(_stop.Token).ConfigureAwait(false));
            }
            catch (SocketException)
            {
                // Whoever called was gone before being answered; or this process may open no more files, and asking at once would not help.
                await Task.Delay(AfterTrouble, _stop.Token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whoever waits outside is a probe, perhaps: of those that say nothing one goes for it.</summary>
    private void LetIn(TcpClient caller)
    {
        var visitor = Visitor.Of(Caller(caller), caller.Dispose);
        var goes = _book.Enter(visitor);
        goes?.Close();
        if (goes != visitor)
        {
            _ = Answer(caller, visitor);
        }
    }

    private static EndPoint? Caller(TcpClient caller)
    {
        try
        {
            return caller.Client.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null; // It is gone already.
        }
    }

    private async Task Answer(TcpClient caller, Visitor visitor)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(Patience);
        try
        {
            using (caller)
            {
                var line = caller.GetStream();
                var asked = await FirstLine(line, limit.Token).ConfigureAwait(false);
                _book.Begin(visitor);
                var (status, text) = await Reply(asked, limit.Token).ConfigureAwait(false);
                var body = Encoding.UTF8.GetBytes(text + "\n");
                var head = string.Create(CultureInfo.InvariantCulture,
                    $"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
                await line.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception problem) when (problem is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The caller went, took too long, or had to make room.
        }
        finally
        {
            _book.Leave(visitor);
        }
    }

    private async Task<(string Status, string Text)> Reply(string? asked, CancellationToken cancel)
    {
        switch (asked)
        {
            case null:
                return ("400 Bad Request", "This is no request.");
            case "GET /health/live":
                return await _notLive(cancel).ConfigureAwait(false) is { } dead ? ("503 Service Unavailable", $"not live: {dead}") : ("200 OK", "live");
            case "GET /health/ready":
                return await _notReady(cancel).ConfigureAwait(false) is { } late ? ("503 Service Unavailable", $"not ready: {late}") : ("200 OK", "ready");
            default:
                return ("404 Not Found", "There are GET /health/live and GET /health/ready here.");
        }
    }

    /// <returns>Method and path; null if it is no HTTP.</returns>
    private static async Task<string?> FirstLine(NetworkStream line, CancellationToken cancel)
    {
        var head = new byte[MostBytesInHead];
        var length = 0;
        while (length < head.Length && !head.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var read = await line.ReadAsync(head.AsMemory(length), cancel).ConfigureAwait(false);
            if (read == 0)
            {
                return null;
            }

            length += read;
        }

        var words = Encoding.ASCII.GetString(head, 0, length).Split("\r\n", 2)[0].Split(' ');
        return words is [var method, var path, "HTTP/1.0" or "HTTP/1.1"] ? $"{method} {path}" : null;
    }
}
