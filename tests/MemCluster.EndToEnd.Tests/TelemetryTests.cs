using System.Text.Json;

namespace MemCluster.EndToEnd.Tests;

public sealed class TelemetryTests
{
    private const int Trials = 8;
    private const int Epochs = 4;

    [Fact]
    public async Task A_collector_is_sent_measurements_with_the_true_numbers_spans_that_hang_together_and_log_lines_that_name_their_trial()
    {
        using var collector = new Collector();
        using var here = new Workplace().With("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address).With("OTEL_METRIC_EXPORT_INTERVAL", "500");
        here.Write("naps.yaml", Naps.Of(Trials, 0.05));

        await here.Fine("run", "naps.yaml", "--verbose", "--slots", "2");

        Assert.Equal(Trials, collector.Last("memcluster.trials", "sweep=naps", "state=finished"));
        Assert.Equal(0, collector.Last("memcluster.trials", "sweep=naps", "state=pending"));
        Assert.Equal(Trials * Epochs, collector.Last("memcluster.epochs.trained", "sweep=naps"));
        Assert.Equal(Trials * Epochs, collector.Last("memcluster.epochs.written", "sweep=naps"));
        Assert.Equal(Trials, collector.Last("memcluster.trial.duration", "sweep=naps", "outcome=finished"));
        Assert.Equal(Trials, collector.Last("memcluster.queue.wait"));
        Assert.Equal(Trials, collector.Last("memcluster.words.acknowledged", "kind=end", "repeat=false"));
        Assert.Equal(1, collector.Last("memcluster.nodes", "role=coordinator", "state=up"));
        Assert.Contains(collector.Points, point => point is { Name: "memcluster.slots", Value: 2 } && point.Attributes["state"] == "free");
        Assert.Equal(2, collector.Last("memcluster.trainer.slots", "state=free"));
        Assert.Equal(0, collector.Last("memcluster.trainer.buffer.fill"));
        Assert.All((string[])["coordinator", "control", "metrics"], stream => Assert.True(collector.Last("memcluster.journal.write.duration", $"stream={stream}") > 0));
        Assert.All(collector.Points, point => Assert.DoesNotContain(point.Attributes.Keys, key => key is "trial" or "attempt" or "cell"));

        // What only a loss brings about can't be among them.
        Assert.Equal(
            Documented().Except(["memcluster.trials.lost"]),
            collector.Points.Select(point => point.Name).Where(name => name.StartsWith("memcluster.", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));

        var assigned = collector.Spans.Where(span => span.Name == "assign trial").ToArray();
        var trained = collector.Spans.Where(span => span.Name == "train trial").ToArray();
        Assert.Equal(Enumerable.Range(1, Trials), assigned.Select(span => int.Parse(span.Attributes["memcluster.trial"], null)).Order());
        Assert.Equal(Trials, trained.Length);
        Assert.All(trained, span =>
        {
            var begin = Assert.Single(assigned, one => one.Attributes["memcluster.trial"] == span.Attributes["memcluster.trial"]);
            Assert.Equal((begin.Trace, begin.Id), (span.Trace, span.Parent));
            Assert.Equal(("naps", "1", "finished"), (span.Attributes["memcluster.sweep"], span.Attributes["memcluster.attempt"], span.Attributes["memcluster.outcome"]));
        });

        var begins = collector.Records.Where(record => record.Attributes.GetValueOrDefault("{OriginalFormat}", record.Message).Contains("begins", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Enumerable.Range(1, Trials), begins.Select(record => int.Parse(record.Attributes["trial"], null)).Order());
        Assert.All(begins, record => Assert.Equal(("naps", "1"), (record.Attributes["sweep"], record.Attributes["attempt"])));
        Assert.All(collector.Senders, sender => Assert.Equal("memcluster-run", sender["service.name"]));
    }

    [Fact]
    public async Task Nothing_is_exported_and_no_exporter_is_loaded_unless_an_endpoint_is_set()
    {
        using var collector = new Collector();
        using var here = new Workplace();
        using var off = await Cluster.Start(here);
        using var on = await Cluster.Of(here.Start(
            "coordinator", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--home", here.At("other"), "--otlp", collector.Address));

        Assert.False(HasExporter(off.Coordinator.Id));
        Assert.True(HasExporter(on.Coordinator.Id));
    }

    [Fact]
    public async Task A_collector_that_is_gone_delays_no_end_and_changes_no_result()
    {
        using var here = new Workplace().With("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
        here.Write("naps.yaml", Naps.Of(4, 0));

        await here.Fine("run", "naps.yaml");

        Assert.Equal(4, here.Results("naps").TrialRows.Count);
    }

    [Fact]
    public async Task Log_lines_of_both_nodes_are_objects_and_each_about_a_trial_names_sweep_trial_and_attempt()
    {
        using var here = new Workplace();
        here.Write("naps.yaml", Naps.Of(4, 0.2));
        using var cluster = await Cluster.Of(here.Start(
            "coordinator", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--verbose", "--log-format", "json"));
        await here.Fine("submit", "naps.yaml", "--at", cluster.Api);
        var leaver = here.Start("trainer", "--join", cluster.Address, "--slots", "2", "--verbose", "--log", here.At("leaver.log"), "--log-format", "json");
        await leaver.Until(() => Lines(here.At("leaver.log")).Any(line => Text(line, "message").Contains("begins", StringComparison.Ordinal)), "begin a trial");
        leaver.Send(Signal.Terminate);
        Assert.Equal(0, (await leaver.Ends()).Code);
        var stayer = here.Start("trainer", "--join", cluster.Address, "--slots", "2", "--verbose", "--log", here.At("stayer.log"), "--log-format", "json");
        await stayer.Until(() => Lines(Path.Combine(here.Home, "memcluster.log")).Any(line => Text(line, "message").Contains("is over", StringComparison.Ordinal)), "end the sweep");

        var coordinator = Lines(Path.Combine(here.Home, "memcluster.log"));
        Assert.Contains(coordinator, line => Text(line, "message").Contains("is pending again", StringComparison.Ordinal));
        var about = coordinator.Concat(Lines(here.At("leaver.log"))).Concat(Lines(here.At("stayer.log")))
            .Where(line => line.TryGetProperty("trial", out _) || line.TryGetProperty("attempt", out _) || Text(line, "message").Contains(" trial ", StringComparison.Ordinal))
            .ToArray();
        Assert.True(about.Length >= 12, $"{about.Length} lines about trials");
        Assert.All(about, line => Assert.True(
            Text(line, "sweep") == "naps" && line.GetProperty("trial").GetInt32() is >= 1 and <= 4 && line.GetProperty("attempt").GetInt32() >= 1, line.ToString()));
    }

    /// <summary>The instruments of docs/telemetry.md, in order.</summary>
    private static IEnumerable<string> Documented() => File.ReadLines(Path.Combine(Executables.Repository, "docs", "telemetry.md"))
        .Where(line => line.StartsWith("| `memcluster.", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).Order(StringComparer.Ordinal);

    private static bool HasExporter(int process) => File.ReadLines($"/proc/{process}/maps").Any(line => line.Contains("OpenTelemetry", StringComparison.Ordinal));

    private static JsonElement[] Lines(string file) => !File.Exists(file) ? [] :
    [
        .. Shared(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.EndsWith('}')).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.Clone();
        }),
    ];

    private static string Shared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.ToString() : "";
}
