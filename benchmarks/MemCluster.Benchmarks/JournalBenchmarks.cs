using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using BenchmarkDotNet.Attributes;
using MemCluster.Coordinator;
using MemCluster.Hosting;
using MemCluster.Messages;

namespace MemCluster.Benchmarks;

/// <summary>
/// 1,000 events to the SQLite journal: each written before the next is decided (Persist), or decided ahead of the writes as a sweep's actor
/// does (PersistAllAsync), so that writes share transactions. docs/decisions/0003-streams.md rests on this ratio. And the latter once more with each event
/// linked into its stream's chain, as the journal has them.
/// </summary>
public class JournalBenchmarks
{
    private const int Events = 1000;

    private string _folder = "";
    private ActorSystem? _system;
    private int _run;

    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("memcluster-benchmark").FullName; // Another for each: SQLite keeps connections to what is deleted.
        var file = Path.Combine(_folder, "journal.db");
        SqliteJournal.Prepare(file);
        _system = Node.Create(new NodeOptions
        {
            Profiles = ["coordinator"],
            Overrides = SqliteJournal.ConfigOf(file).WithFallback(ConfigurationFactory.ParseString("akka.loglevel = ERROR")),
            Defaults = SqliteJournal.Defaults,
        });
    }

    [GlobalCleanup]
    public void Close()
    {
        _system!.Terminate().Wait();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public Task OneByOne() => Write(ahead: false, linked: false);

    [Benchmark]
    public Task DecidedAhead() => Write(ahead: true, linked: false);

    [Benchmark]
    public Task DecidedAheadAndLinked() => Write(ahead: true, linked: true);

    private async Task Write(bool ahead, bool linked)
    {
        var stream = $"{(ahead ? "ahead" : "one")}-{_run++}";
        var writer = _system!.ActorOf(Props.Create(() => new Writer(stream, ahead, linked)));
        await writer.Ask<Done>(new Begin(Events), TimeSpan.FromMinutes(2));
        await writer.GracefulStop(TimeSpan.FromSeconds(5));
    }

    private sealed record Begin(int Events) : INoSerializationVerificationNeeded;

    private sealed record Done : INoSerializationVerificationNeeded;

    private sealed class Writer : ReceivePersistentActor
    {
        private int _written;

        public Writer(string stream, bool ahead, bool linked)
        {
            PersistenceId = stream;
            var link = Chain.Begin;
            Recover<object>(_ => { });
            Command<Begin>(begin =>
            {
                var asker = Sender;
                for (var number = 0; number < begin.Events; number++)
                {
                    var happened = new SweepEvent.TrialAssigned(new(new("benchmark"), new(1, (ulong)number), 1), number + 1, "local", default);
                    if (linked)
                    {
                        var entry = JournalEntry.Of(happened, link, stream, number + 1);
                        link = entry.Link;
                        PersistAllAsync([entry], _ => Count(begin.Events, asker));
                    }
                    else if (ahead)
                    {
                        PersistAllAsync([happened], _ => Count(begin.Events, asker));
                    }
                    else
                    {
                        Self.Tell(happened);
                    }
                }

                Become(() => Command<SweepEvent.TrialAssigned>(happened => Persist(happened, _ => Count(begin.Events, asker))));
            });
        }

        public override string PersistenceId { get; }

        private void Count(int all, IActorRef asker)
        {
            if (++_written == all)
            {
                asker.Tell(new Done());
            }
        }
    }
}
