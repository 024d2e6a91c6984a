using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Akka.Streams;
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
[SuppressMessage("Design", "CA1001", Justification = "An actor's end is PostStop; there the rows are disposed of.")]
internal sealed class ReadModelActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan CommitEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private readonly RowsTold _rows;
    private readonly JournalReader _journal;
    private readonly SweepsLook _look = new();
    private readonly string _file;
    private readonly FileIdentity? _opened;
    private readonly ILogger _log = Context.System.LogOf<ReadModelActor>();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly TimeSpan? _follow;
    private RowsWait<IActorRef> _wait = RowsWait.Nothing<IActorRef>();
    private bool _told;

    public ReadModelActor(string file, FeedHub feed, RowsTrust trust, TimeSpan? follow)
    {
        _journal = new(Context.System, Context.Materializer(), Self);
        _follow = follow;
        _rows = new(file, feed, trust);
        (_file, _opened) = (file, FileIdentity.Of(file));

        Receive<Written>(written =>
        {
            _told = true;
            Take(written);
        });
        Receive<JournalReader.Batch>(batch =>
        {
            foreach (var written in batch.Events.Where(_rows.IsOfNow))
            {
                _rows.Fold(written);
            }

            _rows.Commit();
            _wait = _wait.Folded(batch.Events.Count);
            Sender.Tell(JournalReader.Folded.Instance);
        });
        Receive<JournalReader.FindSweeps>(_ => Find());
        Receive<KnownSweeps>(Take);
        Receive<LookAgain>(_ =>
        {
            _wait = _wait.Looks();
            _look.Anew();
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
        Receive<JournalReader.CaughtUp>(done =>
        {
            (_wait, var again) = _wait.CaughtUp(done.Sweep);
            if (again)
            {
                CatchUp(done.Sweep);
            }
            else
            {
                _rows.SetAside(done.Sweep, null);
            }

            AnswerWaiting();
        });
        Receive<JournalReader.CantBeRead>(problem =>
        {
            _wait = _wait.SetAside(problem.Sweep);
            _look.SetAside(problem.Sweep);
            _log.SetAside(problem.Sweep, problem.Why);
            _rows.SetAside(problem.Sweep, problem.Why);
            AnswerWaiting();
        });
        Receive<JournalReader.OtherJournal>(other =>
        {
            _log.RowsNotOfThisJournal(other.Why);
            _rows.Empty();
            throw new InvalidDataException(other.Why); // And begin anew.
        });
        Receive<JournalReader.Unreadable>(problem =>
        {
            // Nobody is told that all is read while it is not.
            if (problem.Again is JournalReader.FindSweeps)
            {
                _look.Failed();
            }

            _wait = _wait.Failed($"{problem.What} can't be read: {problem.Why}");
            _log.NotRead(problem.What, problem.Why);
            Timers.StartSingleTimer(problem.What, problem.Again, TryAgainAfter);
        });
        Receive<JournalReader.ReadAgain>(again => Read(again.Sweep));
        Receive<FlushRows>(_ =>
        {
            BeginAnewIfTakenAway();
            _wait = _wait.Asked(Sender, Now);
            AnswerWaiting();
        });
        Receive<Tick>(_ =>
        {
            BeginAnewIfTakenAway();
            _rows.Commit();
            AnswerWaiting();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>
    /// After a failure (the disk is full, say) it begins again from what is committed, with a file opened anew, later and later until it goes well.
    /// </summary>
    /// <param name="follow">How often to look for what another coordinator wrote; null where there can be no other.</param>
    public static Props PropsOf(string file, FeedHub feed, RowsTrust trust, TimeSpan? follow = null)
    {
        trust.Open(file);
        using (new ReadModelWriter(file))
        {
            // A file that can't be opened is told to whoever starts the node, not found out by the actor.
        }

        // Also when it could not even be made (on a busy machine the journal's plug-in may not answer in time), which by default would end it for good.
        return BackoffSupervisor.Props(Backoff.OnFailure(
            Props.Create(() => new ReadModelActor(file, feed, trust, follow)).WithDispatcher("memcluster.read-model-dispatcher"), "it",
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

    protected override void PostStop() => _rows.Dispose();

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
        if (_look.Begins())
        {
            _journal.Find(_look.Known);
        }
    }

    private void Take(KnownSweeps known)
    {
        if (!_look.Found(known))
        {
            Find();
            return;
        }

        foreach (var (sweep, count) in known.Forgotten)
        {
            Forget(sweep, count);
        }

        foreach (var sweep in _look.Due())
        {
            CatchUp(sweep, missed: !_wait.Listed); // Begun before this look, it may have passed what is looked for.
        }

        _wait = _wait.Found();
        AnswerWaiting();
    }

    private void Take(Written written)
    {
        if (written.Event is CoordinatorEvent.SweepForgotten forgotten)
        {
            Forget(forgotten.Sweep, _rows.ForgottenOf(forgotten.Sweep) + 1);
            return;
        }

        var sweep = FeedHub.SweepOf(written.Event);
        if (!_rows.IsOfNow(written) || _look.IsAside(sweep))
        {
            return;
        }

        if (_wait.Reading.ContainsKey(sweep))
        {
            CatchUp(sweep, missed: true);
        }
        else if (_rows.IsAhead(written))
        {
            CatchUp(sweep);
        }
        else
        {
            _rows.Fold(written);
            if (_rows.IsFull)
            {
                _rows.Commit();
            }
        }
    }

    private void Forget(SweepId sweep, int count)
    {
        if (_rows.Forget(sweep, count))
        {
            _look.Forget(sweep);
        }
    }

    private void CatchUp(SweepId sweep, bool missed = false)
    {
        (_wait, var begins) = _wait.Reads(sweep, missed);
        if (begins)
        {
            Read(sweep);
        }
    }

    private void Read(SweepId sweep) => _journal.Read(sweep, _rows.StreamsOf(sweep));

    private TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    private void AnswerWaiting()
    {
        if (_wait.Waiting.IsEmpty)
        {
            return;
        }

        if (_wait.IsWhole)
        {
            _rows.Commit();
        }

        (_wait, var answered, var how) = _wait.Answers(Now);
        foreach (var asker in answered)
        {
            asker.Tell(new RowsFlushed(how));
        }
    }

    private sealed class Follow : INoSerializationVerificationNeeded
    {
        public static readonly Follow Instance = new();
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
