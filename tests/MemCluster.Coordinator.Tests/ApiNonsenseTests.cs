using System.Net.Sockets;
using System.Text;
using MemCluster.Hosting;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Tests;

/// <summary>A real node and what no client of ours would send to it.</summary>
public sealed class ApiNonsenseTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryHome _home = new();
    private CoordinatorNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await CoordinatorNode.Start(new() { Home = _home.Home, Node = new NodeOptions { Profiles = ["coordinator"] } }, CancellationToken.None);
        using var far = HttpOperator.At(_node.ApiAddress());
        Assert.Empty((await far.Submit(new("sweep: s\nnetwork: { kind: sleep, seconds: 0 }\nseeds: 2\n", false))).Problems);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Every_malformed_or_oversized_request_is_answered_with_4xx_and_the_process_lives_on()
    {
        var all = ApiNonsense.All.ToArray();
        Assert.True(all.Length >= 200, $"There are {all.Length}.");
        var wrong = new List<string>();
        foreach (var nonsense in all)
        {
            var answer = await Answer(nonsense.Bytes);
            if (!answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || answer.Contains("   at ", StringComparison.Ordinal) || answer.Contains("Exception", StringComparison.Ordinal))
            {
                var said = answer.ReplaceLineEndings(" ");
                wrong.Add($"{nonsense}: {(said.Length == 0 ? "no answer" : said[..Math.Min(said.Length, 300)])}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {all.Length}:\n{string.Join('\n', wrong)}");
        Assert.StartsWith("HTTP/1.1 200", await Answer(Get("/health/live")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await Answer(Get("/health/ready")), StringComparison.Ordinal);
        using var far = HttpOperator.At(_node.ApiAddress());
        Assert.Equal((2, "running"), (Assert.Single(await far.List()).Counts.Trials, (await far.List())[0].State));
    }

    [Fact]
    public async Task Requests_that_were_damaged_on_the_way_are_never_the_coordinators_fault()
    {
        var whole = (string[])
        [
            "POST /api/v1/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"spec\":\"sweep: t\"}",
            "POST /api/v1/sweeps/s/priority HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"priority\":1}",
            "GET /api/v1/sweeps/s/trials/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        ];
        var random = new Random(20261123);
        for (var round = 0; round < 300; round++)
        {
            var bytes = Encoding.ASCII.GetBytes(whole[round % whole.Length]);
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var answer = await Answer(bytes, endsThere: true);
            // 505 is for those whose version of HTTP was damaged, and is theirs.
            Assert.False(
                answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal) && !answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal),
                $"{Convert.ToBase64String(bytes)}: {answer}");
        }

        Assert.StartsWith("HTTP/1.1 200", await Answer(Get("/health/live")), StringComparison.Ordinal);
    }

    private static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");

    /// <param name="endsThere">Nothing more will come: for requests that announce more than they have.</param>
    /// <returns>The head of the answer, and what of the body came with it; empty if there was none.</returns>
    private async Task<string> Answer(byte[] request, bool endsThere = false)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        var address = _node.ApiAddress().Split(':');
        await client.ConnectAsync(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture), limit.Token);
        var line = client.GetStream();
        var sending = Send();
        var answer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (length < answer.Length && !IsWhole(answer.AsSpan(0, length)) && await line.ReadAsync(answer.AsMemory(length), limit.Token) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (IOException)
        {
            // It was closed; what came before counts.
        }

        await sending;
        return Encoding.Latin1.GetString(answer, 0, length);

        async Task Send()
        {
            try
            {
                await line.WriteAsync(request, limit.Token);
                if (endsThere)
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (IOException)
            {
                // It was refused before all of it was read.
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var text = Encoding.Latin1.GetString(answer);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var said = text[..end].Split("\r\n").FirstOrDefault(header => header.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return said is null
            ? text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : text.Length >= end + 4 + int.Parse(said["Content-Length: ".Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
