using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MemCluster.Reporting.Tests.Browser;

/// <summary>One page in Chromium, spoken to in the DevTools protocol.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly SemaphoreSlim _sending = new(1);
    private TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _session;
    private int _last;

    private BrowserPage()
    {
    }

    /// <summary>Addresses that the page asked for, its own among them.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>What the browser wrote in its log: refused requests, errors.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public static async Task<BrowserPage> Of(Chromium chromium)
    {
        var page = new BrowserPage();
        await page._socket.ConnectAsync(chromium.Address, CancellationToken.None);
        _ = page.Listen();
        var target = await page.Say("Target.createTarget", new() { ["url"] = "about:blank" });
        page._session = (string)(await page.Say("Target.attachToTarget", new() { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true }))["sessionId"]!;
        foreach (var domain in new[] { "Page", "Network", "Log", "Runtime" })
        {
            await page.Say(domain + ".enable");
        }

        return page;
    }

    public async Task Show(string file, int width, bool dark, string media = "screen")
    {
        await Say("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        await Say("Emulation.setEmulatedMedia", new()
        {
            ["media"] = media,
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
        _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Say("Page.navigate", new() { ["url"] = new Uri(Path.GetFullPath(file)).AbsoluteUri });
        await _loaded.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>The value of an expression, which must be text.</summary>
    public async Task<string> Evaluate(string script)
    {
        var answer = await Say("Runtime.evaluate", new() { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer["exceptionDetails"] is { } wrong ? throw new InvalidOperationException(wrong.ToJsonString()) : (string)answer["result"]!["value"]!;
    }

    /// <summary>The whole page, not only what a window shows of it.</summary>
    public async Task<byte[]> Screenshot() =>
        Convert.FromBase64String((string)(await Say("Page.captureScreenshot", new() { ["captureBeyondViewport"] = true }))["data"]!);

    /// <summary>On A4, as a person would print it.</summary>
    public async Task<byte[]> Pdf() => Convert.FromBase64String((string)(await Say(
        "Page.printToPDF", new() { ["paperWidth"] = 8.27, ["paperHeight"] = 11.69, ["preferCSSPageSize"] = true }))["data"]!);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        _sending.Dispose();
        await Task.CompletedTask;
    }

    private async Task<JsonNode> Say(string method, JsonObject? with = null)
    {
        var number = Interlocked.Increment(ref _last);
        var answer = _asked[number] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = number, ["method"] = method, ["params"] = with ?? [] };
        if (_session is not null)
        {
            message["sessionId"] = _session;
        }

        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private async Task Listen()
    {
        try
        {
            var buffer = new byte[1 << 16];
            while (_socket.State == WebSocketState.Open)
            {
                using var whole = new MemoryStream();
                WebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                    whole.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);
                Hear(JsonNode.Parse(whole.ToArray())!);
            }
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            foreach (var waiting in _asked.Values)
            {
                waiting.TrySetException(new InvalidOperationException("Chromium is gone.", ended));
            }
        }
    }

    private void Hear(JsonNode message)
    {
        if ((int?)message["id"] is { } number && _asked.TryRemove(number, out var asked))
        {
            _ = message["error"] is { } error ? asked.TrySetException(new InvalidOperationException(error.ToJsonString())) : asked.TrySetResult(message["result"]!);
            return;
        }

        switch ((string?)message["method"])
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Network.requestWillBeSent":
                _requests.Enqueue((string)message["params"]!["request"]!["url"]!);
                break;
            case "Log.entryAdded":
                _complaints.Enqueue((string)message["params"]!["entry"]!["text"]!);
                break;
        }
    }
}
