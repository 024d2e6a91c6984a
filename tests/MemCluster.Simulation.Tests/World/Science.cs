using System.Collections.Immutable;
using System.Globalization;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Simulation.Tests;

/// <summary>What training gives: numbers that follow from the cell alone, so that a wrong resume, a mixed-up attempt or a lost epoch shows.</summary>
internal static class Science
{
    public static string Weights(CellId cell, int epoch)
    {
        var chain = new Chance(cell.High ^ cell.Low);
        var digest = 0UL;
        for (var each = 0; each < epoch; each++)
        {
            digest = chain.Next();
        }

        return digest.ToString("x16", CultureInfo.InvariantCulture);
    }

    public static EpochMeasures Measures(CellId cell, int epoch) => new(
        epoch, [.. MeasureNames.Epoch.Select((_, column) => new Chance(cell.Low + (ulong)(epoch * 100) + (ulong)column).Share())], Weights(cell, epoch));

    public static TrialOutcome Outcome(TrialAssignment trial) => Outcome(trial.Key.Cell, trial.Settings.Training.Epochs);

    public static TrialOutcome Outcome(CellId cell, int epochs) => new(
        TrialState.Finished, epochs, ImmutableSortedDictionary<string, double>.Empty.Add(MeasureNames.ValidationAccuracyBest, new Chance(cell.Low).Share()),
        Weights(cell, epochs));

    /// <summary>Seeds that the claims of a sweep want, by configuration, when its trials stand so.</summary>
    public static int[] Wanted(Grid grid, SweepState state)
    {
        var builder = new Observations.Builder(grid.Count, ReplicateRule.MeasuresOf(grid.Spec));
        for (var place = 0; place < grid.Count; place++)
        {
            var cell = grid.CellAt(place);
            builder.Add(new TrialRow(place + 1, [], grid.SeedAt(place), state.StateOf(place), 1, Outcome(cell, 1).Measures, "", cell.ToString()));
        }

        return ReplicateRule.Wanted(grid.Spec, ReplicateRule.Look(grid.Spec, builder.Build()));
    }

    /// <summary>What a sick trainer says.</summary>
    public const string NoMemory = "no memory";

    /// <summary>One trial in eight throws, wherever and however often it is tried.</summary>
    public static bool Throws(TrialAssignment trial) => Throws(trial.Key.Cell);

    public static bool Throws(CellId cell) => cell.Low % 8 == 3;

    public static TimeSpan EpochOf(TrialAssignment trial, Chance chance) => chance.Seconds(0.05, trial.Trial % 5 == 0 ? 3 : 0.8);
}
