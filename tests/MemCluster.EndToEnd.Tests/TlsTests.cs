using System.Net;
using MemCluster.Tests;

namespace MemCluster.EndToEnd.Tests;

/// <summary>A cluster with certificates, as processes.</summary>
public sealed class TlsTests
{
    [OpensslTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sweep_runs_and_what_crosses_the_line_can_be_read_only_without_certificates(bool tls)
    {
        using var here = new Workplace();
        using var relay = new TcpRelay();
        string[] Certificates(string node) => tls ? ["--certificates", $"certificates/{node}"] : [];
        await Made(here, "certificates", "node1", "node2");
        var port = Ports.Free();
        relay.To(port);
        var coordinator = here.Start(
            ["coordinator", "--listen", $"127.0.0.1:{port}", "--advertise", $"127.0.0.1:{relay.Port}", "--http", "127.0.0.1:0", .. Certificates("node1")]);
        await coordinator.Says("Coordinator at ");
        here.Start(["trainer", "--join", $"127.0.0.1:{relay.Port}", "--slots", "2", "--name", "worker-of-the-lab", .. Certificates("node2")]);
        here.Write("naps.yaml", Naps.Of(6, seconds: 0));

        await here.Fine("submit", "naps.yaml");
        await here.Fine("watch", "naps");

        await here.Fine("export", "naps", "--to", "out", "--home", "home");
        Assert.Equal(6, Results.In(here.At("out")).TrialRows.Count(row => row["state"] == "finished"));
        Assert.True(relay.Seen.Length > 5_000, $"Only {relay.Seen.Length} bytes went through the relay.");
        foreach (var word in (string[])["naps", "worker-of-the-lab", "register-trainer:1", "assign-trials:1", "report-end:1", "end-written:1", "\"network\"", "sleep"])
        {
            Assert.True(relay.HasSeen(word) == !tls, $"'{word}' {(tls ? "can be read on the line" : "was not on the line: this test sees nothing")}.");
        }
    }

    [OpensslFact]
    public async Task A_trainer_without_a_certificate_or_with_one_of_another_CA_is_refused_and_says_why()
    {
        using var here = new Workplace();
        await Made(here, "certificates", "node1");
        await Made(here, "others", "node2");
        var coordinator = here.Start("coordinator", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--certificates", "certificates/node1");
        var address = (await coordinator.Says("Add trainers with: "))["Add trainers with: memcluster trainer --join ".Length..].Split(' ')[0];

        var plain = here.Start("trainer", "--join", address);
        var stranger = here.Start("trainer", "--join", address, "--certificates", "others/node2");

        var refused = await plain.Ends();
        Assert.Equal(2, refused.Code);
        Assert.Contains($"{address} wants TLS; start this node with --certificates DIR", refused.Error, StringComparison.Ordinal);
        Sentences.AssertForPeople(refused.Error);
        refused = await stranger.Ends();
        Assert.Equal(2, refused.Code);
        Assert.Contains("is not signed by the CA of others/node2/ca.crt; both sides need one of the same CA", refused.Error, StringComparison.Ordinal);
        Sentences.AssertForPeople(refused.Error);
        Assert.Contains("Refused the node at", here.Log(), StringComparison.Ordinal);
        Assert.Contains("Turned away whoever called from", here.Log(), StringComparison.Ordinal);
    }

    [OpensslFact]
    public async Task A_run_lets_in_trainers_of_its_CA_and_a_trainer_tells_probes_how_it_is()
    {
        using var here = new Workplace();
        await Made(here, "certificates", "node1", "node2");
        here.Write("naps.yaml", Naps.Of(4, seconds: 0.2));
        var (port, health) = (Ports.Free(), Ports.Free());
        var trainer = here.Start(
            "trainer", "--join", $"127.0.0.1:{port}", "--slots", "2", "--health", $"127.0.0.1:{health}", "--certificates", "certificates/node2");
        using var http = new HttpClient();
        Assert.Equal((HttpStatusCode.OK, "live\n"), await Ask("live", until: HttpStatusCode.OK));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready: it is joining the cluster\n"), await Ask("ready", until: HttpStatusCode.ServiceUnavailable));

        var run = here.Start("run", "naps.yaml", "--slots", "0", "--listen", $"127.0.0.1:{port}", "--certificates", "certificates/node1");

        var answer = await Ask("ready", until: HttpStatusCode.OK);
        var ended = await run.Ends();
        Assert.True(ended.Code == 0, ended.All);
        Assert.Equal((HttpStatusCode.OK, "ready\n"), answer);
        Assert.Equal(4, here.Results("naps").TrialRows.Count(row => row["state"] == "finished"));
        Assert.False(trainer.HasEnded);

        async Task<(HttpStatusCode, string)> Ask(string what, HttpStatusCode until)
        {
            for (var clock = System.Diagnostics.Stopwatch.StartNew(); ; await Task.Delay(20))
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{health}/health/{what}"));
                    if (answer.StatusCode == until || clock.Elapsed > Workplace.Patience)
                    {
                        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
                    }
                }
                catch (HttpRequestException) when (clock.Elapsed < Workplace.Patience)
                {
                    // It is being started.
                }
            }
        }
    }

