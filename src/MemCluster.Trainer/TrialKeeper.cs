using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>Keeps this trainer's trials between epochs, now and then and when it is drained, and lets them go on from what was kept.</summary>
/// <param name="folder">Null: nothing is kept; trials still stop between two epochs.</param>
/// <param name="every">A trial is kept at most so often.</param>
/// <param name="fingerprint">Of this machine's arithmetic; asked on a training thread.</param>
internal sealed class TrialKeeper(CheckpointFolder? folder, TimeSpan every, Func<string> fingerprint, TimeProvider clock)
{
    /// <summary>Called on the trial's training thread, before it begins.</summary>
    public TrialCourse CourseOf(TrialInHand trial)
    {
        var owner = folder is null ? null : OwnerOf(trial.Assignment);
        var keptAt = clock.GetTimestamp();
        return new(owner is null ? null : folder!.Find(owner), Between, Keeps: folder is not null) { Keep = trial.Assignment.Keep ?? WeightsPlan.None };

        void Between(Func<TrialMemory?> take)
        {
            if (owner is not null && (trial.StopsHere || clock.GetElapsedTime(keptAt) >= every) && take() is { } memory)
            {
                folder!.Keep(owner, memory);
                keptAt = clock.GetTimestamp();
            }

            if (trial.StopsHere)
            {
                trial.Cancel();
                trial.Stop.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>The trial has ended, and that is on the coordinator's disk: nobody goes on with it.</summary>
    public void Forget(TrialKey key)
    {
        if (folder is not null)
        {
            _ = Task.Run(() => folder.Forget(key.Cell)); // A shared disk may be slow, and the caller is an actor.
        }
    }

    private CheckpointOwner OwnerOf(TrialAssignment assignment) => new(
        assignment.Key.Cell,
        assignment.Settings.Network.Kind == NetworkSettings.Sleep ? "" : fingerprint(),
        NumericsSettings.Version,
        assignment.Keep?.Text ?? "");
}
