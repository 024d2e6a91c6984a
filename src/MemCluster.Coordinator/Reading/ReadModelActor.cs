using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Keeps the read model beside the journal: hears every event after its write, commits ten times a second, and only then tells whoever
/// watches, so that what a watcher has heard of can be read. What it missed (a crash, an earlier process) it reads from the journal.
/// </summary>
internal sealed class ReadModelActor : ReceiveActor, IWithTimers
{
    private const int MostUncommitted = 5000;
    private static readonly TimeSpan CommitEvery = TimeSpan.FromMilliseconds(100);

    private readonly ReadModelWriter _model;
    private readonly FeedHub _feed;
    private readonly SqlReadJournal _journal;
    private readonly IMaterializer _materializer = Context.Materializer();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<IMessage> _uncommitted = [];

    /// <summary>Streams being read from the journal; true if live events were passed over meanwhile, so that it must be read once more.</summary>
    private readonly Dictionary<string, bool> _catchingUp = [];
    private readonly List<(IActorRef Asker, object Reply)> _waiting = [];
    private bool _started;

    public ReadModelActor(ReadModelWriter model, FeedHub feed)
    {
        _model = model;
        _feed = feed;
        _journal = PersistenceQuery.Get(Context.System).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);

        Receive<Written>(Take);
        Receive<Batch>(batch =>
        {
            foreach (var written in batch.Events.Where(written => written.Number == _model.PositionOf(written.Stream) + 1))
            {
                Fold(written);
            }

            Commit();
            Sender.Tell(Folded.Instance);
        });
        Receive<Known>(known =>
        {
            _started = true;
            foreach (var sweep in known.Sweeps)
            {
                CatchUp(SweepActor.StreamOf(sweep));
            }

            AnswerWaiting();
        });
        Receive<CaughtUp>(done =>
        {
            if (done.Problem is not null)
            {
                _log.Error("Reading {0} from the journal failed: {1}", done.Stream, done.Problem);
            }

            var again = _catchingUp.Remove(done.Stream, out var missed) && missed;
            if (done.Stream.StartsWith("sweep-", StringComparison.Ordinal))
            {
                // Measures refer to their sweep's row, so they come second.
                CatchUp(MetricsActor.StreamOf(new(done.Stream["sweep-".Length..])));
            }

            if (again)
            {
                CatchUp(done.Stream);
            }

            AnswerWaiting();
        });
        Receive<Flush>(_ =>
        {
            _waiting.Add((Sender, Flushed.Instance));
            AnswerWaiting();
        });
        Receive<Tick>(_ => Commit());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe<Written>(Self);
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, CommitEvery);
        _journal.CurrentEventsByPersistenceId("coordinator", 0, long.MaxValue)
            .Select(envelope => envelope.Event)
            .Collect(happened => happened is CoordinatorEvent.SweepRegistered, happened => ((CoordinatorEvent.SweepRegistered)happened).Sweep)
            .RunWith(Sink.Seq<SweepId>(), _materializer)
            .PipeTo(Self, success: sweeps => new Known(sweeps), failure: problem =>
            {
                _log.Error(problem, "The journal can't be read for the read model");
                return new Known([]);
            });
    }

    protected override void PostStop()
    {
        Commit();
        _model.Dispose();
    }

    private void Take(Written written)
    {
        if (_catchingUp.ContainsKey(written.Stream))
        {
            _catchingUp[written.Stream] = true;
            return;
        }

        var position = _model.PositionOf(written.Stream);
        if (written.Number == position + 1)
        {
            Fold(written);
            if (_model.Uncommitted >= MostUncommitted)
            {
                Commit();
            }
        }
        else if (written.Number > position)
        {
            CatchUp(written.Stream);
        }
    }

    private void Fold(Written written)
    {
        _model.Apply(written);
        _uncommitted.Add(written.Event);
    }

    private void Commit()
    {
        if (_uncommitted.Count == 0)
        {
            return;
        }

        _model.Commit();
        _feed.Tell(_uncommitted);
        _uncommitted.Clear();
    }

    private void CatchUp(string stream)
    {
        if (!_catchingUp.TryAdd(stream, false))
        {
            return;
        }

        var self = Self;
        _journal.CurrentEventsByPersistenceId(stream, _model.PositionOf(stream) + 1, long.MaxValue)
            .Select(envelope => new Written(envelope.PersistenceId, envelope.SequenceNr, (IMessage)envelope.Event))
            .Grouped(1000)
            .SelectAsync(1, events => self.Ask<Folded>(new Batch([.. events])))
            .RunWith(Sink.Ignore<Folded>(), _materializer)
            .PipeTo(Self, success: _ => new CaughtUp(stream, null), failure: problem => new CaughtUp(stream, problem.Message));
    }

    private void AnswerWaiting()
    {
        if (!_started || _catchingUp.Count > 0)
        {
            return;
        }

        Commit();
        foreach (var (asker, reply) in _waiting)
        {
            asker.Tell(reply);
        }

        _waiting.Clear();
    }

    /// <summary>Answered with <see cref="Flushed"/> when everything written before is in the read model.</summary>
    public sealed record Flush : INoSerializationVerificationNeeded;

    public sealed record Flushed : INoSerializationVerificationNeeded
    {
        public static readonly Flushed Instance = new();
    }

    private sealed record Known(IReadOnlyList<SweepId> Sweeps) : INoSerializationVerificationNeeded;

    private sealed record Batch(IReadOnlyList<Written> Events) : INoSerializationVerificationNeeded;

    private sealed record Folded : INoSerializationVerificationNeeded
    {
        public static readonly Folded Instance = new();
    }

    private sealed record CaughtUp(string Stream, string? Problem) : INoSerializationVerificationNeeded;

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
