using MemCluster.Coordinator.Http;
using MemCluster.Hosting;
using MemCluster.Operations;
using MemCluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>The coordinator as an executable of its own: starts a node, serves until told to stop.</summary>
public static class CoordinatorProgram
{
    /// <summary>Where trainers look for a coordinator unless told otherwise.</summary>
    public const string DefaultListen = "127.0.0.1:4053";

    public const string DefaultHttp = "127.0.0.1:4080";

    /// <summary>Of Petabridge.Cmd, in builds that have it.</summary>
    public const string DefaultPbm = "127.0.0.1:9110";

    /// <summary>EX_TEMPFAIL of sysexits.h: start me again.</summary>
    private const int Downed = 75;

    private const string Help = $"""
        memcluster-coordinator [--home DIR] [--listen HOST:PORT] [--advertise HOST:PORT] [--http HOST:PORT]
                                [--join HOST:PORT[,HOST:PORT…]] [--journal CONNECTION] [--advertise-http HOST:PORT]
                                [--certificates DIR] [--token-file FILE] [--health HOST:PORT] [--log FILE|stderr] [--log-format text|json] [--verbose]
                                [--otlp URL] [--hocon FILE]

          --home DIR              journal and results (default .memcluster)
          --listen HOST:PORT      address for trainers to join (default {DefaultListen})
          --advertise HOST:PORT   what others dial, where it differs
          --http HOST:PORT        address of the HTTP API (default {DefaultHttp}); beyond loopback with certificates and a token only
          --certificates DIR      ca.crt, node.crt, node.key: only nodes of that CA may join; HTTPS
          --health HOST:PORT      answer /health/live and /health/ready there too, over plain HTTP (default: on the API only)
          --token-file FILE       the API's token, in a file that only you can read; or set {ApiToken.Variable}
          --join HOST:PORT,…      be one of several coordinators: the addresses of all of them, in the same order
                                  everywhere, this one's among them; the first begins the cluster. May be given
                                  again and again. Needs --journal
          --advertise-http H:P    where the others reach the HTTP API, where it differs
          --journal CONNECTION    PostgreSQL database to keep the journal in, for instance
                                  "Host=db;Database=memcluster;Username=memcluster" (default: a SQLite file in the
                                  home). The password goes into PGPASSWORD, into the file that PGPASSFILE names, or
                                  with the whole connection into {JournalArgument.Variable}
          --hocon FILE            Akka's own settings, on top of ours; AKKA__… variables lie on top of it
          --log FILE|stderr       where log lines go (default memcluster.log in the home)
          --log-format text|json  a line for people, or a JSON object (default text)
          --pbm HOST:PORT|off     loopback address of Petabridge.Cmd, in builds that have it (default {DefaultPbm})
          --pbm-write             let it cancel, delete and take nodes out too; it asks for no password
          --specs DIR             where it finds sweep files (default HOME/specs)
          --verbose               log every trial's assignment and end
          --otlp URL              send measurements, spans and log lines to this OpenTelemetry collector
                                  (default: {OtlpOptions.Variable}; else nowhere)
        """;

    public static async Task<int> Run(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(Help);
            return 0;
        }

        try
        {
            var options = new ArgumentList(args);
            var (host, port) = Node.ParseAddress(options.Take("--listen") ?? DefaultListen);
            var home = new Home(options.Take("--home") ?? ".memcluster");
            var node = new NodeOptions { Profiles = ["coordinator"], Host = host, Port = port, Advertise = options.Take("--advertise"), Tuning = Tuning.Read(options.Take("--hocon")) };
            var join = SeedNodes.Parse(options.TakeAll("--join"));
            var advertised = options.Take("--advertise-http");
            var journal = JournalArgument.Of(options.Take("--journal"));
            var (httpHost, httpPort) = Node.ParseAddress(options.Take("--http") ?? DefaultHttp);
            var certificates = options.Take("--certificates") is { } folder ? NodeCertificates.Load(folder) : null;
            var token = ApiToken.Find(options.Take("--token-file"));
            (string Host, int Port)? health = options.Take("--health") is { } probes ? Node.ParseAddress(probes) : null;
            var log = LogOptions.Of(options.Take("--log"), options.Take("--log-format"), options.TakeSwitch("--verbose"), home.LogFile);
            var pbm = PbmOptions.Take(options, home.Folder);
            var otlp = OtlpOptions.Of(options.Take("--otlp"));
            options.RefuseRest();
            RefuseSeveralOnSqlite(join, journal);
            var api = ApiOptions.For(httpHost, httpPort, certificates, token);
            using var telemetry = NodeTelemetry.Open(log, otlp, "memcluster-coordinator", node.Advertise ?? $"{Environment.MachineName}:{port}");
            return await Serve(new CoordinatorOptions
            {
                Home = home,
                Node = (pbm?.On(node) ?? node) with { Join = join, Logs = telemetry.Logs, Certificates = certificates },
                Api = api,
                Health = health,
                ApiAdvertise = advertised,
                Journal = journal,
                Pbm = pbm,
            }).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is UserError or FormatException)
        {
            await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return 2;
        }
    }

    private static void RefuseSeveralOnSqlite(IReadOnlyList<string> join, JournalConnection? journal)
    {
        if (join.Count > 0 && journal is null)
        {
            throw new UserError(
                "--join: several coordinators must share a journal, and a SQLite file belongs to one host. Name a PostgreSQL database with --journal or "
                + $"{JournalArgument.Variable}; or leave --join out: a coordinator alone finds its trainers again by itself.");
        }
    }

    /// <summary>Serves until SIGINT or SIGTERM.</summary>
    /// <returns>0 after SIGTERM, 130 after Ctrl-C, 75 when the cluster downed this node.</returns>
    /// <exception cref="UserError">The node can't be started.</exception>
    public static async Task<int> Serve(CoordinatorOptions options)
    {
        using var stop = new StopSignals();
        CoordinatorNode? started = null;
        await using var health = options.Health is { } at
            ? HealthDoor.Open(at.Host, at.Port, async cancel => new(null, started is null ? "it is joining the cluster" : await started.NotReady(cancel).ConfigureAwait(false)))
            : null;
        CoordinatorNode begun;
        try
        {
            begun = await CoordinatorNode.Start(options, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            Console.WriteLine("Stopped before it was in the cluster.");
            return await stop.ExitCode().ConfigureAwait(false);
        }

        await using var node = begun;
        started = node;
        Console.WriteLine($"Coordinator at {node.Address}, API at {node.ApiUrl}, home {node.Home.Folder}");
        Console.WriteLine($"Add trainers with: memcluster trainer --join {node.Address}");
#if PETABRIDGE_CMD
        if (options.Pbm is { } pbm)
        {
            Pbm.PbmDoor.Open(node.System, node.Operator, pbm);
            Console.WriteLine($"Petabridge.Cmd at 127.0.0.1:{pbm.Port}, {(pbm.Write ? "which may do everything" : "which may not cancel, delete or take nodes out; --pbm-write lets it")}");
        }
#endif
        if (await Task.WhenAny(stop.Signal, node.System.WhenTerminated).ConfigureAwait(false) == node.System.WhenTerminated)
        {
            options.Node.Logs.CreateLogger<CoordinatorNode>().Downed();
            await Console.Error.WriteLineAsync("The cluster took this node for lost and goes on without it. Start it again; a service manager does.").ConfigureAwait(false);
            return Downed;
        }

        return await stop.ExitCode().ConfigureAwait(false);
    }
}
