using System.Net;
using System.Net.Sockets;
using System.Text;
using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class DownloadTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private Task<string> Get(DataSetCard card, FileServer server, Action<DownloadProgress>? progress = null, CancellationToken stop = default) =>
        DataDownload.Get(card, _folder["cache"], progress ?? (_ => { }), _http, server.Address, stop: stop);

    [Fact]
    public async Task A_set_is_fetched_checked_and_found()
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        using var server = new FileServer(_folder["site"]);
        var told = new List<DownloadProgress>();
        var place = await Get(card, server, told.Add);
        Assert.Equal(_folder["cache/tiny"], place);
        Assert.Null(new DataSource(new DataFolder([_folder["cache"]]), [card]).Check(new() { Name = "tiny" }));
        Assert.All(card.Files, file => Assert.Contains(new DownloadProgress(file.Download!, file.DownloadBytes, file.DownloadBytes), told));
        Assert.Empty(Directory.GetFiles(place, "*.part"));
    }

    [Fact]
    public async Task What_is_here_and_right_is_not_fetched_again()
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        using var server = new FileServer(_folder["site"]);
        await Get(card, server);
        var asked = server.Asked.Count;
        await Get(card, server);
        Assert.Equal(asked, server.Asked.Count);
    }

    [Fact]
    public async Task A_connection_that_breaks_midway_goes_on_from_there()
    {
        var card = MadeSets.Cifar(_folder["plain"], gzip: false);
        Directory.CreateDirectory(_folder["site/tiny-colour"]);
        MadeSets.Pack(card, _folder["plain"], _folder["site/tiny-colour/tiny.tar.gz"]);
        using var server = new FileServer(_folder["site"]) { CutAfter = [100, 150] };
        await Get(card, server);
        Assert.Equal([0, 100, 250], server.Asked.Select(ask => ask.From));
        Assert.Null(new DataSource(new DataFolder([_folder["cache"]]), [card]).Check(new() { Name = "tiny-colour" }));
    }

    [Fact]
    public async Task An_interrupted_download_is_taken_up_by_the_next_command()
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        var first = card.Files[0].Download!;
        Directory.CreateDirectory(_folder["cache/tiny"]);
        File.WriteAllBytes(_folder[$"cache/tiny/{first}.part"], File.ReadAllBytes(_folder[$"site/tiny/{first}"])[..30]);
        using var server = new FileServer(_folder["site"]);
        await Get(card, server);
        Assert.Equal(30, server.Asked[0].From);
    }

    [Fact]
    public async Task A_server_that_ignores_the_range_is_read_from_the_beginning()
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        using var server = new FileServer(_folder["site"]) { CutAfter = [20], KnowsRanges = false };
        await Get(card, server);
        Assert.Null(new DataSource(new DataFolder([_folder["cache"]]), [card]).Check(new() { Name = "tiny" }));
    }

    [Fact]
    public async Task A_server_that_breaks_off_without_a_byte_is_given_up_and_what_is_here_stays()
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        using var server = new FileServer(_folder["site"]) { CutAfter = [25, 0] };
        var problem = await Assert.ThrowsAsync<DataProblem>(() => Get(card, server));
        Assert.Contains("broke off at 25 bytes", problem.Message, StringComparison.Ordinal);
        Assert.Equal(25, new FileInfo(_folder[$"cache/tiny/{card.Files[0].Download}.part"]).Length);
    }

    [Fact]
    public async Task Wrong_bytes_are_thrown_away_and_nothing_good_with_them()
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        using var server = new FileServer(_folder["site"]);
        await Get(card, server);
        var (bad, good) = (card.Files[3].Download!, card.Files[0].Download!);
        File.Delete(_folder["cache/tiny/" + bad]);
        File.WriteAllBytes(_folder["site/tiny/" + bad], new byte[card.Files[3].DownloadBytes]);

        var problem = await Assert.ThrowsAsync<DataProblem>(() => Get(card, server));

        Assert.Contains($"expected SHA-256 {card.Files[3].DownloadSha256}", problem.Message, StringComparison.Ordinal);
        Assert.Contains(DataDownload.Variable, problem.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["cache/tiny/" + good]));
        Assert.False(File.Exists(_folder["cache/tiny/" + bad]));
        Assert.Empty(Directory.GetFiles(_folder["cache/tiny"], "*.part"));
    }

    [Theory]
    [InlineData("download")]
    [InlineData("plain")]
    public async Task A_file_that_it_did_not_write_is_refused_and_with_force_kept(string which)
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        var path = _folder["cache/tiny/" + (which == "plain" ? card.Files[0].Name : card.Files[0].Download)];
        Directory.CreateDirectory(_folder["cache/tiny"]);
        File.WriteAllText(path, "mine");
        using var server = new FileServer(_folder["site"]);

        var problem = await Assert.ThrowsAsync<DataProblem>(() => Get(card, server));
        Assert.Contains($"{path} isn't the published one", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--force", problem.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));

        await DataDownload.Get(card, _folder["cache"], _ => { }, _http, server.Address, force: true);
        Assert.Equal("mine", File.ReadAllText(path + ".bak"));
        Assert.Null(new DataSource(new DataFolder([_folder["cache"]]), [card]).Check(new() { Name = "tiny" }));
    }

    [Fact]
    public async Task A_server_that_answers_with_a_page_is_blamed_and_leaves_nothing_behind()
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        Directory.CreateDirectory(_folder["portal/tiny"]);
        File.WriteAllText(_folder["portal/tiny/" + card.Files[0].Download], "<!DOCTYPE html><p>Log in");
        using var portal = new FileServer(_folder["portal"]);
        Assert.Contains("answers with 24 bytes instead of", (await Assert.ThrowsAsync<DataProblem>(() => Get(card, portal))).Message, StringComparison.Ordinal);
        using var server = new FileServer(_folder["site"]);
        await Get(card, server);
        Assert.All(server.Asked, ask => Assert.Equal(0, ask.From));
    }

    [Fact]
    public async Task An_address_without_the_set_and_one_without_a_server_are_told_in_a_sentence()
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        using var server = new FileServer(_folder["elsewhere"]);
        Assert.Contains("answers 404", (await Assert.ThrowsAsync<DataProblem>(() => Get(card, server))).Message, StringComparison.Ordinal);
        var nobody = await Assert.ThrowsAsync<DataProblem>(() => DataDownload.Get(card, _folder["cache"], _ => { }, _http, "http://127.0.0.1:1"));
        Assert.Contains("can't be reached", nobody.Message, StringComparison.Ordinal);
        Assert.Contains("built in", (await Assert.ThrowsAsync<DataProblem>(() => DataDownload.Get(DataCatalog.Glyphs, _folder["cache"], _ => { }, _http))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_keeps_the_part_for_the_next_time()
    {
        var card = MadeSets.Idx(_folder["site/tiny"], gzip: true);
        using var server = new FileServer(_folder["site"]);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get(card, server, _ => stop.Cancel(), stop.Token));
        Assert.True(File.Exists(_folder[$"cache/tiny/{card.Files[0].Download}.part"]) || File.Exists(_folder[$"cache/tiny/{card.Files[0].Download}"]));
    }
}

