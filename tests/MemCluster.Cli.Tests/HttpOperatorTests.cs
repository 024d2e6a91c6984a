using System.Net;
using System.Text;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Cli.Tests;

public sealed class HttpOperatorTests
{
    private static readonly SweepId Small = new("small");

    [Fact]
    public async Task Every_question_goes_to_its_address_and_its_answer_is_read()
    {
        var asked = new List<string>();
        using var http = HttpOperator.At("node1:8080", new Answers(request =>
        {
            asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            return request.RequestUri.AbsolutePath switch
            {
                "/api/v1/sweeps" when request.Method == HttpMethod.Post => Json(new SubmitReply(Small, false, new(1, 1, 0, 0, 0, 0, 0), [], [])),
                "/api/v1/sweeps" => Json(Array.Empty<SweepSummary>()),
                "/api/v1/sweeps/small/spec" => Text("sweep: small\n"),
                "/api/v1/sweeps/small/numerics" => Text("v1"),
                "/api/v1/sweeps/small/measures" => Text("{\"trial\":1,\"epoch\":2,\"measure\":\"train_loss\",\"value\":0.5}\n{\"trial\":1,\"epoch\":3,\"measure\":\"train_loss\",\"value\":0.25}\n"),
                "/api/v1/timings" => Json(Array.Empty<WorkTiming>()),
                _ => new HttpResponseMessage(HttpStatusCode.NotFound),
            };
        }));

        Assert.Equal(Small, (await http.Submit(new("sweep: small", false))).Sweep);
        Assert.Empty(await http.List());
        Assert.Null(await http.Status(Small));
        Assert.Equal("sweep: small\n", await http.Spec(Small));
        Assert.Equal("v1", await http.NumericsVersion(Small));
        Assert.Equal([new(1, 2, "train_loss", 0.5), new(1, 3, "train_loss", 0.25)], await http.Measures(Small).Listed());
        Assert.Empty(await http.Trials(Small).Listed());
        Assert.Empty(await http.Attempts(Small).Listed());
        Assert.Empty(await http.Timings());
        Assert.Equal(
            [
                "POST /api/v1/sweeps", "GET /api/v1/sweeps", "GET /api/v1/sweeps/small", "GET /api/v1/sweeps/small/spec",
                "GET /api/v1/sweeps/small/numerics", "GET /api/v1/sweeps/small/measures", "GET /api/v1/sweeps/small/trials",
                "GET /api/v1/sweeps/small/attempts", "GET /api/v1/timings",
            ],
            asked);
    }

    [Fact]
    public async Task Whoever_answers_wrongly_or_not_at_all_is_named_in_a_sentence()
    {
        using var silent = HttpOperator.At("node1:8080", new Answers(_ => throw new HttpRequestException("Connection refused.")));
        Assert.Contains("node1:8080", (await Assert.ThrowsAsync<UserError>(() => silent.List())).Message);

        using var stranger = HttpOperator.At("node1:80", new Answers(_ => Text("<html>")));
        Assert.Contains("node1:80", (await Assert.ThrowsAsync<UserError>(() => stranger.List())).Message);

        using var refusing = HttpOperator.At("node1:80", new Answers(_ => new(HttpStatusCode.Forbidden) { Content = new StringContent("No token.") }));
        Assert.Equal("node1:80 refused: No token.", (await Assert.ThrowsAsync<UserError>(() => refusing.Submit(new("", false)))).Message);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("ftp://node1:80")]
    [InlineData(":80")]
    public void What_is_no_address_is_refused(string text) => Assert.Throws<UserError>(() => HttpOperator.At(text));

    private static HttpResponseMessage Json<T>(T value) => Text(JsonSerializer.Serialize(value, MessageJson.Options));

    private static HttpResponseMessage Text(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8) };

    private sealed class Answers(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
