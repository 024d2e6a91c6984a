using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Simulation.Tests;

/// <summary>People at their terminals: they ask, and ask again until they are answered.</summary>
internal sealed class Operators(World world)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(8);

    private readonly HashSet<object> _unanswered = [];

    /// <summary>Sweeps whose submission was acknowledged.</summary>
    public HashSet<SweepSpec> Submitted { get; } = [];

    public bool ScoresAreReadable { get; set; } = true;

    public void Begin()
    {
        foreach (var spec in Specs.All.Take(world.Schedule.Sweeps))
        {
            world.Time.After(world.Net.Seconds(0, 15), () => Ask(asker => new SweepRequest.Submit(spec, AcceptVersion: false, asker)));
        }
    }

    public void Control(SweepId sweep, SweepCommand.Control command) => Ask(asker => new SweepRequest.Control(sweep, command, asker));

    public void Submit(SweepId sweep) => Ask(asker => new SweepRequest.Submit(Specs.All.First(spec => spec.Name == sweep), AcceptVersion: false, asker));

    public void Drain(string trainer, bool drained) => world.Cluster.Current?.Hear(new RosterWord.DrainTrainer(trainer, drained, new object()));

    public void Answered(object? asker, object reply)
    {
        _unanswered.Remove(asker!);
        if (reply is SubmitReply { Problems.Count: 0 } taken)
        {
            if (world.Promises.StateOf(taken.Sweep) is null)
            {
                throw new BrokenPromise($"The submission of {taken.Sweep} is acknowledged and not written.");
            }

            Submitted.Add(Specs.All.First(spec => spec.Name == taken.Sweep));
        }
    }

    /// <summary>Whatever was paused goes on, and whatever was cancelled is tried again.</summary>
    public void Heal()
    {
        ScoresAreReadable = true;
        foreach (var trainer in Enumerable.Range(1, world.Schedule.Trainers))
        {
            Repeat(30, () => Drain($"lab-{trainer}", false));
        }

        foreach (var spec in Specs.All.Take(world.Schedule.Sweeps))
        {
            Submit(spec.Name);
            world.Time.After(TimeSpan.FromSeconds(3), () => Control(spec.Name, new SweepCommand.Control.ResumeSweep()));
            world.Time.After(TimeSpan.FromSeconds(20), () => Control(spec.Name, new SweepCommand.Control.RetryTrials()));
            world.Time.After(TimeSpan.FromSeconds(25), () => Control(spec.Name, new SweepCommand.Control.ResumeSweep()));
        }
    }

    private void Repeat(int times, Action action)
    {
        for (var time = 0; time < times; time++)
        {
            world.Time.After(TimeSpan.FromSeconds(3 * time), action);
        }
    }

    private void Ask(Func<object, SweepRequest> request)
    {
        var asker = new object();
        var isLate = world.IsHealed;
        _unanswered.Add(asker);
        Say(times: 40);

        void Say(int times)
        {
            // Who asked before all was well may have got their answer lost; they are not to undo now what is done meanwhile.
            if (times > 0 && _unanswered.Contains(asker) && isLate == world.IsHealed)
            {
                world.Cluster.Current?.Hear(new RosterWord.Asked(request(asker)));
                world.Time.After(AskAgainAfter, () => Say(times - 1));
            }
        }
    }
}
