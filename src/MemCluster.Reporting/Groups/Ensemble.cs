using System.Collections;
using MemCluster.Messages;
using MemCluster.Statistics;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Groups;

/// <summary>
/// Networks that differ in nothing but their seeds and the part of the examples that each was trained on: what they say together of single examples.
/// </summary>
internal sealed class Ensemble
{
    private readonly SubsetRun[][] _byShare;
    private readonly int _validation;

    private Ensemble(SubsetRun[][] byShare, int validation) => (_byShare, _validation) = (byShare, validation);

    public ExampleLabels Labels => _byShare[0][0].Labels;

    public int Runs => _byShare.Sum(runs => runs.Length);

    /// <summary>Blocks of networks, for <see cref="BlockJackknife"/>: those of one seed are in one block, whatever share they left out, because they left out the same examples.</summary>
    public int Blocks => BlockJackknife.BlocksOf(_byShare.Min(runs => runs.Length));

    /// <param name="places">Of the trials in the grid, at the same values of all axes but <c>prune</c>; those that leave nothing out don't count.</param>
    /// <param name="runOf">What the trial at a place says; null where it says nothing.</param>
    /// <returns>Null, with a sentence that says why, where they are no ensemble.</returns>
    public static (Ensemble? Ensemble, string Why) Of(Grid grid, IReadOnlyList<int> places, Func<int, SubsetRun?> runOf)
    {
        var runs = places.Select(place => (Place: place, Run: runOf(place), Settings: grid.SettingsAt(place)))
            .Where(one => one.Settings.Prune != Prune.None).ToArray();
        if (runs.Length == 0 || Array.Exists(runs, one => one.Run is null))
        {
            return (null, "not every trial has told yet which examples come out right");
        }

        if (Array.Exists(runs, one => one.Settings.Data.Seed == DataSettings.PerSeed))
        {
            return (null, "each seed has examples of its own, and these scores are of examples that all trials have; write 'data: { seed: 0 }' in the sweep file");
        }

        if (Array.Exists(runs, one => one.Settings.NoiseSeed is null && one.Settings.Noise != Noise.None) || Array.Exists(runs, one => !one.Run!.Labels.IsSame(runs[0].Run!.Labels)))
        {
            return (null, "each seed has noise of its own, so an example is another one in each trial; write 'noise-seed: 0' in the sweep file");
        }

        var data = runs[0].Settings.Data;
        var validation = data.Validation ?? DataCatalog.Find(data.Name)?.Scored(data.Split) ?? 0;
        return (new([.. runs.GroupBy(one => one.Settings.Prune).Select(share => share.Select(one => one.Run!).ToArray())], Math.Min(validation, runs[0].Run!.Validation.Length)), "");
    }

    /// <returns>A number for each example, NaN where these networks can't say; null where there is nothing to say: memorization of networks trained on parts of several sizes.</returns>
    /// <param name="without">Without this block of networks; −1: with all.</param>
    public double[]? Scores(EnsembleScore score, int without = -1)
    {
        switch (score)
        {
            case EnsembleScore.CScore:
                return CScore.Of([.. _byShare.Select(runs => Taken(runs, without)).Select(runs => (Matrix(runs, run => run.Member), Matrix(runs, run => run.Correct)))]).Strict;
            case var _ when _byShare.Length > 1:
                return null;
            default:
                var taken = Taken(_byShare[0], without);
                var member = Matrix(taken, run => run.Member);
                var estimates = SubsetMemorization.Of(member, Matrix(taken, run => run.Correct));
                return score == EnsembleScore.Memorization
                    ? Array.ConvertAll(estimates, estimate => estimate.Memorization)
                    : Array.ConvertAll(SubsetMemorization.Influenced(member, estimates, Matrix(taken, run => run.Validation, _validation)), one => one ? 1.0 : 0);
        }
    }

    private static SubsetRun[] Taken(SubsetRun[] runs, int without) =>
        without < 0 ? runs : [.. runs.Where((_, run) => BlockJackknife.BlockOf(run, runs.Length) != without)];

    private static BitMatrix Matrix(SubsetRun[] runs, Func<SubsetRun, BitArray> of, int? columns = null) => BitMatrix.FromRows(Array.ConvertAll(runs, run =>
    {
        var bits = new bool[of(run).Length];
        of(run).CopyTo(bits, 0);
        return columns is { } count ? bits[..count] : bits;
    }));
}
