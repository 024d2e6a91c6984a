using MemCluster.Messages;

namespace MemCluster.Simulation.Tests;

/// <summary>Everything there is in one schedule: clock, database, network, processes, and who watches that the promises are kept.</summary>
internal sealed class World
{
    public static readonly DateTimeOffset Dawn = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly Chance _writes;

    public World(Schedule schedule, Bugs bugs)
    {
        (Schedule, Bugs) = (schedule, bugs);
        (Net, _writes, Training) = (new(schedule.Seed ^ 0xA1), new(schedule.Seed ^ 0xB2), new(schedule.Seed ^ 0xC3));
        Database = new() { Unfenced = bugs.Has(Bug.NoFence) };
        Promises = new(this);
        Network = new(this);
        Cluster = new(this);
        Operators = new(this);
        Rows = new(this);
    }

    public Schedule Schedule { get; }

    public Bugs Bugs { get; }

    public Timeline Time { get; } = new();

    public Database Database { get; }

    public Promises Promises { get; }

    public Network Network { get; }

    public Cluster Cluster { get; }

    public Operators Operators { get; }

    public RowsHost Rows { get; }

    public Chance Net { get; }

    public Chance Training { get; }

    /// <summary>Checkpoints on a disk that all trainers share: the last epoch kept, by cell.</summary>
    public Dictionary<CellId, int> Checkpoints { get; } = [];

    /// <summary>What is not to happen any more: from here on all must come to its end.</summary>
    public bool IsHealed { get; set; }

    /// <summary>The wall's clock may jump; the other never does.</summary>
    public TimeSpan WallOffset { get; set; }

    public TimeSpan DatabaseDownUntil { get; set; }

    /// <summary>What happened, line by line, for whoever looks into a failure; null where nobody does.</summary>
    public List<string>? History { get; init; }

    public void Tell(string what)
    {
        History?.Add($"{Time.Now.TotalSeconds,9:0.000}  {what}");
    }

    public DateTimeOffset At => Dawn + Time.Now + WallOffset;

    public (WriteFate Fate, TimeSpan Took) NextWrite()
    {
        var took = _writes.Seconds(0.001, _writes.Is(0.05) ? 2 : 0.03);
        if (IsHealed)
        {
            return (WriteFate.Written, took);
        }

        if (Time.Now < DatabaseDownUntil)
        {
            return (WriteFate.Failed, took);
        }

        return (_writes.Is(Schedule.WriteFails) ? _writes.Is(0.5) ? WriteFate.Failed : WriteFate.WrittenWithoutAnswer : WriteFate.Written, took);
    }
}
