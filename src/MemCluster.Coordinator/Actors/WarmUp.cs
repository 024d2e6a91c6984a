using Akka.Persistence;

namespace MemCluster.Coordinator;

/// <summary>
/// Reads the coordinator's stream once and ends; writes nothing. The journal's libraries then are loaded and compiled while the node is still joining and
/// its API starting, which the coordinator would else wait for when its turn has come.
/// </summary>
internal sealed class WarmUp : UntypedPersistentActor
{
    public override string PersistenceId => Streams.Coordinator;

    protected override void OnCommand(object message)
    {
    }

    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted)
        {
            Context.Stop(Self);
        }
    }

    /// <summary>The coordinator will find the same, and says so.</summary>
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
    }
}
