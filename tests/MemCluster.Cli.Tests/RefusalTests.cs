namespace MemCluster.Cli.Tests;

/// <summary>
/// What is wrong is said with its place and what to do, before anything is written: with everything real behind the doors, in this process. That
/// the executable says the same and exits so is for the end-to-end tests. Alone, because a process has one standard error.
/// </summary>
[CollectionDefinition(nameof(RefusalTests), DisableParallelization = true)]
[Collection(nameof(RefusalTests))]
public sealed class RefusalTests : IDisposable
{
    private const string Good = """
        sweep: bad
        data: { name: glyphs, train: 1000, validation: 500 }
        network: { kind: mlp, depth: 2 }
        training: { epochs: 2 }
        axes:
          noise: [none, label 0.4]
          capacity: [32, 64]
        seeds: 2
        """;

    private readonly Session _session = new() { Doors = RealDoors.Open() };
    private readonly TextWriter _before = Console.Error;
    private readonly StringWriter _console = new();

    // The nodes' programs write there themselves.
    public RefusalTests() => Console.SetError(_console);

    public void Dispose()
    {
        Console.SetError(_before);
        _console.Dispose();
        _session.Dispose();
    }

    [Theory]
    [InlineData("unknown key", "axes:", "axis:", "bad.yaml:5:1", "did you mean 'axes'?")]
    [InlineData("wrong type", "epochs: 2", "epochs: many", "bad.yaml:4:21", "is not a whole number from 1")]
    [InlineData("empty axis", "[32, 64]", "[]", "bad.yaml:7:13", "give it at least one value")]
    [InlineData("level 1.5", "label 0.4", "label 1.5", "bad.yaml:6:23", "noise level 1.5 is not a share from 0 to 1")]
    [InlineData("duplicate value", "[32, 64]", "[32, 32]", "bad.yaml:7:18", "keep one of them")]
    [InlineData("unknown data set", "glyphs", "mnits", "bad.yaml:2:15", "did you mean 'mnist'?")]
    [InlineData("tab", "  noise", "\tnoise", "bad.yaml:6:1", "indent with spaces")]
    [InlineData("10^9 trials", "seeds: 2", "seeds: 250000000", "1,000,000,000 trials", "at most 10,000,000; take out values or seeds")]
    public async Task A_wrong_file_is_refused_in_a_sentence(string what, string good, string bad, string place, string remedy)
    {
        var file = _session.File(Good.Replace(good, bad, StringComparison.Ordinal), "bad.yaml");

        await AssertRefused(what, place, remedy, "run", file, "--home", _session.Home);
    }

    [Fact]
    public async Task A_missing_file_is_named() => await AssertRefused(
        "missing file", "nowhere.yaml  is not there", "name a sweep file", "run", At("nowhere.yaml"), "--home", _session.Home);

    [Theory]
    [InlineData("truncated data file", 1000, "train-images-idx3-ubyte is cut short: 1,000 of 47,040,016 bytes")]
    [InlineData("wrong digest", 47_040_016, "train-images-idx3-ubyte is not the published train-images-idx3-ubyte: expected SHA-256")]
    public async Task A_wrong_data_file_is_refused_in_a_sentence(string what, long bytes, string place)
    {
        var spec = _session.File(Good.Replace("glyphs", "mnist", StringComparison.Ordinal));
        Directory.CreateDirectory(At("data/mnist"));
        foreach (var (name, length) in (ReadOnlySpan<(string, long)>)
                 [("train-images-idx3-ubyte", bytes), ("train-labels-idx1-ubyte", 60_008), ("t10k-images-idx3-ubyte", 7_840_016), ("t10k-labels-idx1-ubyte", 10_008)])
        {
            using var file = File.Create(At($"data/mnist/{name}"));
            file.SetLength(length);
        }

        await AssertRefused(
            what, place, "Get the published one with: memcluster data get mnist", "run", spec, "--data", At("data"), "--home", _session.Home);
    }

    [Theory]
    [InlineData("below a file", "good.yaml/home")]
    [InlineData("a file", "good.yaml")]
    [InlineData("where the system allows none", "/proc/memcluster")]
    public async Task An_unusable_home_is_refused_in_a_sentence(string what, string home)
    {
        var file = _session.File(Good, "good.yaml");

        // Without slots: this process must not be pinned to an instruction set, as one that trains is.
        await AssertRefused(
            what, $"The home {Path.GetFullPath(home, _session.Folder)} can't be used", "Name another folder with --home",
            "run", file, "--slots", "0", "--home", At(home));
    }

