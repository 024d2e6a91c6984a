using Akka.Actor;
using Akka.Remote;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;

namespace MemCluster.Hosting;

/// <summary>
/// The way from a trainer to the coordinator at work: passes words on to it, and finds it again. A trainer is no member of the coordinators'
/// cluster: it dials their addresses and asks each whether the coordinator is there. So no agreement among members stands between a coordinator that
/// was started again and its trainers, and no trainer has a say in which coordinator lives.
/// </summary>
internal sealed partial class CoordinatorLine : ReceiveActor, IWithTimers
{
    /// <summary>While it is not known where the coordinator is.</summary>
    private static readonly TimeSpan SearchEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>One that has been away for so long is searched for as often as one that is there is asked.</summary>
    private static readonly TimeSpan PatientAfter = TimeSpan.FromMinutes(2);

    /// <summary>Else: how soon a coordinator that died without a word is missed hangs on it.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    /// <summary>A coordinator that has just begun may not take words yet: it opens its sweeps first.</summary>
    private const int Repeats = 15;

    /// <summary>Asks whether any node is there, the coordinator's or not.</summary>
    private const string AnyNode = "node";

    private readonly LineState _state;
    private readonly Dictionary<string, (ActorSelection Coordinator, ActorSelection Node)> _nodes;
    private readonly ILogger _log = Context.System.LogOf<CoordinatorLine>();

    private Sight _sight;
    private IActorRef _coordinator = ActorRefs.Nobody;
    private TimeSpan _askedAt = TimeSpan.FromDays(-1);
    private (object Word, IActorRef From)? _last;
    private int _repeats;

    /// <param name="nodes"><c>HOST:PORT</c> of each coordinator node.</param>
    /// <param name="state">What others may know of it.</param>
    public CoordinatorLine(IReadOnlyList<string> nodes, LineState state)
    {
        _state = state;
        _sight = state.Sight;
        var protocol = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress.Protocol;
        _nodes = nodes.ToDictionary(node => node, node =>
        {
            var user = PathOf(protocol, node);
            return (Context.ActorSelection(user / Roles.SingletonManager / "singleton"), Context.ActorSelection(user / LineWatch.Name));
        });

        Receive<ActorIdentity>(Hear);
        Receive<Look>(_ => LookAround());
        Receive<DisassociatedEvent>(gone => Become(_sight.Broken(NameOf(gone.RemoteAddress))));
        Receive<AssociationErrorEvent>(error => Become(_sight.Broken(NameOf(error.RemoteAddress))));
        Receive<ThisActorSystemQuarantinedEvent>(_ => _state.GiveUp());
        Receive<IMessage>(Pass);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _state.Now;

    protected override void PreStart()
    {
        Array.ForEach([typeof(DisassociatedEvent), typeof(AssociationErrorEvent), typeof(ThisActorSystemQuarantinedEvent)],
            said => Context.System.EventStream.Subscribe(Self, said));
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, TimeSpan.Zero, SearchEvery);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>While there is no coordinator words fall to the ground: everything is said again.</summary>
    private void Pass(IMessage word)
    {
        (_last, _repeats) = ((word, Sender), 0);
        _coordinator.Forward(word);
    }

    private void LookAround()
    {
        Become(_sight.After(Now));
        if (_sight.At is not null)
        {
            RepeatRegistration();
        }

        if (Now - _askedAt >= AskEvery || (_sight.At is null && _state.Silence < PatientAfter))
        {
            _askedAt = Now;
            foreach (var (node, (coordinator, any)) in _nodes.Where(node => _sight.At is null || _sight.At == node.Key))
            {
                coordinator.Tell(new Identify(node));
                if (_sight.At is null)
                {
                    any.Tell(new Identify(AnyNode));
                }
            }
        }
    }

    private void Hear(ActorIdentity answer)
    {
        if (answer is { MessageId: AnyNode, Subject: not null })
        {
            Become(_sight.HeardFrom(Now));
        }
        else if (answer.MessageId is string node && _nodes.ContainsKey(node))
        {
            var before = _sight;
            var sight = answer.Subject is { } found ? _sight.Found(node, found.Path.Uid, Now) : _sight.NotThere(node);
            if (sight.IsAnotherThan(before))
            {
                _coordinator = answer.Subject!;
                IsFound(node);
            }

            Become(sight);
            if (sight.IsAnotherThan(before) && _last is { } last)
            {
                // To one who does not know the speaker any word is an occasion to ask for its name.
                _repeats = 0;
                _coordinator.Tell(last.Word, last.From);
            }
        }
    }

    private void Become(Sight sight)
    {
        if (_sight.At is { } lost && sight.At is null)
        {
            _coordinator = ActorRefs.Nobody;
            IsLost(lost);
        }

        _sight = sight;
        _state.Sight = sight;
    }

    /// <summary>Whoever registers says nothing else until it is answered, so while that is the last word it has not been.</summary>
    private void RepeatRegistration()
    {
        if (_last is { Word: TrainerWord.RegisterTrainer } last && _repeats++ < Repeats)
        {
            _coordinator.Tell(last.Word, last.From);
        }
    }

    private static string NameOf(Address address) => $"{address.Host}:{address.Port}";

    private static ActorPath PathOf(string protocol, string node)
    {
        var (host, port) = Node.ParseAddress(node);
        return new RootActorPath(new Address(protocol, Roles.SystemName, host, port)) / "user";
    }

    [LoggerMessage(LogLevel.Information, "The coordinator is at {node}")]
    private partial void IsFound(string node);

    [LoggerMessage(LogLevel.Warning, "The coordinator at {node} does not answer any more; trials go on, and it is looked for")]
    private partial void IsLost(string node);

    private sealed class Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }
}

/// <summary>What a line shows of itself to other threads. It outlives the line: a node begun anew goes on with the same nodes to ask.</summary>
public sealed class LineState(TimeProvider clock)
{
    private readonly long _beganAt = clock.GetTimestamp();
    private volatile Sight _sight = new(null, 0, TimeSpan.Zero, TimeSpan.Zero);
    private volatile bool _hasWorked;
    private volatile bool _givenUp;

    /// <summary>Since it was begun.</summary>
    public TimeSpan Now => clock.GetElapsedTime(_beganAt);

    public Sight Sight
    {
        get => _sight;
        internal set
        {
            _hasWorked |= value.At is not null;
            _sight = value;
        }
    }

    /// <summary>Whether the coordinator was ever found.</summary>
    public bool HasWorked => _hasWorked;

    /// <summary>Whether a coordinator's transport will have no more words of this node.</summary>
    public bool IsGivenUp => _givenUp;

    /// <summary>For how long no coordinator node has answered.</summary>
    public TimeSpan Silence => Now - _sight.HeardAt;

    internal void GiveUp() => _givenUp = true;

    /// <summary>Before a new node's line begins with it.</summary>
    public void BeginAgain()
    {
        _givenUp = false;
        _sight = new(null, 0, TimeSpan.Zero, Now);
    }
}
