using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Coordinator;

// Of two coordinators that each think they are the one, the earlier finds out and gives way.
public sealed partial class CoordinatorActor
{
    /// <summary>The same over all starts after failed writes; another once the singleton has been elsewhere.</summary>
    private static long Singleton => Context.Parent.Path.Uid;

    protected override void PostStop()
    {
        _settings.Standing.End();
        _gauges.Dispose();
        base.PostStop();
    }

    /// <summary>
    /// Writes in this actor's own stream before anything is done that would be wrong if another coordinator had taken over meanwhile: taking trials
    /// from trainers that are silent (they may be speaking to the other), or going on after a sweep's write failed (the other may have written
    /// there). Then this write fails, this actor is started again, and finds the other's term.
    /// </summary>
    private void ConfirmTerm(Action then) => Persist(new CoordinatorEvent.TermHeld(_term, _settings.Node, _clock.GetUtcNow()), _ => then());

    /// <summary>
    /// After a pause of this process itself every lease seems to have ended, while the trainers' words wait unheard: so the leases end behind them.
    /// </summary>
    private void LookAtLeases()
    {
        if (_seats.Values.Any(seat => seat.Held.Values.Any(hold => !hold.Ending && hold.LeaseUntil < Now)))
        {
            ConfirmTerm(() => Self.Tell(LeasesEnd.Instance));
        }
        else
        {
            EndLeases();
        }
    }

    /// <returns>False where this coordinator has been replaced: it must not write, and its node leaves the cluster.</returns>
    private bool IsMine()
    {
        if (_settings.Standing.MayBegin(Singleton, _term))
        {
            return true;
        }

        _log.Replaced(_term);
        _settings.Replaced();
        Context.Stop(Self);
        return false;
    }

    private sealed class LeasesEnd : INoSerializationVerificationNeeded
    {
        public static readonly LeasesEnd Instance = new();
    }
}
