using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace MemCluster.EndToEnd.Tests;

/// <summary>An OpenTelemetry collector that keeps what it is sent (OTLP over HTTP, protobuf).</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, Wire Body)> _requests = new();

    public Collector()
    {
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = Serve();
    }

    public string Address { get; }

    public IEnumerable<Point> Points => Of("/v1/metrics", 1).SelectMany(resource => resource.All(2, 2).SelectMany(metric =>
        metric.All(5, 1).Concat(metric.All(7, 1)).Select(point => Number(metric, point))
            .Concat(metric.All(9, 1).Select(point => new Point(metric.Text(1), metric.Text(3), Attributes(point, 9), point.Number(4))))));

    public IEnumerable<Span> Spans => Of("/v1/traces", 1, 2, 2).Select(span => new Span(
        span.Text(5), Convert.ToHexString(span.Bytes(1)), Convert.ToHexString(span.Bytes(2)), Convert.ToHexString(span.Bytes(4)), Attributes(span, 9)));

    public IEnumerable<Record> Records => Of("/v1/logs", 1, 2, 2).Select(record => new Record(record.All(5).First().Text(1), Attributes(record, 6)));

    /// <summary>Attributes of who sends.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> Senders => _requests.SelectMany(request => request.Body.All(1, 1)).Select(resource => Attributes(resource, 1));

    public bool HasHeardNothing => _requests.IsEmpty;

    /// <summary>The last value of a metric with these attributes; for a histogram, how many it has seen.</summary>
    public double Last(string name, params string[] attributes) => Points.Last(point =>
        point.Name == name && Array.TrueForAll(attributes, attribute => point.Attributes.Any(entry => $"{entry.Key}={entry.Value}" == attribute))).Value;

    public void Dispose() => _listener.Close();

    private IEnumerable<Wire> Of(string path, params int[] fields) => _requests.Where(request => request.Path == path).SelectMany(request => request.Body.All(fields));

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _requests.Enqueue((context.Request.Url!.AbsolutePath, new Wire(body.ToArray())));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private static Point Number(Wire metric, Wire point) =>
        new(metric.Text(1), metric.Text(3), Attributes(point, 7), point.Has(6) ? (long)point.Number(6) : point.Double(4));

    private static Dictionary<string, string> Attributes(Wire owner, int number) =>
        owner.All(number).GroupBy(entry => entry.Text(1)).ToDictionary(entry => entry.Key, entry => Value(entry.First().All(2).First()));

    private static string Value(Wire value) => value.Has(1) ? value.Text(1)
        : value.Has(2) ? value.Number(2) == 1 ? "true" : "false"
        : value.Has(3) ? ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture)
        : value.Has(4) ? value.Double(4).ToString(CultureInfo.InvariantCulture)
        : "";
}

/// <param name="Value">Of a histogram: how many values it has seen.</param>
internal sealed record Point(string Name, string Unit, IReadOnlyDictionary<string, string> Attributes, double Value);

internal sealed record Span(string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Attributes);

internal sealed record Record(string Message, IReadOnlyDictionary<string, string> Attributes);
