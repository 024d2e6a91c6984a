using MemCluster.Coordinator.Http;
using MemCluster.Hosting;
using MemCluster.Operations;
using MemCluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>The coordinator as a process: starts a node, serves until told to stop.</summary>
public static class CoordinatorProgram
{
    /// <summary>EX_TEMPFAIL of sysexits.h: start me again.</summary>
    private const int Downed = 75;

    private const int Wrong = 2;

    /// <param name="args">As an executable of its own gets them.</param>
    /// <returns>The exit code; 2 if the arguments are wrong.</returns>
    public static Task<int> Run(string[] args) => NodeCommand.Run(NodeVerb.Coordinator, args, Run);

    /// <returns>The exit code; 2 if it can't be started so, and a sentence says why.</returns>
    public static async Task<int> Run(NodeValues said)
    {
        try
        {
            var home = new Home(said.Of(NodeArguments.Home));
            var node = said.Node(["coordinator"], NodeArguments.CoordinatorListen) with { Join = said.Of(NodeArguments.Peers) };
            var (http, health) = (said.Of(NodeArguments.Http), said.Of(NodeArguments.Health));
            var journal = JournalArgument.Of(said.Of(NodeArguments.Journal));
            var pbm = PbmOptions.Of(said, home.Folder);
            RefuseSeveralOnSqlite(node.Join, journal);
            var api = ApiOptions.For(http.Host, http.Port, node.Certificates, ApiToken.Find(said.Of(NodeArguments.TokenFile)));
            using var telemetry = NodeTelemetry.Open(
                said.Log(NodeArguments.HomeLog, home.LogFile), said.Otlp(), "memcluster-coordinator", node.Advertise ?? $"{Environment.MachineName}:{node.Port}");
            return await Serve(new CoordinatorOptions
            {
                Home = home,
                Node = (pbm?.On(node) ?? node) with { Logs = telemetry.Logs },
                Api = api,
                Health = health is { } at ? (at.Host, at.Port) : null,
                ApiAdvertise = said.Of(NodeArguments.AdvertiseHttp),
                Journal = journal,
                Pbm = pbm,
                Clock = NodeClock.Here(),
            }).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is UserError or FormatException)
        {
            await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return Wrong;
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
    /// <returns>0 after SIGTERM, 130 after Ctrl-C, 75 when the cluster downed this node, 2 when the journal's file was taken away.</returns>
    /// <exception cref="UserError">The node can't be started.</exception>
    public static async Task<int> Serve(CoordinatorOptions options)
    {
        using var stop = new StopSignals();
        CoordinatorNode? started = null;
        var ready = new Health(async cancel => started is null ? "it is joining the cluster" : await started.NotReady(cancel).ConfigureAwait(false), TimeProvider.System);
        await using var health = options.Health is { } at
            ? HealthDoor.Open(at.Host, at.Port, _ => Task.FromResult<string?>(null), cancel => ready.Look().WaitAsync(cancel))
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
        var ended = await Task.WhenAny(stop.Signal, node.System.WhenTerminated, node.JournalLost).ConfigureAwait(false);
        if (ended == node.JournalLost)
        {
            await Console.Error.WriteLineAsync(await node.JournalLost.ConfigureAwait(false)).ConfigureAwait(false);
            return Wrong;
        }

        if (ended == node.System.WhenTerminated)
        {
            options.Node.Logs.CreateLogger<CoordinatorNode>().Downed();
            await Console.Error.WriteLineAsync("The cluster took this node for lost and goes on without it. Start it again; a service manager does.").ConfigureAwait(false);
            return Downed;
        }

        return await stop.ExitCode().ConfigureAwait(false);
    }
}
