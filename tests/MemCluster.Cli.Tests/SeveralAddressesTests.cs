using System.Net;
using System.Text;
using MemCluster.Operations;

namespace MemCluster.Cli.Tests;

/// <summary>The coordinator moves from one node to another, or is started again: what a verb then does.</summary>
public sealed class SeveralAddressesTests
{
    private readonly List<string> _asked = [];
    private readonly List<string> _told = [];
    private readonly RushedClock _clock = new();

    [Fact]
    public async Task What_only_looks_waits_for_a_coordinator_that_moves_and_says_so_once()
    {
        using var http = Ask("node1:4080", _ => _asked.Count <= 12 ? Moving() : Empty());

        Assert.Empty(await http.List());
        Assert.Empty(await http.Nodes());

        Assert.Equal(14, _asked.Count);
        Assert.Equal(["The coordinator is moving; asking again for 30 s …"], _told);
        Assert.Equal(TimeSpan.FromSeconds(12), _clock.Waited);
    }

    [Fact]
    public async Task After_30_seconds_it_is_said_what_the_last_one_said()
    {
        using var moving = Ask("node1:4080", _ => Moving());
        Assert.Equal("node1:4080 refused: Ask again.", (await Assert.ThrowsAsync<UserError>(() => moving.List())).Message);
        Assert.Equal(TimeSpan.FromSeconds(30), _clock.Waited);

        using var silent = Ask("node1:4080", _ => throw Refused());
        Assert.StartsWith("No coordinator answers at node1:4080: ", (await Assert.ThrowsAsync<UserError>(() => silent.List())).Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(60), _clock.Waited);
        Assert.Equal("No coordinator answers at node1:4080; asking again for 30 s …", _told[^1]);
    }

    [Fact]
    public async Task Addresses_are_asked_in_order_until_one_answers()
    {
        using var http = Ask("node1:4080, node2:4080,https://node3", request => request.RequestUri!.Host switch
        {
            "node1" => throw Refused(),
            "node2" => Moving(),
            _ => Empty(),
        });

        Assert.Empty(await http.List());

        Assert.Equal(["http://node1:4080/api/v1/sweeps", "http://node2:4080/api/v1/sweeps", "https://node3/api/v1/sweeps"], _asked);
        Assert.Empty(_told);
    }

    [Fact]
    public async Task What_changes_something_never_waits_and_is_sent_again_only_where_it_was_not_sent()
    {
        using var moving = Ask("node1:4080,node2:4080", _ => Moving());
        await Assert.ThrowsAsync<UserError>(() => moving.Submit(new("sweep: small", false)));
        Assert.Single(_asked);

        using var first = Ask("node1:4080,node2:4080", request => request.RequestUri!.Host == "node1" ? throw Refused() : Moving());
        await Assert.ThrowsAsync<UserError>(() => first.Submit(new("sweep: small", false)));
        Assert.Equal(["http://node1:4080/api/v1/sweeps", "http://node2:4080/api/v1/sweeps"], _asked[1..]);

        using var half = Ask("node1:4080,node2:4080", _ => throw new HttpRequestException(HttpRequestError.ResponseEnded));
        await Assert.ThrowsAsync<UserError>(() => half.Submit(new("sweep: small", false)));
        Assert.Equal(4, _asked.Count);
        Assert.Equal(TimeSpan.Zero, _clock.Waited);
    }

    [Fact]
    public async Task A_host_that_is_cut_off_is_passed_over_and_a_name_that_is_not_known_is_not_waited_for()
    {
        using var cut = Ask("node1:4080,node2:4080", request => request.RequestUri!.Host == "node1" ? throw new TaskCanceledException("", new TimeoutException()) : Empty());
        Assert.Empty(await cut.List());

        using var unknown = Ask("nod1:4080", _ => throw new HttpRequestException(HttpRequestError.NameResolutionError, "Name or service not known."));
        await Assert.ThrowsAsync<UserError>(() => unknown.List());
        Assert.Equal(TimeSpan.Zero, _clock.Waited);
    }

    [Fact]
    public async Task Without_patience_nobody_waits()
    {
        using var http = HttpOperator.At("node1:4080", new Answers(_ => Moving()));
        await Assert.ThrowsAsync<UserError>(() => http.List());
    }

    [Fact]
    public async Task The_token_goes_nowhere_if_one_of_the_addresses_would_get_it_in_plain_text()
    {
        foreach (var (at, shown) in ((string, bool)[])[("127.0.0.1:4080,https://node2", true), ("https://node1,node2:4080", false)])
        {
            var tokens = new List<bool>();
            using var http = HttpOperator.At(at, new Answers(request =>
            {
                tokens.Add(request.Headers.Authorization is not null);
                return Empty();
            }), "secret");
            await http.List();
            Assert.Equal([shown], tokens);
        }
    }

    [Theory]
    [InlineData("node1:4080,nowhere")]
    [InlineData("node1:4080,")]
    public void One_that_is_no_address_is_named(string at) =>
        Assert.Contains($"'{at.Split(',')[1]}' is no address", Assert.Throws<UserError>(() => HttpOperator.At(at)).Message, StringComparison.Ordinal);

    private static HttpResponseMessage Moving() => new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("Ask again.") };

    private static HttpResponseMessage Empty() => new(HttpStatusCode.OK) { Content = new StringContent("[]", Encoding.UTF8) };

    private static HttpRequestException Refused() => new(HttpRequestError.ConnectionError, "Connection refused.");

    private IFarOperator Ask(string at, Func<HttpRequestMessage, HttpResponseMessage> answer) => HttpOperator.At(
        at,
        new Answers(request =>
        {
            _asked.Add(request.RequestUri!.ToString());
            return answer(request);
        }),
        patience: new Patience(_clock, Patience.Usual, _told.Add));

    private sealed class Answers(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }

    /// <summary>Whoever waits has waited already.</summary>
    private sealed class RushedClock : TimeProvider
    {
        public TimeSpan Waited { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Waited.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waited += dueTime;
            callback(state);
            return new Nothing();
        }

        private sealed class Nothing : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
