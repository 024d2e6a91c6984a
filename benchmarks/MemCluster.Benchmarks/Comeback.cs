using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace MemCluster.Benchmarks;

/// <summary>
/// How soon a coordinator that was killed hands out work again: from the start of its process to the first trial that goes to a trainer that was running all the
/// time, against a bare <c>--version</c> of the same build, in turn.
/// </summary>
internal static class Comeback
{
    public const string Word = "comeback";

    private const int Rounds = 5;

    private const string Spec = """
        sweep: comeback
        data: { name: glyphs, train: 500, validation: 200 }
        network: { kind: mlp, depth: 1 }
        training: { epochs: 3, batch: 32, momentum: 0.9 }
        axes: { capacity: [16, 32] }
        seeds: 2000
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A row a round: seconds of both, and their ratio.</summary>
    public static async Task<int> Run()
    {
        var folder = Directory.CreateTempSubdirectory("comeback").FullName;
        var log = Path.Combine(folder, "coordinator.log");
        var running = new List<Process>();
        try
        {
            Process Coordinator(string listen, string http)
            {
                var started = Start(folder, "coordinator", "--home", Path.Combine(folder, "home"), "--listen", listen, "--http", http, "--log", log, "--verbose");
                running.Add(started);
                return started;
            }

            var coordinator = Coordinator("127.0.0.1:0", "127.0.0.1:0");
            var (cluster, api) = await Announced(folder);
            running.Add(Start(folder, "trainer", "--join", cluster, "--slots", "1", "--name", "one", "--log", Path.Combine(folder, "trainer.log")));
            using var http = new HttpClient();
            using var reply = await http.PostAsJsonAsync(new Uri($"http://{api}/api/v1/sweeps"), new { spec = Spec });
            reply.EnsureSuccessStatusCode();
            await FirstTrial(log, 0);
            Console.WriteLine("| --version, s | first trial, s | ratio |\n|---|---|---|");
            for (var round = 0; round < Rounds; round++)
            {
                var bare = Stopwatch.StartNew();
                await Start(folder, "--version").WaitForExitAsync();
                bare.Stop();

                coordinator.Kill();
                await coordinator.WaitForExitAsync();
                var read = new FileInfo(log).Length;
                var clock = Stopwatch.StartNew();
                coordinator = Coordinator(cluster, api);
                await FirstTrial(log, read);
                var row = (bare.Elapsed.TotalSeconds, clock.Elapsed.TotalSeconds);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row.Item1:0.00} | {row.Item2:0.00} | {row.Item2 / row.Item1:0.0} |"));
            }

            return 0;
        }
        finally
        {
            foreach (var process in running)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>As people start it: beside it lie libraries that were compiled when it was built, and beside this benchmark copies that were not.</summary>
    private static string Program
    {
        get
        {
            var bin = Path.Combine("bin", "Release", "net10.0");
            var root = AppContext.BaseDirectory[..AppContext.BaseDirectory.LastIndexOf("benchmarks", StringComparison.Ordinal)];
            return Path.Combine(root, "src", "MemCluster.Cli", bin, "memcluster.dll");
        }
    }

    private static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>What the home says of the process at work on it.</summary>
    private static async Task<(string Cluster, string Api)> Announced(string folder)
    {
        var file = Path.Combine(folder, "home", "running.json");
        var clock = Stopwatch.StartNew();
        while (!File.Exists(file))
        {
            Wait(clock);
            await Task.Delay(50);
        }

        using var said = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        return (said.RootElement.GetProperty("cluster").GetString()!, said.RootElement.GetProperty("api").GetString()!);
    }

    private static async Task FirstTrial(string log, long from)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(10))
        {
            Wait(clock);
            if (!File.Exists(log))
            {
                continue;
            }

            await using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            stream.Position = Math.Min(from, stream.Length);
            using var text = new StreamReader(stream);
            if ((await text.ReadToEndAsync()).Contains(" goes to one", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private static void Wait(Stopwatch clock)
    {
        if (clock.Elapsed > Patience)
        {
            throw new TimeoutException("The coordinator did not come back.");
        }
    }
}
