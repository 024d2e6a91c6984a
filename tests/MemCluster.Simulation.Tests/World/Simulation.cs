using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Simulation.Tests;

/// <summary>Plays a schedule, and makes one that fails as small as it can.</summary>
internal static class Simulation
{
    /// <summary>Virtual time that everything has to come to its end, once nothing goes wrong any more.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(400);

    /// <returns>Null, or what promise was broken.</returns>
    public static string? Play(Schedule schedule, params Bug[] bugs) => Play(new World(schedule, new(bugs)), out _);

    /// <summary>The same, told line by line.</summary>
    public static IReadOnlyList<string> HistoryOf(Schedule schedule, params Bug[] bugs)
    {
        var history = new List<string>();
        var broken = Play(new World(schedule, new(bugs)) { History = history }, out _);
        return [.. history, broken ?? "every promise was kept"];
    }

    private static string? Play(World world, out World played)
    {
        played = world;
        try
        {
            Play(world);
            return null;
        }
        catch (BrokenPromise broken)
        {
            return $"{broken.Message} (at {world.Time.Now.TotalSeconds:0.000} s, step {world.Time.Steps})";
        }
        catch (Exception problem) when (problem is KeyNotFoundException or InvalidOperationException or NotSupportedException or NullReferenceException)
        {
            return $"{problem} (at {world.Time.Now.TotalSeconds:0.000} s, step {world.Time.Steps})";
        }
    }

    /// <summary>The same failure with as few faults as possible: each that can be left out is.</summary>
    public static (Schedule Schedule, string Broken) Shrink(Schedule schedule, string broken, params Bug[] bugs)
    {
        for (var shrunk = true; shrunk;)
        {
            shrunk = false;
            foreach (var smaller in Smaller(schedule))
            {
                if (Play(smaller, bugs) is { } still)
                {
                    (schedule, broken, shrunk) = (smaller, still, true);
                    break;
                }
            }
        }

        return (schedule, broken);
    }

    private static IEnumerable<Schedule> Smaller(Schedule schedule)
    {
        var faults = schedule.Faults.ToImmutableList();
        if (faults.Count > 3)
        {
            yield return schedule with { Faults = faults.GetRange(0, faults.Count / 2) };
            yield return schedule with { Faults = faults.GetRange(faults.Count / 2, faults.Count - (faults.Count / 2)) };
        }

        for (var fault = 0; fault < faults.Count; fault++)
        {
            yield return schedule with { Faults = faults.RemoveAt(fault) };
        }

        Schedule[] calmer =
        [
            schedule with { WriteFails = 0 }, schedule with { Lost = 0 }, schedule with { Repeated = 0 }, schedule with { LateSeconds = 0 },
            schedule with { Sweeps = 1 }, schedule with { Trainers = 1 }, schedule with { Coordinators = 1 },
        ];
        foreach (var calm in calmer.Where(calm => calm != schedule))
        {
            yield return calm;
        }
    }

    private static void Play(World world)
    {
        world.Cluster.Begin();
        world.Operators.Begin();
        world.Rows.Begin();
        foreach (var fault in world.Schedule.Faults)
        {
            world.Time.After(TimeSpan.FromSeconds(fault.At), () => Befall(world, fault));
        }

        var heals = TimeSpan.FromSeconds(world.Schedule.HealsAt);
        while (world.Time.Step(heals))
        {
        }

        world.IsHealed = true;
        world.Time.After(TimeSpan.Zero, () =>
        {
            world.Cluster.Heal();
            world.Operators.Heal();
        });
        Watch();
        var end = heals + Enough;
        while (world.Time.Now < heals + TimeSpan.FromSeconds(45) || !world.Promises.AllOver)
        {
            if (!world.Time.Step(end))
            {
                break;
            }
        }

        var settled = world.Time.Now + TimeSpan.FromSeconds(25);
        while (world.Time.Step(settled))
        {
        }

        world.Promises.LookAtTheEnd();

        void Watch() => world.Time.After(TimeSpan.FromSeconds(5), () =>
        {
            if (world.Time.Now > heals + TimeSpan.FromSeconds(60))
            {
                world.Promises.LookForIdlers();
            }

            Watch();
        });
    }

