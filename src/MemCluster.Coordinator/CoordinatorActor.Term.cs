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
    /// A sweep was started again after a write that failed. The database may have been away; or another coordinator wrote there. Then this write
    /// fails as well, this actor is started again, and finds the other's term.
    /// </summary>
    private void ConfirmTerm(Action then) => Persist(new CoordinatorEvent.TermHeld(_term, _settings.Node, _clock.GetUtcNow()), _ => then());

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
}
