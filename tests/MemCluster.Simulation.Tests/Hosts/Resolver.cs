namespace MemCluster.Simulation.Tests;

/// <summary>
/// Decides as a split-brain resolver does, about the members that it was given: two between whom the line is broken while others still see both are
/// taken out both, since nobody can tell whose fault it is. Of coordinator nodes there are others to go on; where trainers are members, and the coordinator is the only one
/// of its kind, a trainer's bad line ends it, and nothing goes on (A12).
/// </summary>
internal sealed class Resolver(World world)
{
    /// <summary>How long a line must be bad.</summary>
    private const double StableAfter = 5;

    /// <param name="trainer">Whose cable is out.</param>
    /// <param name="seconds">For how long.</param>
    public void LineBroke(TrainerHost trainer, double seconds)
    {
        var trainersAreMembers = world.Bugs.Has(Bug.TrainersDecideWhoLives);
        if (!trainersAreMembers || seconds < StableAfter || world.Cluster.Current is not { } coordinator)
        {
            return;
        }

        var othersSeeBoth = world.Cluster.Trainers.Any(other => other != trainer && other.Process.IsAlive && !world.Network.IsCut(other.Process.Id));
        if (othersSeeBoth)
        {
            coordinator.Process.Kill();
            world.Promises.Ended(coordinator);
        }
    }
}