    private static void Befall(World world, Fault fault)
    {
        world.Tell($"-- {fault}");
        var (cluster, operators) = (world.Cluster, world.Operators);
        var sweep = Specs.All[fault.Who % world.Schedule.Sweeps].Name;
        var trainer = cluster.TrainerAt(fault.Who);
        switch (fault.Kind)
        {
            case FaultKind.KillTrainer when trainer is not null:
                cluster.KillTrainer(trainer, fault.Seconds);
                break;
            case FaultKind.PauseTrainer when trainer is not null:
                trainer.Process.Pause(world.Time.Now + TimeSpan.FromSeconds(fault.Seconds));
                break;
            case FaultKind.CutTrainer when trainer is not null:
                world.Network.Cut(trainer.Process.Id);
                cluster.Resolver.LineBroke(trainer, fault.Seconds);
                world.Time.After(TimeSpan.FromSeconds(fault.Seconds), () => world.Network.Mend(trainer.Process.Id));
                break;
            case FaultKind.TrainerTakenForLost when trainer is not null:
                cluster.TakeForLost(trainer, fault.Seconds);
                break;
            case FaultKind.TrainerReconnects when trainer is not null:
                trainer.Process.After(TimeSpan.Zero, trainer.Connect);
                break;
            case FaultKind.KillCoordinator:
                cluster.KillCoordinator(fault.Seconds);
                break;
            case FaultKind.PauseCoordinator:
                cluster.Current?.Process.Pause(world.Time.Now + TimeSpan.FromSeconds(fault.Seconds));
                break;
            case FaultKind.TakeOver:
                cluster.TakeOver(fault.Seconds);
                break;
            case FaultKind.DatabaseDown:
                world.DatabaseDownUntil = world.Time.Now + TimeSpan.FromSeconds(fault.Seconds / 2);
                break;
            case FaultKind.WallJumps:
                world.WallOffset += TimeSpan.FromHours(fault.Who % 2 == 0 ? -fault.Seconds : fault.Seconds);
                break;
            case FaultKind.JournalPutBack:
                foreach (var coordinator in cluster.All)
                {
                    coordinator.Process.Kill();
                }

                cluster.KillCoordinator(1 + (fault.Seconds / 4));
                world.Database.Lose((int)fault.Seconds);
                world.Promises.PutBack();
                world.Rows.PutBack();
                break;
            case FaultKind.PauseSweep:
                operators.Control(sweep, new SweepCommand.Control.PauseSweep());
                world.Time.After(TimeSpan.FromSeconds(fault.Seconds), () => operators.Control(sweep, new SweepCommand.Control.ResumeSweep()));
                break;
            case FaultKind.CancelAndRetry:
                operators.Control(sweep, new SweepCommand.Control.CancelSweep());
                world.Time.After(TimeSpan.FromSeconds(fault.Seconds), () => operators.Control(sweep, new SweepCommand.Control.RetryTrials()));
                break;
            case FaultKind.Resubmit:
                operators.Submit(sweep);
                break;
            case FaultKind.Drain when trainer is not null:
                operators.Drain(trainer.Name, true);
                world.Time.After(TimeSpan.FromSeconds(fault.Seconds), () => operators.Drain(trainer.Name, false));
                break;
            case FaultKind.TrainerSick when trainer is not null:
                trainer.IsSickUntil = world.Time.Now + TimeSpan.FromSeconds(2 * fault.Seconds);
                break;
            case FaultKind.ScoresUnreadable:
                operators.ScoresAreReadable = false;
                world.Time.After(TimeSpan.FromSeconds(2 * fault.Seconds), () => operators.ScoresAreReadable = true);
                break;
        }
    }
}
