using System.Diagnostics;
using System.Globalization;

namespace MemCluster.Tests.Postgres;

/// <summary>
/// A PostgreSQL server of the tests' own, in a temporary folder and on a free loopback port; gone with the test process, however that ends.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> OfAll = new(() =>
    {
        var server = new PostgresServer();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        return server;
    });

    private static int _databases;

    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-postgres-").FullName;
    private Process? _keeper;

    private PostgresServer()
    {
        Port = Ports.Free();
        Run("chmod", "711", _folder);
        Directory.CreateDirectory(Data);
        if (Environment.UserName == "root")
        {
            Run("chown", "postgres", Data);
        }

        Run(Owner("initdb"), "-D", Data, "-U", "memcluster", "-A", "trust", "-E", "UTF8", "--no-sync");
        StartAgain();
    }

    /// <summary>Null, or why there can be no server here.</summary>
    public static string? Missing { get; } = Folder() is null
        ? "PostgreSQL is not installed here (initdb, pg_ctl); on Debian: apt-get install postgresql"
        : Environment.UserName == "root" && !(File.Exists("/usr/sbin/runuser") && File.ReadAllText("/etc/passwd").Contains("\npostgres:", StringComparison.Ordinal))
            ? "PostgreSQL does not run as root, and there is no user postgres here."
            : null;

    /// <summary>The one that all tests share which do not stop it.</summary>
    public static PostgresServer Shared => OfAll.Value;

    public int Port { get; }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A server of one test's own, to be stopped and started.</summary>
    public static PostgresServer Start() => new();

    /// <summary>Makes a database and gives its connection.</summary>
    public string NewDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        Sql("postgres", $"CREATE DATABASE {name}");
        return Connection(name);
    }

    public string Connection(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Database={database};Username=memcluster");

    /// <returns>What psql prints, without decoration.</returns>
    public string Sql(string database, string command) => Run(
        [Tool("psql")], "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "memcluster", "-d", database, "-c", command).Trim();

    /// <summary>Stops it at once, as a machine that goes away: connections are cut.</summary>
    public void Stop() => Run(Owner("pg_ctl"), "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>The same data, on the same port.</summary>
    public void StartAgain()
    {
        Run(Owner("pg_ctl"), "-D", Data, "-w", "-l", Path.Combine(Data, "log"), "-o",
            $"-p {Port} -k {Data} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200", "start");
        _keeper ??= Keep();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _keeper, null) is { } keeper)
        {
            keeper.StandardInput.Close();
            keeper.WaitForExit(10_000);
            keeper.Dispose();
        }
    }

    /// <summary>A shell that waits for its standard input to end, which it does with this process, and then clears up.</summary>
    private Process Keep()
    {
        var stop = string.Join(' ', Owner("pg_ctl"));
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"trap '' INT; cat > /dev/null; {stop} -D {Data} -m immediate stop; rm -rf {_folder}");
        return Process.Start(start)!;
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] Owner(string tool) =>
        Environment.UserName == "root" ? ["/usr/sbin/runuser", "-u", "postgres", "--", Tool(tool)] : [Tool(tool)];

    private static string Tool(string name) => Path.Combine(Folder()!, name);

    private static string? Folder() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
                : [])
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")) && File.Exists(Path.Combine(folder, "psql")));

    private static void Run(string program, params string[] arguments) => Run([program], arguments);

    private static string Run(string[] program, params string[] arguments)
    {
        // Not a pipe: the server inherits it from pg_ctl, and it would never end.
        var said = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = "/" };
            foreach (var argument in (string[])["-c", "out=$1; shift; exec \"$@\" > \"$out\" 2>&1 < /dev/null", "sh", said, .. program, .. arguments])
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            process.WaitForExit();
            var text = File.ReadAllText(said);
            return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{string.Join(' ', program)} {string.Join(' ', arguments)}: {text}");
        }
        finally
        {
            File.Delete(said);
        }
    }
}

/// <summary>A test that needs a PostgreSQL server; skipped, with the reason, where there can be none.</summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}

/// <inheritdoc cref="PostgresFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.Missing;
}
