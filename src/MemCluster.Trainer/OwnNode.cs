using Akka.Actor;
using MemCluster.Hosting;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer;

/// <summary>
/// A trainer's own node, and the keeping of it: what happens to it is looked at every second, and what <see cref="Remedies"/> says is done. Nothing that
/// goes wrong here ends the looking.
/// </summary>
internal sealed class OwnNode(NodeOptions node, TrainerOptions options, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A coordinator that is there answers within a second or two; after this it is worth finding out why it doesn't.</summary>
    private static readonly TimeSpan DialAfter = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan DialEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SayEvery = TimeSpan.FromMinutes(1);

    private readonly ILogger _log = node.Logs.CreateLogger<TrainerNode>();
    private readonly LineState _line = new(clock);
    private readonly Remedies _remedies = new(options.Wait);
    private readonly CancellationTokenSource _stop = new();
    private ActorSystem? _system;
    private Task _keeping = Task.CompletedTask;
    private TimeSpan _dialAt;
    private TimeSpan _sayAt;
    private int _failures;
    private (Way Way, string? Sentence) _way = (Way.Blocked, null);
    private volatile string? _trouble;

    /// <summary>Half a sentence about what keeps it from its coordinator; null where nothing does.</summary>
    public string? Trouble => _trouble ?? (_line.Sight.At is null ? "no coordinator answers" : null);

    /// <param name="speak">Given the node and the way to the coordinator: says what this trainer has to say.</param>
    public void Begin(Action<ActorSystem, IActorRef> speak)
    {
        var system = Node.Create(node);
        _system = system;
        speak(system, WayToCoordinator.Line(system, node, _line));
    }

    /// <summary>Done when a coordinator has answered.</summary>
    /// <exception cref="TimeoutException">It is not to be waited for any longer; the message says why.</exception>
    public async Task Found(CancellationToken stop)
    {
        while (_line.Sight.At is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, stop).ConfigureAwait(false);
            if (await Silence(stop).ConfigureAwait(false) is { } silence && _remedies.For(silence, hasWorked: false) is Remedy.Leave)
            {
                var where = string.Join(", ", node.Join);
                throw new TimeoutException(silence.Way == Way.Barred
                    ? $"This node can't join the cluster: {_way.Sentence}."
                    : $"No coordinator answered at {where} within {silence.For.TotalSeconds:0} s{(_way.Sentence is { } why ? $": {why}" : "")}.");
            }
        }
    }

    /// <summary>From now on sees to it that the trainer has a node, and its coordinator.</summary>
    /// <param name="held">How many trials are in hand, for the log.</param>
    public void Keep(Action<ActorSystem, IActorRef> speak, Func<int> held) => _keeping = Stay(speak, held);

    /// <summary>The trainer goes: what happens to its node from now on is no mishap.</summary>
    public void LetGo() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        if (_system is { } system)
        {
            await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance).ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task Stay(Action<ActorSystem, IActorRef> speak, Func<int> held)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (await Look().ConfigureAwait(false) is { } mishap && _remedies.For(mishap, _line.HasWorked) is Remedy.BeginAgain again)
                {
                    await BeginAgain(again.After, mishap, speak, held).ConfigureAwait(false);
                }

                await Task.Delay(LookEvery, clock, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // The port is another's meanwhile, a certificate was changed and can't be read, or what nobody thought of: the threads train on in any case.
                _trouble = $"its node can't be made anew: {problem.Message}";
                _failures++;
                _log.NotJoinedYet(options.Name, problem.Message);
            }
        }
    }

    private async Task<Mishap?> Look() =>
        _failures > 0 ? new Mishap.NotBegun(_failures)
        : _system!.WhenTerminated.IsCompleted ? new Mishap.Ended()
        : _line.IsGivenUp ? new Mishap.GivenUp()
        : await Silence(_stop.Token).ConfigureAwait(false);

    private async Task BeginAgain(TimeSpan after, Mishap why, Action<ActorSystem, IActorRef> speak, Func<int> held)
    {
        await Task.Delay(after, clock, _stop.Token).ConfigureAwait(false);
        if (why is not Mishap.NotBegun)
        {
            _log.LostCluster(options.Name, held());
        }

        await _system!.Terminate().ConfigureAwait(false);
        _line.BeginAgain();
        Begin(speak);
        (_failures, _trouble) = (0, null);
        _log.JoinedAgain(options.Name, held());
    }

    /// <returns>Null while it is too short to speak of.</returns>
    private async Task<Mishap.Silence?> Silence(CancellationToken stop)
    {
        var silence = _line.Silence;
        if (silence < DialAfter)
        {
            _dialAt = TimeSpan.Zero;
            return null;
        }

        if (_line.Now >= _dialAt)
        {
            _way = await WayToCoordinator.Look(node, stop).ConfigureAwait(false);
            _dialAt = _line.Now + DialEvery;
        }

        if (_line.Now >= _sayAt)
        {
            _sayAt = _line.Now + SayEvery;
            _log.WaitsForCoordinator(options.Name, string.Join(", ", node.Join), silence.TotalSeconds, _way.Sentence ?? "connections are taken, but no word comes");
        }

        return new(silence, _way.Way);
    }
}
