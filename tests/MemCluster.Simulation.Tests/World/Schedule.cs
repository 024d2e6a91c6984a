using System.Globalization;

namespace MemCluster.Simulation.Tests;

internal enum FaultKind
{
    KillTrainer,
    PauseTrainer,
    CutTrainer,
    TrainerTakenForLost,
    TrainerReconnects,
    KillCoordinator,
    PauseCoordinator,
    TakeOver,
    DatabaseDown,
    WallJumps,
    JournalPutBack,
    PauseSweep,
    CancelAndRetry,
    Resubmit,
    Drain,
    ScoresUnreadable,

    /// <summary>Whatever it trains fails, for want of memory, while the same would end well elsewhere.</summary>
    TrainerSick,
}

/// <param name="At">Virtual seconds from the begin.</param>
/// <param name="Who">Which of them, modulo those there are.</param>
/// <param name="Seconds">How long, where that means something.</param>
internal sealed record Fault(double At, FaultKind Kind, int Who, double Seconds)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At,7:0.0} s  {Kind} {Who} {Seconds:0.0} s");
}

/// <summary>All that chance decides in one run, but for the draws of the seed itself: the same schedule is the same history.</summary>
internal sealed record Schedule(ulong Seed)
{
    public int Coordinators { get; init; } = 1;

    public int Trainers { get; init; } = 2;

    public int Sweeps { get; init; } = 1;

    /// <summary>Of words between machines.</summary>
    public double Lost { get; init; }

    public double Repeated { get; init; }

    /// <summary>A word may come this much later, and so behind those that were said after it.</summary>
    public double LateSeconds { get; init; }

    public double WriteFails { get; init; }

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>No faults from here on.</summary>
    public double HealsAt { get; init; } = 90;

    public static Schedule Of(ulong seed)
    {
        var chance = new Chance(seed);
        var heals = chance.From(20, 110);
        var kinds = Enum.GetValues<FaultKind>();
        return new(seed)
        {
            Coordinators = chance.From(1, 3),
            Trainers = chance.From(1, 4),
            Sweeps = chance.From(1, 3),
            Lost = chance.Is(0.5) ? 0.15 * chance.Share() : 0,
            Repeated = chance.Is(0.5) ? 0.2 * chance.Share() : 0,
            LateSeconds = chance.Is(0.5) ? 4 * chance.Share() : 0,
            WriteFails = chance.Is(0.4) ? 0.05 * chance.Share() : 0,
            Faults = [.. Enumerable.Range(0, chance.From(0, 14))
                .Select(_ => new Fault(heals * chance.Share(), chance.Of(kinds), chance.From(0, 5), chance.Is(0.3) ? 40 * chance.Share() : 10 * chance.Share()))
                .OrderBy(fault => fault.At)],
            HealsAt = heals,
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"seed {Seed}: {Coordinators} coordinators, {Trainers} trainers, {Sweeps} sweeps; words lost {Lost:0.00}, repeated {Repeated:0.00}, late {LateSeconds:0.0} s; writes fail {WriteFails:0.000}; all well after {HealsAt:0} s\n")
        + string.Join("\n", Faults);
}
