using System.Globalization;
using System.Text;

namespace MemCluster.Coordinator.Tests;

/// <summary>A request that no client of ours would send.</summary>
/// <param name="What">For the message of a test that fails.</param>
/// <param name="Bytes">As they go over the line.</param>
internal sealed record Nonsense(string What, byte[] Bytes)
{
    public override string ToString() => What;
}

/// <summary>
/// Malformed and oversized requests, each of which must be answered with 4xx. (A version of HTTP that nobody speaks isn't among them: its answer is
/// 505, by the book.)
/// </summary>
internal static class ApiNonsense
{
    private const string Root = "/api/v1";

    private static readonly string[] Posts =
    [
        "/sweeps", "/sweeps/s/pause", "/sweeps/s/resume", "/sweeps/s/stop", "/sweeps/s/cancel", "/sweeps/s/retry", "/sweeps/s/priority",
        "/sweeps/s/delete", "/nodes/lab/drain",
    ];

    private static readonly string[] Gets =
    [
        "/sweeps/s", "/sweeps/s/spec", "/sweeps/s/numerics", "/sweeps/s/trials", "/sweeps/s/measures", "/sweeps/s/attempts", "/sweeps/s/trials/1",
        "/sweeps/s/progress", "/sweeps/s/events", "/nodes", "/timings", "/home",
    ];

    public static IEnumerable<Nonsense> All =>
    [
        .. Posts.SelectMany(path => Bodies.Select(body => Post(path, body.What, body.Bytes))),
        .. Posts.SelectMany(path => Types.Select(type => Post(path, $"of type '{type}'", "{}"u8.ToArray(), type))),
        .. Gets.SelectMany(path => ((string[])["DELETE", "PUT", "PATCH", "PROPFIND"]).Select(method => Line($"{method} {Root}{path}"))),
        .. Posts.Skip(1).Select(path => Line($"GET {Root}{path}")),
        .. Paths.Select(path => Line($"GET {path}")),
        .. ((string[])["", "evil.example", "127.0.0.1.evil.example", "localhost:99999", "a b", "[::1", "127.0.0.1@evil", "\u0001"])
            .Select(host => new Nonsense($"Host: {host}", Ascii($"GET {Root}/sweeps HTTP/1.1\r\nHost: {host}\r\n\r\n"))),
        .. Raw,
    ];

    private static IEnumerable<(string What, byte[] Bytes)> Bodies =>
    [
        ("nothing", []),
        ("null", "null"u8.ToArray()),
        ("a list", "[]"u8.ToArray()),
        ("a number", "7"u8.ToArray()),
        ("a text", "\"s\""u8.ToArray()),
        ("half an object", "{\"spec\": \"sweep"u8.ToArray()),
        ("no JSON", "sweep: s"u8.ToArray()),
        ("text that is no UTF-8", [.. "{\"spec\": \""u8, 0xff, 0xfe, 0xc0, .. "\", \"priority\": \""u8, 0xc3, 0x28, .. "\"}"u8]),
        ("10,000 lists in each other", Ascii(new string('[', 10_000))),
        ("10,000 objects in each other", Ascii(string.Concat(Enumerable.Repeat("{\"spec\":", 10_000)))),
        ("types that are wrong", "{\"spec\": 7, \"acceptVersion\": \"maybe\", \"priority\": \"high\", \"onlyFailed\": 3, \"undo\": [] "u8.ToArray()),
        ("3 MB", Ascii("{\"spec\": \"" + new string('x', 3_000_000) + "\"}")),
    ];

    private static IEnumerable<string> Types =>
        ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=klingon", "application/json; charset=utf-16", ";;;"];

