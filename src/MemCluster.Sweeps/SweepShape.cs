using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>A trial under way; only these have a record of their own.</summary>
/// <param name="Place">In the grid, from 0.</param>
public sealed record Underway(TrialKey Key, int Place, string Trainer, DateTimeOffset Since);

/// <summary>A trial that was lost and is pending again.</summary>
/// <param name="Attempts">Used up so far; the next one takes the next number.</param>
/// <param name="Epoch">Reached by the last of them: work to repeat.</param>
/// <param name="Fruitless">How many of them in a row, the last included, were lost with their trainer and came no further than those before.</param>
public sealed record LostTrial(int Attempts, int Epoch, int Fruitless = 0)
{
    /// <summary>It may be what ends its trainers: others go first, so that it can't keep them from being tried at all.</summary>
    public bool IsSuspect => Fruitless >= 2;
}

/// <summary>What the grid tells the rules: nothing of what a trial means, only what it is.</summary>
/// <param name="Trials">How many there are.</param>
/// <param name="CellAt">The identity of the trial at a place, from 0.</param>
/// <param name="InstructionSet">What the sweep's arithmetic asks of a trainer; empty if it does none (sleep).</param>
public sealed record SweepShape(int Trials, Func<int, CellId> CellAt, string InstructionSet)
{
    /// <summary>Trials that compute scores for others; their places are those behind the grid's.</summary>
    public int ScoringTrials { get; init; }

    /// <summary>Places of the scoring trials that a trial of the grid waits for.</summary>
    public Func<int, IReadOnlyList<int>> ScoresOf { get; init; } = _ => [];

    /// <summary>Places of the trials of the grid that wait for a scoring trial.</summary>
    public Func<int, IReadOnlyList<int>> PrunedBy { get; init; } = _ => [];

    /// <summary>As in <see cref="SweepSpec.Retries"/>.</summary>
    public int Retries { get; init; } = SweepSpec.UsualRetries;

    /// <summary>Seeds of a configuration: its trials stand side by side.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Claims say which of them are trained.</summary>
    public bool Asks { get; init; }

    public static SweepShape Of(Grid grid)
    {
        var networks = grid.Spec.Axes.FirstOrDefault(axis => axis.Name == SettingsSchema.Find(SettingsSchema.NetworkKind)!.Name);
        var sleeps = networks?.Values.All(kind => kind == NetworkSettings.Sleep) ?? grid.Spec.Base.Network.Kind == NetworkSettings.Sleep;
        return new(grid.Count, grid.CellAt, sleeps ? "" : grid.SettingsAt(0).Numerics.InstructionSet)
        {
            ScoringTrials = grid.ScoringCount,
            ScoresOf = grid.ScoresOf,
            PrunedBy = grid.PrunedBy,
            Retries = grid.Spec.Retries,
            Seeds = grid.Spec.Seeds.Count,
            Asks = grid.Spec.Replicates is not null,
        };
    }
}

/// <summary>What was asked for of a sweep whose claims ask for seeds.</summary>
public static class AskedSeeds
{
    /// <summary>By configuration, the seeds up to the last one that is not spare.</summary>
    public static int[] AskedSoFar(this SweepState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var trials = state.Trials;
        var asked = new int[trials.Count / state.Shape.Seeds];
        for (var place = 0; place < trials.Count; place++)
        {
            if (trials[place] != TrialState.Spare)
            {
                asked[place / state.Shape.Seeds] = (place % state.Shape.Seeds) + 1;
            }
        }

        return asked;
    }
}
