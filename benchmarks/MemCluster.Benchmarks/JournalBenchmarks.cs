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
/// does (PersistAllAsync), so that writes share transactions. docs/decisions/0003-streams.md rests on this ratio.
/// </summary>
public class JournalBenchmarks
{
    private const int Events = 1000;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"memcluster-benchmark-{Environment.ProcessId}");
    private ActorSystem? _system;
    private int _run;

    [GlobalSetup]
    public void Open()
    {
        Directory.CreateDirectory(_folder);
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
    public Task OneByOne() => Write(ahead: false);

    [Benchmark]
    public Task DecidedAhead() => Write(ahead: true);

    private async Task Write(bool ahead)
    {
        var stream = $"{(ahead ? "ahead" : "one")}-{_run++}";
        var writer = _system!.ActorOf(Props.Create(() => new Writer(stream, ahead)));
        await writer.Ask<Done>(new Begin(Events), TimeSpan.FromMinutes(2));
        await writer.GracefulStop(TimeSpan.FromSeconds(5));
    }

    private sealed record Begin(int Events) : INoSerializationVerificationNeeded;

    private sealed record Done : INoSerializationVerificationNeeded;

    private sealed class Writer : ReceivePersistentActor
    {
        private int _written;

        public Writer(string stream, bool ahead)
        {
            PersistenceId = stream;
            Recover<object>(_ => { });
            Command<Begin>(begin =>
            {
                var asker = Sender;
                for (var number = 0; number < begin.Events; number++)
                {
                    var happened = new SweepEvent.TrialAssigned(new(new("benchmark"), new(1, (ulong)number), 1), number + 1, "local", default);
                    if (ahead)
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
