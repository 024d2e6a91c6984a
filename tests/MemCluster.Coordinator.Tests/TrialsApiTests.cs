using System.Collections.Immutable;
using System.Net;
using MemCluster.Coordinator.Http;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Tests;

/// <summary>Which trials are asked for is decided at the coordinator, in the words that a person typed.</summary>
public sealed class TrialsApiTests : IAsyncLifetime, IDisposable
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

        _api = await Api.Start(new ReadingOperator(new ReadModelReader(_home.Home.ReadFile)), _home.Home.Folder, new ApiOptions(), CancellationToken.None);
        _http.BaseAddress = new Uri($"http://{_api.Address}/api/v1/");
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _home.Dispose();
    }

    [Theory]
    [InlineData("where=state%3Dfailed", 1)]
    [InlineData("where=state!%3Dpending&where=epochs%3E%3D1", 1)]
    [InlineData("limit=3", 3)]
    [InlineData("sort=seed&limit=2", 2)]
    [InlineData("where=seed%3D9", 0)]
    public async Task Only_the_rows_that_are_asked_for_cross_the_wire(string query, int rows)
    {
        var text = await _http.GetStringAsync(new Uri($"sweeps/s/trials?{query}", UriKind.Relative));

        Assert.Equal(rows, text.Split('\n').Count(line => line.Length > 0));
    }

    [Theory]
    [InlineData("where=stat%3Dfailed", "did you mean 'state'?")]
    [InlineData("where=hello", "is no condition")]
    [InlineData("limit=0", "from 1")]
    [InlineData("limit=many", "")]
    [InlineData("sort=sed&limit=1", "did you mean 'seed'?")]
    [InlineData("sort=seed", "limit=100")]
    [InlineData("sort=seed&limit=100001", "at most 100,000")]
    public async Task What_can_not_be_read_or_afforded_is_a_400_with_a_sentence(string query, string sentence)
    {
        using var answer = await _http.GetAsync(new Uri($"sweeps/s/trials?{query}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains(sentence, text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_that_is_not_there_has_no_rows_whatever_is_asked() =>
        Assert.Equal("", await _http.GetStringAsync(new Uri("sweeps/none/trials?where=state%3Dfailed", UriKind.Relative)));

    [Theory]
    [InlineData(null, null, "1,2,3,4")]
    [InlineData(null, 2, "1,2")]
    [InlineData("seed", null, "4,3,2,1")] // Sorted here: without a limit the coordinator doesn't.
    [InlineData("seed", 3, "4,3,2")]
    [InlineData("-epochs", 4, "2,3,4,1")]
    public async Task The_same_rows_come_far_and_near(string? sort, int? limit, string expected)
    {
        using var far = HttpOperator.At(_api.Address);
        var near = new ReadingOperator(new ReadModelReader(_home.Home.ReadFile));

        foreach (IOperator one in (IOperator[])[far, near])
        {
            Assert.Equal(expected, string.Join(',', await Listed(one.Trials(Story.Spec, new TrialQuery([], sort, limit)))));
        }
    }

    [Fact]
    public void What_can_not_be_read_is_refused_before_anything_is_asked()
    {
        using var far = HttpOperator.At("127.0.0.1:1"); // Nobody is there.

        Assert.Contains("did you mean 'state'", Assert.Throws<UserError>(() => far.Trials(Story.Spec, new TrialQuery(["stat=failed"]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-trial")]
    [InlineData("trial")]
    public async Task The_first_of_many_in_order_are_the_same_as_without_letting_go_of_the_rest(string sort)
    {
        var spec = SpecFileOf(20_000);
        var all = await Listed(new TrialSelection(spec, new TrialQuery([], sort)).Of(Rows(20_000)));
        Assert.Equal(all.Take(7), await Listed(new TrialSelection(spec, new TrialQuery([], sort, 7)).Of(Rows(20_000))));
        Assert.Equal(sort[0] == '-' ? 1 : 20_000, all[0]);
    }

    private static SweepSpec SpecFileOf(int seeds) => Sweeps.SpecFile.FromCanonical($"sweep: s\nnetwork: {{ kind: sleep, seconds: 0 }}\nseeds: {seeds}\n");

    private static async IAsyncEnumerable<TrialRow> Rows(int count)
    {
        await Task.CompletedTask;
        for (var trial = 1; trial <= count; trial++)
        {
            // Neither rising nor falling, so that any of them may belong to the first.
            var number = (int)((long)trial * 7919 % count) + 1;
            yield return new(number, [], (ulong)number, TrialState.Pending, 0, ImmutableSortedDictionary<string, double>.Empty, "", "");
        }
    }

    private static async Task<List<int>> Listed(IAsyncEnumerable<TrialRow> rows)
    {
        var all = new List<int>();
        await foreach (var row in rows)
        {
            all.Add(row.Trial);
        }

        return all;
    }
}
