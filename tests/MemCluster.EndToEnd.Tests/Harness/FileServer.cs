using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MemCluster.EndToEnd.Tests;

/// <summary>Serves the files of a folder over HTTP on loopback, honours ranges, and breaks connections off when told to.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _folder;

    public FileServer(string folder)
    {
        _folder = folder;
        _listener.Start();
        _ = Serve();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    /// <summary>What was asked for: the path, and the byte to begin at.</summary>
    public ConcurrentQueue<(string Path, long From)> Requests { get; } = new();

    /// <summary>No byte of a file from this one on is ever sent.</summary>
    public Func<string, long> MostBytes { get; set; } = _ => long.MaxValue;

    /// <summary>A connection breaks after so many bytes of content.</summary>
    public long MostBytesAtOnce { get; set; } = long.MaxValue;

    public void Dispose() => _listener.Dispose();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                try
                {
                    await Answer(client);
                }
                catch (IOException)
                {
                    // The client has gone; the next one, please.
                }
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Answer(TcpClient client)
    {
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync() ?? "GET / ").Split(' ')[1].TrimStart('/');
        long from = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            if (header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
            {
                from = long.Parse(header["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            }
        }

        Requests.Enqueue((path, from));
        var file = Path.Combine(_folder, path);
        if (!File.Exists(file))
        {
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            return;
        }

        var bytes = await File.ReadAllBytesAsync(file);
        var head = from == 0 ? "HTTP/1.1 200 OK\r\n" : $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{bytes.Length - 1}/{bytes.Length}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}Content-Length: {bytes.Length - from}\r\nConnection: close\r\n\r\n"));
        var until = Math.Min(Math.Min(bytes.Length, MostBytes(path)), from + Math.Min(MostBytesAtOnce, bytes.Length));
        if (until > from)
        {
            await stream.WriteAsync(bytes.AsMemory((int)from, (int)(until - from)));
        }
    }
}
