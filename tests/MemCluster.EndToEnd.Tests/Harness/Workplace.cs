namespace MemCluster.EndToEnd.Tests;

/// <summary>
/// A folder of one test's own, as a fresh machine would have it: no home, no data, an empty cache. Processes started here run in it, and are
/// gone with it.
/// </summary>
internal sealed class Workplace : IDisposable
{
    /// <summary>How long anything may take before a test calls it stuck: on a busy machine things take many times longer than on an idle one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly List<RunningProgram> _started = [];
    private readonly Dictionary<string, string?> _environment;

    public Workplace()
    {
        // /tmp/ and a name: a path without surprises, but with a blank, since users have those.
        Folder = Directory.CreateTempSubdirectory("memcluster e2e ").FullName;
        _environment = new()
        {
            ["MEMCLUSTER_DATA"] = null,
            ["MEMCLUSTER_MIRROR"] = null,
            ["XDG_CACHE_HOME"] = At("cache"),
            ["NO_COLOR"] = null,
            ["TERM"] = "xterm-256color",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = null,
        };
    }

    public string Folder { get; }

    /// <summary>The home that processes here use unless a test says another: <c>home</c>.</summary>
    public string Home => At("home");

    public string At(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return name;
    }

    /// <summary>From now on, processes find real data.</summary>
    public Workplace WithRealData()
    {
        _environment["MEMCLUSTER_DATA"] = RealData.Folder;
        return this;
    }

    /// <summary>From now on, processes have this in their environment.</summary>
    public Workplace With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    public RunningProgram StartProgram(string executable, params string[] arguments)
    {
        var program = RunningProgram.Start(executable, arguments, Folder, _environment);
        _started.Add(program);
        return program;
    }

    /// <summary>Starts <c>memcluster</c>; with <c>--home home</c> unless the verb has none or the arguments say where.</summary>
    public RunningProgram Start(params string[] arguments) => StartProgram(
        Executables.Memcluster, TakesHome(arguments) ? [.. arguments, "--home", "home"] : arguments);

    public Task<Ended> Run(params string[] arguments) => Start(arguments).Ends();

    /// <summary>The same, and it must be fine.</summary>
    public async Task<Ended> Fine(params string[] arguments)
    {
        var ended = await Run(arguments);
        Assert.True(ended.Code == 0, $"memcluster {string.Join(' ', arguments)}: {ended.All}\n{Log()}");
        return ended;
    }

    public Results Results(string sweep) => EndToEnd.Tests.Results.In(Path.Combine(Home, "results", sweep));

    /// <summary>The end of the home's log, for messages of tests that fail.</summary>
    public string Log(string home = "home")
    {
        var file = Path.Combine(At(home), "memcluster.log");
        return File.Exists(file) ? "--- log\n" + string.Join('\n', File.ReadLines(file).TakeLast(60)) : "";
    }

    /// <summary>Every file and folder here, with lengths: to see that nothing was written.</summary>
    public IReadOnlyList<string> Inventory() =>
    [
        .. new DirectoryInfo(Folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(entry => entry is FileInfo file ? $"{file.FullName} {file.Length}" : entry.FullName).Order(StringComparer.Ordinal),
    ];

    public void Dispose()
    {
        foreach (var program in _started)
        {
            program.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static bool TakesHome(string[] arguments) => arguments is [not ("data" or "trainer" or "numerics" or "verify"), ..]
        && !arguments.Any(argument => argument is "--home" or "--at" or "--help" or "--version");
}
