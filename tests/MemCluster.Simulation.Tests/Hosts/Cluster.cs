namespace MemCluster.Simulation.Tests;

/// <summary>Who is there, and who is taken to be the coordinator: membership may be late, and wrong in both directions.</summary>
internal sealed class Cluster(World world)
{
    private readonly Dictionary<string, TrainerHost> _trainers = [];
    private readonly Dictionary<string, CoordinatorHost> _takenFor = [];
    private CoordinatorHost? _current;
    private int _processes;
    private int _incarnations;

    public Resolver Resolver { get; } = new(world);

    public IEnumerable<TrainerHost> Trainers => _trainers.Values;

    public CoordinatorHost? Current => _current;

    public IReadOnlyList<CoordinatorHost> All { get; private set; } = [];

    public void Begin()
    {
        BeginCoordinator();
        for (var trainer = 0; trainer < world.Schedule.Trainers; trainer++)
        {
            var name = $"lab-{trainer + 1}";
            world.Time.After(world.Net.Seconds(0, 5), () => BeginTrainer(name));
        }
    }

    /// <summary>As that trainer sees it, by now.</summary>
    public CoordinatorHost? CoordinatorFor(TrainerHost trainer) => _takenFor.GetValueOrDefault(trainer.Name);

    public TrainerHost? TrainerAt(int who) => _trainers.Count == 0 ? null : _trainers.OrderBy(entry => entry.Key, StringComparer.Ordinal).ElementAt(who % _trainers.Count).Value;

    public void KillTrainer(TrainerHost trainer, double backAfter)
    {
        trainer.Process.Kill();
        TellGone(trainer, after: 2);
        world.Time.After(TimeSpan.FromSeconds(backAfter), () => BeginTrainer(trainer.Name));
    }

    /// <summary>It lives, and the coordinator is told that it does not; it notices, and comes back with its trials.</summary>
    public void TakeForLost(TrainerHost trainer, double backAfter)
    {
        TellGone(trainer, after: 0.1);
        trainer.Process.After(TimeSpan.FromSeconds(backAfter), trainer.Connect);
    }

    public void KillCoordinator(double backAfter)
    {
        if (_current is { } coordinator)
        {
            coordinator.Process.Kill();
            _current = null;
            world.Time.After(TimeSpan.FromSeconds(backAfter), () =>
            {
                if (_current is null)
                {
                    BeginCoordinator();
                }
            });
        }
    }

    /// <summary>Another begins while this one may still be at work: it was taken for lost, or was cut off.</summary>
    /// <param name="forgets">After this long it learns that it is no longer the one.</param>
    public void TakeOver(double forgets)
    {
        if (world.Schedule.Coordinators > 1 && _current is { } before)
        {
            BeginCoordinator();
            before.Process.After(TimeSpan.FromSeconds(forgets), before.Retire);
        }
    }

    /// <summary>It found out that it was replaced, and its process ended: whoever looks after processes starts it again, if it is still to be the one.</summary>
    public void GaveWay(CoordinatorHost coordinator) => world.Time.After(world.Net.Seconds(1, 8), () =>
    {
        if (_current == coordinator)
        {
            BeginCoordinator();
        }
    });

    public void Heal()
    {
        if (_current is null or { IsStopped: true } || !_current.Process.IsAlive)
        {
            BeginCoordinator();
        }

        foreach (var coordinator in All.Where(coordinator => coordinator != _current && coordinator.Process.IsAlive && !coordinator.IsStopped))
        {
            coordinator.Process.After(TimeSpan.Zero, coordinator.Retire);
        }

        foreach (var trainer in _trainers.Values.ToArray())
        {
            world.Network.Mend(trainer.Process.Id);
            if (!trainer.Process.IsAlive || trainer.HasLeft)
            {
                BeginTrainer(trainer.Name);
            }
        }
    }

    private void BeginCoordinator()
    {
        var process = new Process(world.Time, ++_processes);
        var coordinator = new CoordinatorHost(world, process, $"node-{process.Id}");
        _current = coordinator;
        All = [.. All, coordinator];
        coordinator.Start();
        foreach (var name in Enumerable.Range(1, world.Schedule.Trainers).Select(number => $"lab-{number}"))
        {
            world.Time.After(world.Net.Seconds(0, world.IsHealed ? 1 : 6), () => _takenFor[name] = _current ?? coordinator);
        }
    }

    private void BeginTrainer(string name)
    {
        if (_trainers.GetValueOrDefault(name) is { Process.IsAlive: true, HasLeft: false })
        {
            return;
        }

        var incarnation = new Guid(++_incarnations, 0, 0, new byte[8]);
        var trainer = new TrainerHost(world, new(world.Time, ++_processes), name, incarnation, world.Net.From(1, 3));
        _trainers[name] = trainer;
        if (_current is { } coordinator)
        {
            _takenFor[name] = coordinator;
        }

        trainer.Connect();
    }

    private void TellGone(TrainerHost trainer, double after)
    {
        foreach (var coordinator in All.Where(coordinator => coordinator.Process.IsAlive && !coordinator.IsStopped))
        {
            world.Time.After(TimeSpan.FromSeconds(after) + world.Net.Seconds(0, 12), () => coordinator.Process.After(TimeSpan.Zero, () => coordinator.Gone(trainer)));
        }
    }
}