    private static IEnumerable<string> Paths =>
    [
        "/", "/api", "/api/v1", "/api/v2/sweeps", Root + "/sweep", Root + "/sweeps/s/nothing", Root + "/sweeps/s/trials/1/2", "/favicon.ico", "/.env", "/openapi/v2.json",
        .. ((string[])["0", "-1", "3000000", "2147483648", "99999999999999999999", "one", "1.5", "1e3", "%20", "%00", "0x10", "+1+1"]).Select(number => $"{Root}/sweeps/s/trials/{number}"),
        .. ((string[])["..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "..\\..\\etc\\passwd", "s%00", "S", "s'%20or%201=1--", "%ff%fe", new string('s', 3_000), "none"])
            .Select(name => $"{Root}/sweeps/{name}"),
        .. ((string[])["limit=many", "limit=99999999999", "limit=1&limit=x", "were=state%3dfailed", "where=state", "where=%ff", "sort=nothing", "limit=-1", "a=1&limit=1"])
            .Select(query => $"{Root}/sweeps/s/trials?{query}"),
        .. ((string[])["limit=-1", "where=noise", "trial=%ff", "a[]=1&a[]=2", "=", "x"]).Select(query => $"{Root}/sweeps?{query}"),
        "/../../../../etc/passwd", "//etc/passwd", "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/health/../api/v1/nothing", "/health", "/health/none",
    ];

    private static IEnumerable<Nonsense> Raw =>
    [
        Head("a header of 32 kB", $"X: {new string('x', 32_000)}"),
        Head("200 headers", string.Join("\r\n", Enumerable.Range(0, 200).Select(number => $"X{number}: 1"))),
        Head("a header without a colon", "X"),
        Head("a blank before the colon", "X : 1"),
        Head("a header without a name", ": 1"),
        Head("a folded header", "X: 1\r\n  2"),
        Head("a NUL in a header", "X: \0"),
        Head("two hosts", "Host: 127.0.0.1"),
        Line($"GET {Root}/{new string('s', 20_000)}"),
        Line($"GET {Root}/sweeps HTTP/", version: ""),
        Line($"GET {Root}/sweeps", version: ""),
        Line($"G<T {Root}/sweeps"),
        Line("GET api/v1/sweeps"),
        Line("GET http://[bad/api/v1/sweeps"),
        Line($"GET {Root}/swe\u0001eps"),
        Line("CONNECT 127.0.0.1:22"),
        Line("OPTIONS *"),
        new("no host", Ascii($"GET {Root}/sweeps HTTP/1.1\r\n\r\n")),
        new("nothing but line ends", Ascii("\r\n\r\n\r\n x\r\n\r\n")),
        new("TLS", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. new byte[64], (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n']),
        new("binary", [.. Enumerable.Range(0, 256).Select(number => (byte)(number ^ 0x55)), .. "\r\n\r\n"u8]),
        Length("a negative length", "Content-Length: -1"),
        Length("a length that is no number", "Content-Length: many"),
        Length("two lengths", "Content-Length: 2\r\nContent-Length: 3"),
        Length("a length of a terabyte", "Content-Length: 1099511627776"),
        Length("a length and chunks", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0"),
        Length("an encoding that nobody knows", "Transfer-Encoding: rot13"),
        Length("chunks that are none", "Transfer-Encoding: chunked\r\n\r\nthis is no chunk"),
        Length("a chunk of a size that is no number", "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n"),
        Length("a chunk of a size beyond all numbers", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n"),
        Length("a chunk longer than it says", "Transfer-Encoding: chunked\r\n\r\n2\r\n{} {} {}\r\n0\r\n"),
        Length("chunks without end and sense", "Transfer-Encoding: chunked\r\n\r\n" + string.Concat(Enumerable.Repeat("5\r\n[[[[[\r\n", 5_000)) + "0\r\n"),
        Length("3 MB in chunks", "Transfer-Encoding: chunked\r\n\r\n" + string.Concat(Enumerable.Repeat($"10000\r\n{new string(' ', 65_536)}\r\n", 48)) + "0\r\n"),
    ];

    private static Nonsense Post(string path, string what, byte[] body, string type = "application/json") => new(
        $"POST {path} {what}",
        [.. Ascii(string.Create(CultureInfo.InvariantCulture, $"POST {Root}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n")), .. body]);

    private static Nonsense Line(string request, string version = " HTTP/1.1") => new(
        request.Length > 100 ? request[..100] + "…" : request, Latin1($"{request}{version}\r\nHost: 127.0.0.1\r\n\r\n"));

    private static Nonsense Head(string what, string headers) => new(what, Latin1($"GET {Root}/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n\r\n"));

    private static Nonsense Length(string what, string rest) => new(
        what, Ascii($"POST {Root}/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{rest}\r\n\r\n"));

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);
}
