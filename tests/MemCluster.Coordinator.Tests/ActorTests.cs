using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Tests;
using MemCluster.Tests.Postgres;

namespace MemCluster.Coordinator.Tests;

/// <summary>
/// Actors of one test in a system of their own, set up as a real node is but for the network.
/// </summary>
public abstract class ActorTests : TestKit
{
    protected static readonly SweepId Sweep = new("s");

    private readonly TemporaryHome _home;

    private protected ActorTests(string journal)
        : this(journal, new TemporaryHome(), new CollectedLogs())
    {
    }

    private ActorTests(string journal, TemporaryHome home, CollectedLogs logs)
        : base(Create(journal, home.Home, logs)) => (_home, Logs) = (home, logs);

    /// <summary>A journal that can fail, a SQLite file, or a PostgreSQL database.</summary>
    protected const string InMemory = "memory";
    protected const string Sqlite = "sqlite";
    protected const string Postgres = "postgres";

    private protected HandClock Clock { get; } = new();

    private protected Home Home => _home.Home;

    /// <summary>All that was said in the log.</summary>
    private protected CollectedLogs Logs { get; }

    /// <summary>A sweep of so many trials that only wait, for no time at all.</summary>
    protected static SweepSpec Sleeps(int trials, string name = "s", int epochs = 3) =>
        SpecFile.FromCanonical($"sweep: {name}\nnetwork: {{ kind: sleep, seconds: 0 }}\ntraining: {{ epochs: {epochs} }}\nseeds: {trials}\n");

    /// <summary>A sweep that trains.</summary>
    protected static SweepSpec Trains(int trials, string name = "t") =>
        SpecFile.FromCanonical($"sweep: {name}\ndata: {{ name: glyphs, train: 100, validation: 100 }}\nseeds: {trials}\n");

    /// <summary>From here on the in-memory journal does this; done when it knows.</summary>
    private protected void Behave(TestJournal.Mode mode, string streams = "")
    {
        var probe = CreateTestProbe();
        Persistence.Instance.Apply(Sys).JournalFor(null).Tell(new TestJournal.Behave(mode, streams), probe);
        probe.ExpectMsg<TestJournal.Behave>();
    }

    /// <summary>Ends an actor as a crash would, without a word to it.</summary>
    protected void Kill(IActorRef actor)
    {
        var probe = CreateTestProbe();
        probe.Watch(actor);
        Sys.Stop(actor);
        probe.ExpectTerminated(actor);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        if (Environment.GetEnvironmentVariable("MEMCLUSTER_TEST_LOG") is { } log)
        {
            File.AppendAllLines(log, Logs.Lines.Select(line => line.ToString()));
        }

        _home.Dispose();
    }

    private static ActorSystem Create(string journal, Home home, CollectedLogs logs)
    {
        var options = ConfigurationFactory.ParseString("""
            akka.actor.provider = local
            akka.test.single-expect-default = 10s
            akka.loglevel = WARNING
            """);
        var place = journal switch
        {
            Sqlite => JournalPlace.Of(home, null),
            Postgres => JournalPlace.Of(home, JournalArgument.Parse(PostgresServer.Shared.NewDatabase(), null)),
            _ => null,
        };
        place?.Prepare(CancellationToken.None).GetAwaiter().GetResult();
        options = place is not null
            ? options.WithFallback(place.Config)
            : options.WithFallback(ConfigurationFactory.ParseString($$"""
                akka.persistence.journal.plugin = "akka.persistence.journal.test"
                akka.persistence.journal.test {
                  class = "{{typeof(TestJournal).AssemblyQualifiedName}}"
                  plugin-dispatcher = "akka.actor.default-dispatcher"
                }
                akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
                """));
        return Node.Create(new NodeOptions
        {
            Profiles = ["coordinator", .. place?.Profiles ?? []],
            Logs = logs.Factory,
            Overrides = options,
            Setups = place?.Setups ?? [],
            Defaults = SqliteJournal.Defaults.WithFallback(TestKitBase.DefaultConfig),
        });
    }
}
