using Akka.Actor;
using MemCluster.Coordinator.Http;
using MemCluster.Coordinator.Reading;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>
/// A running node that hosts the coordinator: the home's lock, the journal, the actors and the API, started and stopped in order. A one-machine
/// run and a coordinator of a cluster, at work or a stand-in, are started by the same steps.
/// </summary>
public sealed class CoordinatorNode : IAsyncDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <summary>Of a coordinator that can't begin, too, rows can be asked.</summary>
    private static readonly TimeSpan ServeAtLast = TimeSpan.FromSeconds(2);

    private readonly HomeLock _lock;
    private readonly IActorRef _readModel;
    private readonly CoordinatorOperator _operator;
    private readonly Task<Api> _api;
    private readonly CancellationTokenSource _ending;
    private readonly StandIn? _standIn;
    private readonly JournalWatch? _watch;
    private readonly RowsTrust _trust;

    private CoordinatorNode(
        Home home, HomeLock held, ActorSystem system, IActorRef proxy, IActorRef readModel, CoordinatorOperator answers, FeedHub feed, Task<Api> api,
        CancellationTokenSource ending, StandIn? standIn, JournalWatch? watch, Task<string> broken, RowsTrust trust)
    {
        (Home, _lock, System, Proxy, _readModel, _operator, Feed) = (home, held, system, proxy, readModel, answers, feed);
        (_api, _ending, _standIn, _watch, _trust) = (api, ending, standIn, watch, trust);
        JournalLost = watch is null ? broken : Task.WhenAny(watch.Lost, broken).Unwrap();
    }

    public Home Home { get; }

    public ActorSystem System { get; }

    /// <summary>The coordinator, wherever it lives.</summary>
    public IActorRef Proxy { get; }

    public IOperator Operator => _operator;

    public ISweepFeed Feed { get; }

    /// <summary><c>HOST:PORT</c> that trainers join.</summary>
    public string Address => Node.AddressOf(System);

    /// <summary>
    /// The HTTP API as people call it; elsewhere by the name by which the cluster knows this node. With <see cref="CoordinatorOptions.ApiFollows"/> waits for it.
    /// </summary>
    public string ApiUrl => _api.GetAwaiter().GetResult().UrlFor(Address[..Address.LastIndexOf(':')]);

    /// <summary>Done when the journal's file is not there any more, or does not say which sweeps there are, with the sentence for it: the node must be ended.</summary>
    public Task<string> JournalLost { get; }

    /// <exception cref="UserError">The home is another process's, or can't be used; the address is taken; nobody answers at the address to join.</exception>
    public static async Task<CoordinatorNode> Start(CoordinatorOptions options, CancellationToken stop)
    {
        var home = options.Home;
        var journal = JournalPlace.Of(home, options.Journal);
        if (journal.IsShared)
        {
            await journal.Prepare(stop).ConfigureAwait(false); // A database that can't be used is found out before anything is written in the home.
        }

        var held = HomeLock.Take(home);
        ActorSystem? system = null;
        Task<Api>? serving = null;
        var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        StandIn? standIn = null;
        JournalWatch? watch = null;
        try
        {
            var isNew = !journal.IsShared && await journal.Version(stop).ConfigureAwait(false) is null;
            if (isNew && !ReadModelOrigin.IsElsewhere(home) && RowsOfJournal.Sweeps(home) > 0)
            {
                throw new UserError(HomeAccess.JournalGone(home));
            }

            if (!journal.IsShared)
            {
                await journal.Prepare(stop).ConfigureAwait(false);
                FileSeal.Open(home.JournalFile);
                watch = new(home, FileIdentity.Of, options.Node.Logs.CreateLogger<CoordinatorNode>(), TimeProvider.System);
            }

            ReadModelOrigin.Settle(home, await journal.Identity(stop).ConfigureAwait(false), isNew);
            var node = options.Node with
            {
                // On SQLite whoever holds the home's lock knows that the one before is dead, and is the only member: there is nobody to ask.
                LastMembers = journal.IsShared ? MemberBook.Read(home) : [],
                Profiles = [.. options.Node.Profiles, .. journal.Profiles],
                Overrides = options.Node.Overrides.WithFallback(journal.Config),
                Setups = [.. options.Node.Setups, .. journal.Setups],
                Defaults = SqliteJournal.Defaults,
            };
            system = Create(node);
            RefuseMemoryJournal(system);
            system.ActorOf(Props.Create(() => new WarmUp()), "warm-up");
            var feed = new FeedHub();
            var trust = RowsTrust.AsTheyAre();
            var readModel = system.ActorOf(ReadModelActor.PropsOf(home.ReadFile, feed, trust, journal.IsShared ? StandIn.FollowEvery : null), "read-model");

            // The API comes first: rows can be read while the cluster is still being joined.
            var proxy = Node.CoordinatorProxy(system);
            var answers = new CoordinatorOperator(new ReadModelReader(home.ReadFile), proxy, readModel, feed, home.ResultsOf, () => JournalTrouble.Of(system).Sentence);
            var scores = new ScoreReader(new ReadModelReader(home.ReadFile), answers.Flush);
            var wanted = new WantedReader(new ReadModelReader(home.ReadFile), answers.Flush);
            var standing = new Standing();
            standIn = journal is PostgresJournal shared ? new(standing, shared, Node.AddressOf(system), proxy, answers, options.Api.Certificates) : null;
            var door = options.Api with { Ready = cancel => Readiness.Of(system, proxy, cancel) };
            var self = Node.AddressOf(system);
            var follows = options.ApiFollows && !journal.IsShared;
            serving = Serve(follows ? standing.Beginning : Task.CompletedTask);

            // A node that is its own cluster need not tell others of an API that could not start, and does not wait for it.
            async Task<T> Proved<T>(Func<Task<T>> find)
            {
                await trust.Prove(home.ReadFile, ending.Token).ConfigureAwait(false);
                return await find().ConfigureAwait(false);
            }

            Task Join() => Joining.Join(system, node, journal, options.JoinWithin, stop);
            await Task.WhenAll(follows ? Task.CompletedTask : serving, journal.IsShared ? Task.CompletedTask : Join()).ConfigureAwait(false);
            var broken = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            var settings = new CoordinatorSettings(self, options.Lease)
            {
                // It is for the other coordinators.
                Api = journal.IsShared ? (await serving.ConfigureAwait(false)).UrlFor(Node.ParseAddress(self).Host, options.ApiAdvertise) : "",
                Standing = standing,
                Clock = options.Clock,
                Only = options.OnlyWhatIsAsked ? new() : null,
                Scores = (grid, place) => Proved(() => scores.Find(grid, place)), // What is trained on follows from the rows, and what is trained.
                Wanted = (grid, results) => Proved(() => wanted.Find(grid, results)),
                Replaced = () => CoordinatorSingleton.GiveWay(system),
                Broken = why => broken.TrySetResult(StreamTrouble.OfCoordinator(why)),
            };
            if (journal.IsShared)
            {
                await Join().ConfigureAwait(false);
                system.ActorOf(Props.Create(() => new MemberBook(home)), "member-book");
            }

            CoordinatorSingleton.Start(system, settings);

            async Task<Api> Serve(Task first)
            {
                await Task.WhenAny(first, Task.Delay(ServeAtLast, ending.Token)).ConfigureAwait(false);
                var pass = standIn is null ? (Func<HttpContext, RequestDelegate, Task>?)null : standIn.Pass;
                var api = await Task.Run(() => Api.Start(answers, home.Folder, door, ending.Token, pass, node.Logs), ending.Token).ConfigureAwait(false);
                held.Announce(new(Environment.ProcessId, api.Announced, self, options.Api.Certificates?.Fingerprint));
                return api;
            }

            return new(home, held, system, proxy, readModel, answers, feed, serving, ending, standIn, watch, broken.Task, trust);
        }
        catch (Exception problem)
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await EndOf(serving).ConfigureAwait(false);

            if (standIn is not null)
            {
                await standIn.DisposeAsync().ConfigureAwait(false);
            }

            if (system is not null)
            {
                await system.Terminate().ConfigureAwait(false);
            }

            if (watch is not null)
            {
                await watch.DisposeAsync().ConfigureAwait(false);
            }

            held.Dispose();
            ending.Dispose();
            throw problem is TimeoutException or FormatException ? new UserError(problem.Message) : problem;
        }
    }

    /// <summary>For probes.</summary>
    /// <returns>Null, or why this node can't do its work, as half a sentence.</returns>
    public Task<string?> NotReady(CancellationToken cancel) => Readiness.Of(System, Proxy, cancel);

    /// <summary>Whether the coordinator has just failed and waits to be started again; one that reads its journal says nothing, and is not failing.</summary>
    public async Task<bool> IsFailing(CancellationToken cancel)
    {
        try
        {
            return await Proxy.Ask<object>(AskWhereabouts.Instance, AnswerWithin, cancel).ConfigureAwait(false) is CoordinatorBusy;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    /// <summary>Looks whether the journal is still there. To be asked before anything is reported as done.</summary>
    /// <returns>Null, or the sentence of <see cref="JournalLost"/>.</returns>
    public string? JournalProblem() => _watch?.Look();

    /// <summary>Writes the results folder of a sweep from what is in the journal by now.</summary>
    /// <param name="atOnce">The process ends: nothing is made anew for it. Without the journal, what rows there are will do.</param>
    /// <returns>The files' paths; none if there is no such sweep, or its rows were left by a crash and are to be had at once.</returns>
    /// <exception cref="UserError">The home was deleted.</exception>
    public async Task<IReadOnlyList<string>> WriteResults(SweepId sweep, bool atOnce, CancellationToken cancel)
    {
        if (!Directory.Exists(Home.Folder))
        {
            throw new UserError($"The home {Home.Folder} is gone: nothing is written to it."); // Its rows would be waited for in vain.
        }

        if (JournalProblem() is null)
        {
            if (atOnce && !_trust.AreProved)
            {
                return [];
            }

            await _trust.Prove(Home.ReadFile, cancel).ConfigureAwait(false);
        }

        await _operator.Flush(cancel).ConfigureAwait(false);
        return await ResultsFolder.Write(Home.ResultsOf(sweep), _operator, sweep, cancel).ConfigureAwait(false);
    }

    /// <summary>Closes the rows, so that the next process may believe them; nothing is answered from them any more.</summary>
    public Task CloseRows() => _readModel.GracefulStop(TimeSpan.FromSeconds(2));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await EndOf(_api).ConfigureAwait(false);
        if (_standIn is not null)
        {
            await _standIn.DisposeAsync().ConfigureAwait(false);
        }

        await CloseRows().ConfigureAwait(false);
        await System.Terminate().ConfigureAwait(false);
        if (_watch is not null)
        {
            await _watch.DisposeAsync().ConfigureAwait(false);
        }

        if (_watch is not null && JournalProblem() is null)
        {
            SqliteJournal.Settle(Home.JournalFile);
            FileSeal.Close(Home.JournalFile);
        }

        _lock.Dispose();
        _ending.Dispose();
    }

    private static async Task EndOf(Task<Api>? serving)
    {
        await ((Task?)serving ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (serving is { IsCompletedSuccessfully: true })
        {
            await (await serving.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }

    private static ActorSystem Create(NodeOptions node)
    {
        try
        {
            return Node.Create(node);
        }
        catch (Exception problem) when (problem is not FormatException)
        {
            throw new UserError($"No node could be started on {node.Host}:{node.Port}: {Innermost(problem)}. Is the port taken? Name another with --listen.");
        }
    }

    /// <summary>Akka's own default keeps events in memory: every promise of ours would be void, and nothing would say so.</summary>
    private static void RefuseMemoryJournal(ActorSystem system)
    {
        foreach (var part in (string[])["journal", "snapshot-store"])
        {
            var plugin = system.Settings.Config.GetString($"akka.persistence.{part}.plugin", "");
            if (plugin != $"akka.persistence.{part}.sql")
            {
                throw new UserError($"akka.persistence.{part}.plugin is '{plugin}', which does not last; it must be akka.persistence.{part}.sql.");
            }
        }
    }

    private static string Innermost(Exception problem) => problem.InnerException is { } inner ? Innermost(inner) : problem.Message;
}
