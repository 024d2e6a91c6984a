using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Keeps the read model beside the journal: hears every event after its write, commits ten times a second, and only then tells whoever
/// watches, so that what a watcher has heard of can be read. What it missed (a crash, an earlier process) it reads from the journal; beside a
/// coordinator on another host, it looks there every few seconds.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "An actor's end is PostStop; there the model is disposed of.")]
internal sealed partial class ReadModelActor : ReceiveActor, IWithTimers
{
    private const int MostUncommitted = 5000;
    private static readonly TimeSpan CommitEvery = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ReadModelWriter _model;
    private readonly string _file;
    private readonly FileIdentity? _opened;
    private readonly FeedHub _feed;
    private readonly SqlReadJournal _journal;
    private readonly IActorRef _self = Context.Self; // Streams run outside of the actor.
    private readonly IMaterializer _materializer = Context.Materializer();
    private readonly ILogger _log = Context.System.LogOf<ReadModelActor>();
    private readonly List<IMessage> _uncommitted = [];

    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>How many sweeps of a name were deleted: only the streams of the next one count.</summary>
    private readonly Dictionary<SweepId, int> _forgotten = [];

    /// <summary>Sweeps that were over, and read to their end, when last looked at: following, they need not be looked at again.</summary>
    private readonly HashSet<SweepId> _over = [];

    /// <summary>Sweeps with an event that can't be read, now or later: they hold up nobody.</summary>
    private readonly HashSet<SweepId> _aside = [];
    private readonly TimeSpan? _follow;
    private Known _known = Known.Nothing;
    private RowsWait<IActorRef> _wait = RowsWait.Nothing<IActorRef>();
    private bool _finding;
    private bool _findAgain;
    private bool _told;

    public ReadModelActor(string file, FeedHub feed, TimeSpan? follow)
    {
        _journal = PersistenceQuery.Get(Context.System).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
        _follow = follow;
        _model = new(file);
        (_file, _opened) = (file, FileIdentity.Of(file));
        _feed = feed;

        Receive<Written>(written =>
        {
            _told = true;
            Take(written);
        });
        Receive<Batch>(batch =>
        {
            foreach (var written in batch.Events.Where(written => IsOfNow(written) && written.Number == _model.PositionOf(written.Stream) + 1))
            {
                Fold(written);
            }

            Commit();
            _wait = _wait.Folded(batch.Events.Count);
            Sender.Tell(Folded.Instance);
        });
        Receive<FindSweeps>(_ => Find());
        Receive<Known>(Take);
        Receive<Look>(_ =>
        {
            _wait = _wait.Looks();
            _findAgain = _finding;
            _over.Clear();
            _aside.Clear();
            Find();
        });
        Receive<Follow>(_ =>
        {
            // Where the coordinator is, every event is told; elsewhere none is.
            if (!_told)
            {
                Find();
            }

            _told = false;
        });
        Receive<CaughtUp>(done =>
        {
            (_wait, var again) = _wait.CaughtUp(done.Sweep);
            if (again)
            {
                CatchUp(done.Sweep);
            }
            else
            {
                Commit();
                _model.SetAside(done.Sweep, null);
            }

            AnswerWaiting();
        });
        Receive<CantBeRead>(problem =>
        {
            _wait = _wait.SetAside(problem.Sweep);
            _aside.Add(problem.Sweep);
            _log.SetAside(problem.Sweep, problem.Why);
            Commit();
            _model.SetAside(problem.Sweep, problem.Why);
            AnswerWaiting();
        });
        Receive<Unreadable>(problem =>
        {
            // Nobody is told that all is read while it is not.
            _finding &= problem.Again is not FindSweeps;
            _wait = _wait.Failed($"{problem.What} can't be read: {problem.Why}");
            _log.NotRead(problem.What, problem.Why);
            Timers.StartSingleTimer(problem.What, problem.Again, TryAgainAfter);
        });
        Receive<ReadAgain>(again => Read(again.Sweep));
        Receive<Flush>(_ =>
        {
            BeginAnewIfTakenAway();
            _wait = _wait.Asked(Sender, Now);
            AnswerWaiting();
        });
        Receive<Tick>(_ =>
        {
            BeginAnewIfTakenAway();
            Commit();
            AnswerWaiting();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>
    /// After a failure (the disk is full, say) it begins again from what is committed, with a file opened anew, later and later until it goes well.
    /// </summary>
    /// <param name="follow">How often to look for what another coordinator wrote; null where there can be no other.</param>
    public static Props PropsOf(string file, FeedHub feed, TimeSpan? follow = null)
    {
        using (new ReadModelWriter(file))
        {
            // A file that can't be opened is told to whoever starts the node, not found out by the actor.
        }

        // Also when it could not even be made (on a busy machine the journal's plug-in may not answer in time), which by default would end it for good.
        return BackoffSupervisor.Props(Backoff.OnFailure(
            Props.Create(() => new ReadModelActor(file, feed, follow)).WithDispatcher("memcluster.read-model-dispatcher"), "it",
            TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), 0.2, -1)
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Restart)));
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe<Written>(Self);
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, CommitEvery);
        if (_follow is { } every)
        {
            Timers.StartPeriodicTimer(nameof(Follow), Follow.Instance, every);
        }

