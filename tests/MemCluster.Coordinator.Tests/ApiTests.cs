using System.Net;
using System.Net.Http.Json;
using System.Text;
using MemCluster.Coordinator.Http;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Tests;

public sealed class ApiTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly HttpClient _http = new();
    private Api _api = null!;

    public async Task InitializeAsync()
    {
        using (var model = new ReadModelWriter(_home.Home.ReadFile))
        {
            foreach (var told in Story.Told)
            {
                model.Apply(told);
            }
        }

        _api = await Api.Start(new ReadingOperator(new ReadModelReader(_home.Home.ReadFile)), _home.Home.Folder, new(), CancellationToken.None);
        _http.BaseAddress = new Uri($"http://{_api.Address}/");
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task The_same_rows_come_through_the_door_as_are_in_the_model()
    {
        using var far = HttpOperator.At(_api.Address);

        Assert.Equal([TrialState.Finished, TrialState.Failed, TrialState.Pending, TrialState.Pending], await All(far.Trials(new("s")), row => row.State)); // Nobody is at work here: nothing runs.
        Assert.Equal(4, (await All(far.Measures(new("s")), row => row)).Count);
        Assert.Equal([1, 2, 1, 1], await All(far.Attempts(new("s")), row => row.Attempt));
        Assert.Equal(Story.Spec.Canonical, await far.Spec(new("s")));
        Assert.Equal("s", Assert.Single(await far.List()).Sweep.Name);
        Assert.Equal(4, (await far.Status(new("s")))!.Summary.Counts.Trials);
        Assert.Single(await far.Timings());
    }

    [Fact]
    public async Task One_trial_and_the_progress_by_axis_come_through_the_door()
    {
        using var far = HttpOperator.At(_api.Address);

        var story = (await far.Trial(new("s"), 1))!;
        Assert.Equal(TrialState.Finished, story.Row.State);
        Assert.Equal([(1, "lost: lab-1 left", 3), (2, "finished", 2)], story.Attempts.Select(attempt => (attempt.Attempt, attempt.Ended, attempt.Epoch)));
        Assert.Equal(TrialState.Pending, (await far.Trial(new("s"), 4))!.Row.State);
        Assert.Null(await far.Trial(new("s"), 5));
        Assert.Null(await far.Trial(new("s"), 0));
        Assert.Null(await far.Progress(new("none")));
        Assert.Empty((await far.Progress(new("s")))!);
        Assert.Empty(await far.Nodes());
    }

    [Theory]
    [InlineData("sweeps/s/pause", "text/plain", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("sweeps/s/pause", "application/json", "", HttpStatusCode.BadRequest)]
    [InlineData("sweeps/s/pause", "application/json", "null", HttpStatusCode.BadRequest)]
    [InlineData("sweeps/s/priority", "application/json", "{}", HttpStatusCode.BadRequest)]
    [InlineData("sweeps/s/priority", "application/json", """{"priority":"high"}""", HttpStatusCode.BadRequest)]
    [InlineData("sweeps/s/fly", "application/json", "{}", HttpStatusCode.NotFound)]
    [InlineData("nodes/lab/drain", "application/json", "[", HttpStatusCode.BadRequest)]
    [InlineData("sweeps/s/cancel", "application/json", "{}", HttpStatusCode.ServiceUnavailable)] // Nobody here can do it.
    public async Task What_is_no_control_verb_is_refused_with_a_sentence(string path, string type, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);

        var answer = await _http.PostAsync(new Uri("api/v1/" + path, UriKind.Relative), content);

        Assert.Equal(expected, answer.StatusCode);
        Assert.DoesNotContain("   at ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_that_is_not_there_is_not_found_and_has_no_rows()
    {
        using var far = HttpOperator.At(_api.Address);

        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri("api/v1/sweeps/none", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri("api/v1/sweeps/none/spec", UriKind.Relative))).StatusCode);
        Assert.Null(await far.Status(new("none")));
        Assert.Null(await far.Spec(new("none")));
        Assert.Empty(await All(far.Trials(new("none")), row => row));
    }

    [Theory]
    [InlineData("text/plain", "sweep: s", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", "sweep: s", HttpStatusCode.BadRequest)]
    [InlineData("application/json", "[1]", HttpStatusCode.BadRequest)]
    [InlineData("application/json", "null", HttpStatusCode.BadRequest)]
    [InlineData("application/json", "{}", HttpStatusCode.BadRequest)]
    [InlineData("application/json", """{"spec":"sweep: s"}""", HttpStatusCode.ServiceUnavailable)] // Nobody here can take it.
    public async Task What_is_no_submission_is_refused_with_a_sentence(string type, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);

        var answer = await _http.PostAsync(new Uri("api/v1/sweeps", UriKind.Relative), content);

        Assert.Equal(expected, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.NotEqual("", text);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_that_is_too_large_is_refused_and_the_process_lives_on()
    {
        using var content = JsonContent.Create(new SubmitRequest(new string('x', 3_000_000), false), options: MessageJson.Options);

        var answer = await _http.PostAsync(new Uri("api/v1/sweeps", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("live", await _http.GetStringAsync(new Uri("health/live", UriKind.Relative)));
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    public async Task A_name_that_merely_resolves_to_loopback_is_refused(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_http.BaseAddress!, "api/v1/sweeps"));
        request.Headers.Host = host;

        Assert.Equal(expected, (await _http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        var port = new Uri($"http://{_api.Address}").Port;

        var problem = await Assert.ThrowsAsync<UserError>(() => Api.Start(new ReadingOperator(new ReadModelReader("")), "", new() { Port = port }, CancellationToken.None));

        Assert.Contains(port.ToString(System.Globalization.CultureInfo.InvariantCulture), problem.Message, StringComparison.Ordinal);
    }

    private static async Task<List<TTo>> All<TFrom, TTo>(IAsyncEnumerable<TFrom> rows, Func<TFrom, TTo> select)
    {
        var all = new List<TTo>();
        await foreach (var row in rows)
        {
            all.Add(select(row));
        }

        return all;
    }
}
