using System.Text.Json;

namespace MemCluster.Cli.Tests;

/// <summary>
/// Sweeps that only wait, with everything real behind the doors: coordinator, trainer, journal and results, in this process. Trained, killed and
/// spread over processes they are in the end-to-end tests.
/// </summary>
public sealed class WholeSweepTests : IDisposable
{
    private const string Waiting = """
        sweep: waiting
        network: sleep 0
        training: { epochs: 2 }
        axes: { noise: [none, label 0.2], capacity: [32, 64] }
        seeds: 2
        """;

    private readonly Session _session = new() { Doors = RealDoors.Open() };

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Running_a_finished_sweep_again_says_so_and_changes_no_byte()
    {
        await Fine("run", _session.File(Waiting));
        var before = Results("waiting");

        var again = await Fine("run", _session.File(Waiting));

        Assert.Contains("waiting is finished already; nothing was run. 8 trials: 8 finished.", again, StringComparison.Ordinal);
        Assert.Equal(before, Results("waiting"));
    }

    [Fact]
    public async Task Two_files_run_side_by_side_each_with_its_own_results()
    {
        var first = _session.File(Waiting.Replace("sweep: waiting", "sweep: first", StringComparison.Ordinal), "a.yaml");
        var second = _session.File(Waiting.Replace("sweep: waiting", "sweep: second", StringComparison.Ordinal), "b.yaml");

        var ended = await Fine("run", first, second);

        Assert.Contains("first  8 trials: 8 finished", ended, StringComparison.Ordinal);
        Assert.Contains("second  8 trials: 8 finished", ended, StringComparison.Ordinal);
        Assert.Equal(Results("first")["trials.csv"], Results("second")["trials.csv"]);
        var list = await Fine("list");
        Assert.Matches("(?m)^first +finished +8/8", list);
        Assert.Matches("(?m)^second +finished +8/8", list);
    }

    [Fact]
    public async Task The_same_name_with_other_settings_is_refused_and_the_difference_shown()
    {
        await Fine("run", _session.File(Waiting));
        var before = Results("waiting");

        Assert.Equal(2, await _session.Run("run", _session.File(Waiting), "--set", "training.epochs=3", "--home", _session.Home));

        Assert.Contains("give the sweep another name, or use another --home", _session.Error, StringComparison.Ordinal);
        Assert.Contains("- training.epochs: 2\n  + training.epochs: 3\n", _session.Error, StringComparison.Ordinal);
        Assert.Equal(before, Results("waiting"));
        Assert.Contains("finished already", await Fine("run", _session.File(Waiting)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_overrides_the_file_as_if_it_stood_there()
    {
        await Fine("run", _session.File(Waiting), "--set", "seeds=[7]", "--set", "axes.capacity=8");

        var again = await Fine("run", _session.File(
            Waiting.Replace("seeds: 2", "seeds: [7]", StringComparison.Ordinal).Replace("[32, 64]", "[8]", StringComparison.Ordinal), "edited.yaml"));

        Assert.Contains("waiting is finished already; nothing was run. 2 trials", again, StringComparison.Ordinal);
        Assert.Equal(["1,none,8,7,finished", "2,label 0.2,8,7,finished"], Trials("waiting").Select(row => string.Join(',', row[..5])));
    }

    [Fact]
    public async Task Export_builds_the_same_files_anew_from_the_journal()
    {
        await Fine("run", _session.File(Waiting));
        var before = Results("waiting");
        Directory.Delete(Path.Combine(_session.Home, "results"), recursive: true);
        foreach (var file in Directory.EnumerateFiles(_session.Home, "read.db*"))
        {
            File.Delete(file);
        }

        await Fine("export", "waiting");

        Assert.Equal(before, Results("waiting"));
        Assert.Equal(0, await _session.Run("verify", Path.Combine(_session.Home, "results", "waiting")));
    }

    [Fact]
    public async Task Export_as_JSON_holds_what_the_CSV_does()
    {
        await Fine("run", _session.File(Waiting));

        await Fine("export", "waiting", "--format", "json");
        var printed = await Fine("export", "waiting", "--format", "json", "--to", "-");

        using var json = JsonDocument.Parse(printed);
        Assert.Equal(
            Trials("waiting").Select(row => $"{row[0]} {row[1]} {row[2]} {row[3]} {row[4]} {row[^1]}"),
            json.RootElement.EnumerateArray().Select(row => string.Join(' ', new[] { "trial", "noise", "capacity", "seed", "state", "cell" }.Select(name => row.GetProperty(name)))));
        Assert.Equal(printed, Results("waiting")["trials.json"]);
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("replaced")]
    [InlineData("moved away with all of its home")]
    public async Task A_run_whose_journal_is_taken_away_ends_with_the_reason(string how)
    {
        var endless = _session.File(Waiting.Replace("sleep 0", "sleep 600", StringComparison.Ordinal));
        var run = _session.Run("run", endless, "--home", _session.Home, "--slots", "1");
        using var beside = new Session { Doors = RealDoors.Open() };
        for (var tries = 0; !beside.Out.Contains("running", StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 300 && !run.IsCompleted, beside.Error);
            await Task.Delay(100);
            await beside.Run("list", "--home", _session.Home);
        }

        var log = Path.Combine(_session.Home, "memcluster.log");
        switch (how)
        {
            case "deleted":
                Array.ForEach(Directory.GetFiles(_session.Home, "journal.db*"), File.Delete);
                break;
            case "replaced":
                File.WriteAllText(Path.Combine(_session.Home, "another"), "");
                File.Move(Path.Combine(_session.Home, "another"), Path.Combine(_session.Home, "journal.db"), overwrite: true);
                break;
            default:
                Directory.Move(_session.Home, _session.Home + " elsewhere");
                log = Path.Combine(_session.Home + " elsewhere", "memcluster.log");
                break;
        }

        Assert.Equal(2, await run.WaitAsync(TimeSpan.FromMinutes(2)));
        Assert.StartsWith($"The journal {_session.Home}/journal.db was deleted, moved or replaced while this process was at work on it.", _session.Error, StringComparison.Ordinal);
        Assert.Contains(" fatal The journal ", File.ReadAllText(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_tells_what_of_it_is_done_already_and_what_it_cost()
    {
        await Fine("run", _session.File(Waiting));

        var plan = await Fine("plan", _session.File(Waiting));

        Assert.Contains("8 trials", plan, StringComparison.Ordinal);
        Assert.Contains("8 done · 0 left in ", plan, StringComparison.Ordinal);
    }

    /// <summary>What one more command prints, which must be fine.</summary>
    private async Task<string> Fine(params string[] arguments)
    {
        var before = _session.Out.Length;
        var code = await _session.Run([.. arguments, "--home", _session.Home]);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: exit {code}, {_session.Error}");
        return _session.Out[before..];
    }

    /// <summary>The texts of a results folder by their names.</summary>
    private SortedDictionary<string, string> Results(string sweep) =>
        new(Directory.GetFiles(Path.Combine(_session.Home, "results", sweep)).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText));

    private IEnumerable<string[]> Trials(string sweep) => Results(sweep)["trials.csv"].TrimEnd('\n').Split('\n').Skip(1).Select(row => row.Split(','));
}