        Find();
    }

    protected override void PostStop()
    {
        if (_model.IsWhole)
        {
            Commit();
        }

        _model.Dispose();
    }

    /// <summary>Rows may be deleted at any time; SQLite would go on writing where nobody reads.</summary>
    private void BeginAnewIfTakenAway()
    {
        if (FileIdentity.IsGone(_opened, FileIdentity.Of(_file)))
        {
            _log.RowsLost(_file);
            throw new IOException($"{_file} is another file now, or none.");
        }
    }

    private void Find()
    {
        if (_finding)
        {
            return;
        }

        _finding = true;
        var known = _known;
        _journal.CurrentEventsByPersistenceId("coordinator", known.Position + 1, long.MaxValue)
            .RunWith(Sink.Seq<EventEnvelope>(), _materializer)
            .PipeTo(
                Self,
                success: known.With,
                failure: problem => new Unreadable("the list of sweeps", problem.Message, new FindSweeps()));
    }

    private void Take(Known known)
    {
        _finding = false;
        _known = known;
        if (_findAgain)
        {
            _findAgain = false;
            Find();
            return;
        }

        foreach (var (sweep, count) in known.Forgotten)
        {
            Forget(sweep, count);
        }

        _over.IntersectWith(known.Ended);
        foreach (var sweep in known.Sweeps.Where(sweep => !_over.Contains(sweep) && !_aside.Contains(sweep)))
        {
            CatchUp(sweep, missed: !_wait.Listed); // Begun before this look, it may have passed what is looked for.
        }

        _over.UnionWith(known.Ended);
        _wait = _wait.Found();
        AnswerWaiting();
    }

    private void Take(Written written)
    {
        if (written.Event is CoordinatorEvent.SweepForgotten forgotten)
        {
            Forget(forgotten.Sweep, _forgotten.GetValueOrDefault(forgotten.Sweep) + 1);
            return;
        }

        var sweep = FeedHub.SweepOf(written.Event);
        if (!IsOfNow(written) || _aside.Contains(sweep))
        {
            return;
        }

        if (_wait.Reading.ContainsKey(sweep))
        {
            CatchUp(sweep, missed: true);
            return;
        }

        var position = _model.PositionOf(written.Stream);
        if (written.Number > position + 1 || (written.Event is TrialMeasured or TrialFound && _model.PositionOf(Streams.Control(sweep, _forgotten.GetValueOrDefault(sweep))) == 0))
        {
            CatchUp(sweep);
        }
        else if (written.Number == position + 1)
        {
            Fold(written);
            if (_model.Uncommitted >= MostUncommitted)
            {
                Commit();
            }
        }
    }

    /// <summary>A deleted sweep's last events may still be on their way when the next one of its name has begun.</summary>
    private bool IsOfNow(Written written)
    {
        var sweep = FeedHub.SweepOf(written.Event);
        var earlier = _forgotten.GetValueOrDefault(sweep);
        return written.Stream == Streams.Control(sweep, earlier) || written.Stream == Streams.Metrics(sweep, earlier);
    }

    /// <param name="count">How many of that name are deleted by now; the same news may come by two ways.</param>
    private void Forget(SweepId sweep, int count)
    {
        if (count > _forgotten.GetValueOrDefault(sweep))
        {
            _forgotten[sweep] = count;
            _aside.Remove(sweep);
            Commit();
            _model.Forget(sweep, Streams.Control(sweep, count));
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

    private void CatchUp(SweepId sweep, bool missed = false)
    {
        (_wait, var begins) = _wait.Reads(sweep, missed);
        if (begins)
        {
            Read(sweep);
        }
    }

    private void Read(SweepId sweep)
    {
        // Measures refer to their sweep's row, so they come second: begun only when the first stream is read to its end.
        var earlier = _forgotten.GetValueOrDefault(sweep);
        string[] streams = [Streams.Control(sweep, earlier), Streams.Metrics(sweep, earlier)];
        Source.From(streams.Select(stream => (stream, position: _model.PositionOf(stream))).ToArray())
            .ConcatMany(from => Missing(from.stream, from.position))
            .RunWith(Sink.Ignore<Folded>(), _materializer)
            .PipeTo(
                Self,
                success: _ => new CaughtUp(sweep),
                failure: problem => Events.Undecodable(problem) is { } why
                    ? new CantBeRead(sweep, why)
                    : new Unreadable(sweep.Name, problem.Message, new ReadAgain(sweep)));
    }

    private Source<Folded, NotUsed> Missing(string stream, long position)
    {
        return _journal.CurrentEventsByPersistenceId(stream, position + 1, long.MaxValue)
            .Select(envelope => new Written(envelope.PersistenceId, envelope.SequenceNr, (IMessage)envelope.Event))
            .Grouped(1000)
            .SelectAsync(1, events => _self.Ask<Folded>(new Batch([.. events])));
    }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    private void AnswerWaiting()
    {
        if (_wait.Waiting.IsEmpty)
        {
            return;
        }

        if (_wait.IsWhole)
        {
            Commit();
        }

        (_wait, var answered, var how) = _wait.Answers(Now);
        foreach (var asker in answered)
        {
            asker.Tell(new Flushed(how));
        }
    }
}