    [Theory]
    [InlineData("verb", "'rum'", "memcluster --help", "rum", "good.yaml")]
    [InlineData("option", "There is no option --slot here.", "memcluster run --help", "run", "good.yaml", "--slot", "2")]
    [InlineData("number", "--slots is a number from 0 to 4,096, not 'two'", "memcluster run --help", "run", "good.yaml", "--slots", "two")]
    [InlineData("setting", "--set training.epocs=3", "did you mean 'training.epochs'?", "run", "good.yaml", "--set", "training.epocs=3")]
    [InlineData("collector", "collector:4318", "write http://HOST:4318", "run", "good.yaml", "--otlp", "collector:4318")]
    [InlineData("address", "--at", "node1:4053", "submit", "good.yaml", "--at", "nowhere")]
    [InlineData("nobody there", "No coordinator answers at 127.0.0.1:1", "is the port its HTTP port?", "submit", "good.yaml", "--at", "127.0.0.1:1")]
    [InlineData("a card that the build can't use", "processor only, not on cuda:0", "-p:Cuda=true", "trainer", "--join", "127.0.0.1:4", "--device", "cuda:0")]
    [InlineData("no device", "'gpu' is no device", "cuda:0", "trainer", "--join", "127.0.0.1:4", "--device", "gpu")]
    [InlineData("a folder that can't be", "--checkpoints /dev/null/x", "no folder that can be written to", "trainer", "--join", "127.0.0.1:4", "--checkpoints", "/dev/null/x")]
    [InlineData("no amount of memory", "--memory", "such as 8GiB", "trainer", "--join", "127.0.0.1:4", "--memory", "lots")]
    [InlineData("no address to join", "--join", "memcluster trainer --help", "trainer")]
    [InlineData("no certificates", "There is no folder nowhere", "", "trainer", "--join", "127.0.0.1:1", "--certificates", "nowhere")]
    [InlineData("no certificates", "There is no folder nowhere", "", "coordinator", "--certificates", "nowhere")]
    [InlineData("no token", "The token file nowhere can't be read", "", "coordinator", "--token-file", "nowhere")]
    [InlineData("an open door", "opens the API to other machines", "needs HTTPS (--certificates DIR) and a token", "coordinator", "--http", "0.0.0.0:0")]
    public async Task A_wrong_command_is_refused_in_a_sentence(string what, string place, string remedy, params string[] arguments)
    {
        var file = _session.File(Good, "good.yaml");
        string[] home = arguments is ["run" or "coordinator", ..] ? ["--home", _session.Home] : [];

        await AssertRefused(what, place, remedy, [.. arguments.Select(argument => argument == "good.yaml" ? file : argument), .. home]);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("status")]
    [InlineData("trials")]
    [InlineData("export")]
    [InlineData("resume")]
    public async Task A_reading_verb_without_a_home_says_so_and_makes_none(string verb) =>
        await AssertRefused(verb, $"There is no home at {_session.Home}", "", verb, "--home", _session.Home);

    private string At(string name) => Path.Combine(_session.Folder, name);

    private async Task AssertRefused(string what, string place, string remedy, params string[] arguments)
    {
        var before = Inventory();

        var code = await _session.Run(arguments);

        var error = _session.Error + _console;
        Assert.True(code == ExitCodes.Wrong, $"{what}: exit {code}, {error}");
        Assert.Equal("", _session.Out);
        Assert.Contains(place, error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
        foreach (var inside in (string[])["   at ", "Exception", "System.", "\u001b"])
        {
            Assert.DoesNotContain(inside, error, StringComparison.Ordinal);
        }

        Assert.Equal(before, Inventory());
    }

    /// <summary>Every file and folder here, with lengths: to see that nothing was written.</summary>
    private IEnumerable<string> Inventory() =>
    [
        .. new DirectoryInfo(_session.Folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => entry is FileInfo file ? $"{file.FullName} {file.Length}" : entry.FullName).Order(StringComparer.Ordinal),
    ];
}
