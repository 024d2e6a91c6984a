using System.Net;
using System.Net.Sockets;
using MemCluster.Coordinator.Http;
using MemCluster.Coordinator.Reading;
using MemCluster.Hosting;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Tests;

/// <summary>Who may ask the API, from where, and what others are told.</summary>
public sealed class ApiAccessTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "a-token-of-sixteen-characters-or-more";

    private readonly TemporaryHome _home = new();
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();
    private readonly List<Api> _started = [];
    private NodeCertificates _node = null!;

    public Task InitializeAsync()
    {
        using (new ReadModelWriter(_home.Home.ReadFile))
        {
        }

        _node = _authority.Load("node1", ["localhost", "127.0.0.1", "127.0.0.2", .. OwnAddresses()]);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var api in _started)
        {
            await api.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _home.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task From_another_address_nothing_is_answered_without_the_token_but_health()
    {
        var api = await Start(ApiOptions.For("0.0.0.0", 0, _node, ApiToken.Of(Secret, "test")));
        using var open = new HttpClient(ApiClientFactory.Handler(_node.Authority));
        using var known = ApiClientFactory.Create(_node, ApiToken.Of(Secret, "test"));
        using var wrong = ApiClientFactory.Create(_node, ApiToken.Of("another-token-of-this-length", "test"));
        foreach (var host in (string[])["127.0.0.2", .. OwnAddresses().Take(1)])
        {
            var root = $"https://{host}:{PortOf(api)}";
            foreach (var path in (string[])["/api/v1/sweeps", "/api/v1/home", "/", "/api/v1/nothing"])
            {
                using var answer = await open.GetAsync(new Uri(root + path));
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
                Assert.Equal("Bearer realm=\"memcluster\"", answer.Headers.WwwAuthenticate.ToString());
            }

            using (var answer = await wrong.GetAsync(new Uri(root + "/api/v1/sweeps")))
            {
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
                Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            }

            Assert.Equal("live", await open.GetStringAsync(new Uri(root + "/health/live")));
            Assert.Equal("[]", await known.GetStringAsync(new Uri(root + "/api/v1/sweeps")));
        }
    }

    [Theory]
    [InlineData("0.0.0.0", false, true, "HTTPS: add --certificates DIR")]
    [InlineData("0.0.0.0", true, false, "a token: set MEMCLUSTER_TOKEN or add --token-file FILE")]
    [InlineData("10.1.2.3", false, false, "HTTPS (--certificates DIR) and a token")]
    [InlineData("[::]", false, false, "HTTPS (--certificates DIR) and a token")]
    public void Beyond_loopback_certificates_and_a_token_are_compulsory(string host, bool certificates, bool token, string missing)
    {
        var problem = Assert.Throws<FormatException>(
            () => ApiOptions.For(host, 4080, certificates ? _node : null, token ? ApiToken.Of(Secret, "test") : null));

        Assert.Contains($"--http {host}:4080 opens the API to other machines, which needs {missing}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_loopback_nobody_needs_a_token_unless_one_was_given()
    {
        Assert.True(new ApiOptions().IsLoopback);
        var free = await Start(ApiOptions.For("127.0.0.1", 0, null, null));
        using var open = HttpOperator.At(free.Address);
        Assert.Empty(await open.List());

        var kept = await Start(ApiOptions.For("localhost", 0, null, ApiToken.Of(Secret, "test")));
        using var without = HttpOperator.At(kept.Address);
        Assert.Equal($"{kept.Address} wants a token: set MEMCLUSTER_TOKEN, or say --token-file FILE.", (await Assert.ThrowsAsync<UserError>(() => without.List())).Message);
        using var wrong = HttpOperator.At(kept.Address, null, Secret + "x");
        Assert.Contains("another token", (await Assert.ThrowsAsync<UserError>(() => wrong.List())).Message, StringComparison.Ordinal);
        using var right = HttpOperator.At(kept.Address, null, Secret);
        Assert.Empty(await right.List());
    }

    [Fact]
    public async Task A_page_in_a_browser_does_not_get_in_under_a_name_of_its_own()
    {
        var api = await Start(ApiOptions.For("0.0.0.0", 0, _node, ApiToken.Of(Secret, "test")));
        // Not by name: a client takes the Host header for the name that the certificate must hold.
        using var known = new HttpClient(ApiClientFactory.PinnedHandler(_node.Fingerprint));
        known.DefaultRequestHeaders.Authorization = new("Bearer", Secret);
        async Task<HttpStatusCode> Ask(string path, string host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{PortOf(api)}{path}");
            request.Headers.Host = host;
            using var answer = await known.SendAsync(request);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Ask("/api/v1/sweeps", "node1:4080"));
        Assert.Equal(HttpStatusCode.BadRequest, await Ask("/api/v1/sweeps", "evil.example"));
        Assert.Equal(HttpStatusCode.OK, await Ask("/health/live", "10.244.1.7:4080"));
    }

    [Fact]
    public async Task Whoever_mixes_up_HTTP_HTTPS_or_the_CA_is_told_which()
    {
        var secure = await Start(ApiOptions.For("127.0.0.1", 0, _node, null));
        var plain = await Start(ApiOptions.For("127.0.0.1", 0, null, null));

        Assert.Contains("does not speak plain HTTP", await Complaint(HttpOperator.At(secure.Address)), StringComparison.Ordinal);
        Assert.Contains("does not speak HTTPS", await Complaint(Trusting(_authority, plain)), StringComparison.Ordinal);
        Assert.Contains("not signed by the CA that is trusted here", await Complaint(Trusting(_other, secure)), StringComparison.Ordinal);
        var renamed = await Start(ApiOptions.For("127.0.0.1", 0, _authority.Load("node2", "elsewhere"), null));
        Assert.Contains("was not made for the name 127.0.0.1", await Complaint(Trusting(_authority, renamed)), StringComparison.Ordinal);
        using var right = Trusting(_authority, secure);
        Assert.Empty(await right.List());
    }

    [Fact]
    public async Task A_token_is_not_sent_in_plain_text_to_another_machine()
    {
        var seen = new List<string?>();
        var answers = new Answers(request => seen.Add(request.Headers.Authorization?.ToString()));
        foreach (var address in (string[])["node1:4080", "http://10.0.0.1:4080", "https://node1:4080", "127.0.0.1:4080"])
        {
            using var far = HttpOperator.At(address, answers, Secret);
            await far.List();
        }

        Assert.Equal([null, null, $"Bearer {Secret}", $"Bearer {Secret}"], seen);
    }

    [Fact]
    public async Task A_process_on_this_machine_knows_exactly_the_certificate_that_was_announced()
    {
        var shown = _authority.Load("node2", "elsewhere");
        var api = await Start(ApiOptions.For("127.0.0.1", 0, shown, null));
        using var another = HttpOperator.At(api.Announced, ApiClientFactory.PinnedHandler(_authority.Load("node3", "elsewhere").Fingerprint));
        await Assert.ThrowsAsync<UserError>(() => another.List());
        using var announced = HttpOperator.At(api.Announced, ApiClientFactory.PinnedHandler(shown.Fingerprint));
        Assert.Empty(await announced.List());
    }

    [Theory]
    [InlineData("short", "has 5 characters; it needs at least 16")]
    [InlineData("with blanks in the middle", "holds blanks")]
    [InlineData("mit-Ümlauten-und-länger", "beyond ASCII")]
    public void A_token_that_is_no_good_is_refused_without_being_shown(string token, string sentence)
    {
        var problem = Assert.Throws<FormatException>(() => ApiToken.Of(token, "the file"));

        Assert.Contains(sentence, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_file_that_others_can_read_is_refused()
    {
        var file = Path.Combine(_home.Home.Folder, "token");
        File.WriteAllText(file, Secret + "\n");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("set it to 600", Assert.Throws<FormatException>(() => ApiToken.Find(file)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.True(ApiToken.Find(file)!.Is(Secret));
        Assert.False(ApiToken.Find(file)!.Is(Secret + "x"));
        Assert.Contains("can't be read", Assert.Throws<FormatException>(() => ApiToken.Find(file + "s")).Message, StringComparison.Ordinal);
    }

    private static IFarOperator Trusting(TestAuthority authority, Api api) =>
        HttpOperator.At($"https://{api.Address}", ApiClientFactory.Handler(Authority.Load(authority.CaFile)));

    private static async Task<string> Complaint(IFarOperator far)
    {
        using (far)
        {
            return (await Assert.ThrowsAsync<UserError>(() => far.List())).Message;
        }
    }

    private static int PortOf(Api api) => new Uri($"https://{api.Address}").Port;

    /// <summary>IPv4 addresses of this machine that are not loopback; none on some.</summary>
    private static string[] OwnAddresses() =>
    [
        .. System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(entry => entry.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)).Select(address => address.ToString()),
    ];

    private async Task<Api> Start(ApiOptions options)
    {
        var api = await Api.Start(new ReadingOperator(new ReadModelReader(_home.Home.ReadFile)), _home.Home.Folder, options, CancellationToken.None);
        _started.Add(api);
        return api;
    }

    private sealed class Answers(Action<HttpRequestMessage> seen) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen(request);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]") });
        }
    }
}
