using System.Text.Json;
using MemCluster.Coordinator.Http;
using MemCluster.Coordinator.Reading;

namespace MemCluster.Coordinator.Tests;

/// <summary>The OpenAPI document says what there is.</summary>
public sealed class ApiDocumentTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Every_route_stands_in_it_with_what_it_takes_and_gives()
    {
        await using var api = await Api.Start(new ReadingOperator(new ReadModelReader(_home.Home.ReadFile)), _home.Home.Folder, new(), CancellationToken.None);
        using var document = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"http://{api.Address}{ApiDocument.Path}")));
        var paths = document.RootElement.GetProperty("paths");

        Assert.StartsWith("3.", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.True(api.Routes.Count > 20);
        foreach (var (method, path) in api.Routes)
        {
            var operation = paths.GetProperty(path).GetProperty(method.ToLowerInvariant());
            Assert.NotEqual("", operation.GetProperty("summary").GetString());
            Assert.NotEmpty(operation.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject());
            Assert.Equal(method == "POST", operation.TryGetProperty("requestBody", out _));
        }

        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        Assert.Equal("string", schemas.GetProperty("SweepSummary").GetProperty("properties").GetProperty("state").GetProperty("type").GetString());
        Assert.Contains("finished", schemas.GetProperty("TrialState").GetProperty("enum").EnumerateArray().Select(state => state.GetString()));
        Assert.True(document.RootElement.GetProperty("components").GetProperty("securitySchemes").TryGetProperty("bearer", out _));
    }
}