    [OpensslFact]
    public async Task Beyond_loopback_the_verbs_need_the_CA_and_the_token_and_get_sentences_without()
    {
        using var here = new Workplace();
        await Made(here, "certificates", "node1,127.0.0.1");
        here.Write("token", "0123456789abcdef0123456789abcdef\n");
        await here.StartProgram("chmod", "600", here.At("token")).Ends();
        var coordinator = here.Start(
            "coordinator", "--listen", "127.0.0.1:0", "--http", "0.0.0.0:0", "--certificates", "certificates/node1", "--token-file", "token");
        var url = (await coordinator.Says("Coordinator at ")).Split("API at ")[1].Split(',')[0];
        Assert.StartsWith("https://127.0.0.1:", url, StringComparison.Ordinal);
        var at = url["https://".Length..];

        Assert.Contains("No sweep", (await here.Fine("status", "--at", at, "--ca", "certificates/ca.crt", "--token-file", "token")).All, StringComparison.OrdinalIgnoreCase);
        await here.Fine("list", "--home", "home", "--token-file", "token");
        await Refused(here, "wants a token: set MEMCLUSTER_TOKEN, or say --token-file FILE.", "list", "--at", at, "--ca", "certificates/ca.crt");
        await Refused(here, "wants a token: set MEMCLUSTER_TOKEN, or say --token-file FILE.", "list", "--home", "home");
        await Refused(here, "does not speak plain HTTP", "list", "--at", at, "--token-file", "token");
        Assert.DoesNotContain("0123456789abcdef", here.Log(), StringComparison.Ordinal);
    }

    private static async Task Refused(Workplace here, string sentence, params string[] arguments)
    {
        var ended = await here.Run(arguments);
        Assert.True(ended.Code == 2, ended.All);
        Assert.Contains(sentence, ended.Error, StringComparison.Ordinal);
        Sentences.AssertForPeople(ended.Error);
    }

    private static async Task Made(Workplace here, string folder, params string[] nodes)
    {
        var ended = await here.StartProgram("bash", [OpensslFactAttribute.Script, folder, .. nodes]).Ends();
        Assert.True(ended.Code == 0, ended.All);
    }
}

/// <summary>Needs bash and openssl.</summary>
internal sealed class OpensslFactAttribute : FactAttribute
{
    public OpensslFactAttribute() => Skip = Missing;

    public static string Script { get; } = Path.Combine(Executables.Repository, "deploy", "certificates", "make.sh");

    public static string? Missing { get; } = File.Exists("/usr/bin/openssl") && File.Exists("/bin/bash") ? null : "No openssl here.";
}

/// <summary>Needs bash and openssl.</summary>
internal sealed class OpensslTheoryAttribute : TheoryAttribute
{
    public OpensslTheoryAttribute() => Skip = OpensslFactAttribute.Missing;
}
