using System.Text.Json;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Telemetry.Tests;

public sealed class LinesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-log-").FullName;

    private string File => Path.Combine(_folder, "sub", "memcluster.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_for_people_has_time_level_sentence_and_speaker()
    {
        Say(LogFormat.Text, log => log.LogWarning("{sweep} trial {trial} was lost: {why}", new SweepId("naps"), 7, "node2 left"));

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn  naps trial 7 was lost: node2 left \[Speaker\]$", Assert.Single(Lines()));
    }

    [Fact]
    public void A_line_for_machines_is_an_object_with_the_named_values_as_fields_numbers_as_numbers()
    {
        Say(LogFormat.Json, log => log.LogWarning("{sweep} trial {trial} took {seconds} s: {why}", new SweepId("naps"), 7, 1.5, "a \"quote\"\nand a line"));

        var line = Parse(Assert.Single(Lines()));
        Assert.Equal("warn", line.GetProperty("level").GetString());
        Assert.Equal("MemCluster.Speaker", line.GetProperty("category").GetString());
        Assert.Equal("naps trial 7 took 1.5 s: a \"quote\"\nand a line", line.GetProperty("message").GetString());
        Assert.Equal("naps", line.GetProperty("sweep").GetString());
        Assert.Equal(7, line.GetProperty("trial").GetInt32());
        Assert.Equal(1.5, line.GetProperty("seconds").GetDouble());
        Assert.EndsWith("Z", line.GetProperty("time").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogFormat.Text, "reading data sweep=naps trial=3 attempt=2 [Speaker]")]
    [InlineData(LogFormat.Json, "\"message\":\"reading data\",\"sweep\":\"naps\",\"trial\":3,\"attempt\":2}")]
    public void What_is_said_while_a_trial_is_worked_on_carries_the_trial(LogFormat format, string ending)
    {
        Say(format, log =>
        {
            using var scope = log.BeginTrial(new(new("naps"), new(1, 2), 2), 3);
            log.LogInformation("reading data");
        });

        Assert.EndsWith(ending, Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_named_as_one_of_the_lines_own_does_not_replace_it()
    {
        Say(LogFormat.Json, log => log.LogInformation("{level} {time}", "low", "late"));

        var line = Parse(Assert.Single(Lines()));
        Assert.Equal(("info", "low"), (line.GetProperty("level").GetString(), line.GetProperty("level_").GetString()));
        Assert.Equal("late", line.GetProperty("time_").GetString());
    }

    [Fact]
    public void An_error_is_on_the_line_with_all_its_text()
    {
        Say(LogFormat.Text, log => log.LogError(new IOException("disk full"), "no"));
        Assert.Contains("no | System.IO.IOException: disk full [Speaker]", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Json)]
    public void No_password_and_no_token_is_written_wherever_it_stands(LogFormat format)
    {
        Say(format, log => log.LogError(
            new InvalidOperationException("Host=db;Username=me;Password=hunter2;Pooling=true and postgres://me:hunter2@db/x"),
            "{connection} {header} {where}", "PASSWORD = 'hunter2';Host=db", "Authorization: Bearer hunter2", "MEMCLUSTER_TOKEN=hunter2"));

        var line = Assert.Single(Lines());
        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
        Assert.Contains("Pooling=true", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("passed 3 tests at http://host/path, token count: 4")]
    [InlineData("Coordinator node tcp://node1:4053 can't be reached")]
    public void What_is_no_secret_stays(string sentence) => Assert.Equal(sentence, Secrets.Mask(sentence));

    [Fact]
    public void Akka_and_the_web_server_speak_only_of_errors_and_our_own_trials_only_when_asked()
    {
        Say(LogFormat.Text, Everything);
        Assert.Equal(["info", "error", "warn"], Levels());
        System.IO.File.Delete(File);

        Say(LogFormat.Text, Everything, verbose: true);
        Assert.Equal(["debug", "info", "info", "error", "warn"], Levels());
    }

    [Fact]
    public void No_file_is_made_before_the_first_line()
    {
        Say(LogFormat.Text, _ => { });
        Assert.False(Directory.Exists(Path.GetDirectoryName(File)));
    }

    [Fact]
    public void A_format_that_is_none_is_refused() => Assert.Contains(
        "text or json", Assert.Throws<FormatException>(() => LogOptions.Of(null, "xml", false, null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "home.log", "home.log")]
    [InlineData("stderr", "home.log", null)]
    [InlineData(null, null, null)]
    [InlineData("/var/log/x", null, "/var/log/x")]
    public void Lines_go_where_it_is_said_else_where_they_go_by_default(string? said, string? otherwise, string? file) =>
        Assert.Equal(file, LogOptions.Of(said, null, false, otherwise).File);

    private static void Everything(ILoggerFactory logs)
    {
        logs.CreateLogger("MemCluster.X").LogDebug("a trial");
        logs.CreateLogger("MemCluster.X").LogInformation("a trainer");
        logs.CreateLogger("Akka.Cluster").LogInformation("a step");
        logs.CreateLogger("Akka.Remote").LogError("a fault");
        logs.CreateLogger("Microsoft.AspNetCore").LogInformation("a request");
        logs.CreateLogger("Microsoft.AspNetCore").LogWarning("an odd request");
    }

    private void Say(LogFormat format, Action<ILogger> say) => Say(format, logs => say(logs.CreateLogger("MemCluster.Speaker")), verbose: false);

    private void Say(LogFormat format, Action<ILoggerFactory> say, bool verbose = false)
    {
        using var logs = LogFactory.Open(new LogOptions { File = File, Format = format, Verbose = verbose });
        say(logs);
    }

    private string[] Lines() => System.IO.File.ReadAllLines(File);

    private IEnumerable<string> Levels() => Lines().Select(line => line.Split(' ')[1]);

    private static JsonElement Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    }
}