/// <summary>A web server of the simplest kind on a free loopback port, which can cut its connections.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _root;

    public FileServer(string root)
    {
        _root = root;
        _listener.Start();
        _ = Serve();
    }

    /// <summary>Bytes of the body after which the first, second, … answer is cut; later ones are whole.</summary>
    public IReadOnlyList<int> CutAfter { init => _cuts = new Queue<int>(value); }

    private readonly Queue<int> _cuts = new();

    public bool KnowsRanges { get; init; } = true;

    public List<(string Path, long From)> Asked { get; } = [];

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";

    public void Dispose() => _listener.Dispose();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                await Answer(stream);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or IOException)
        {
        }
    }

    private async Task Answer(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync() ?? "GET /").Split(' ')[1];
        long from = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
        {
            from = header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase) ? long.Parse(header[13..].TrimEnd('-')) : from;
        }

        Asked.Add((path, from));
        var file = Path.Combine(_root, path.TrimStart('/'));
        if (!File.Exists(file))
        {
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            return;
        }

        var bytes = await File.ReadAllBytesAsync(file);
        var partial = KnowsRanges && from > 0;
        var body = bytes[(partial ? (int)from : 0)..];
        var head = (partial ? $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{bytes.Length - 1}/{bytes.Length}\r\n" : "HTTP/1.1 200 OK\r\n")
            + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(body.AsMemory(0, _cuts.TryDequeue(out var cut) ? Math.Min(cut, body.Length) : body.Length));
    }
}
