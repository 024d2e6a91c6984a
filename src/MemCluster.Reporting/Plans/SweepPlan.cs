using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Plans;

/// <summary>What a sweep would be, before anything runs.</summary>
/// <param name="SlotSeconds">Of all trials one after another, if each trains all its epochs.</param>
/// <param name="LongestTrial">Seconds; more slots than trials don't help below it.</param>
/// <param name="StopsEarly">Some trials may end before their last epoch, so the cost is the most it can be.</param>
/// <param name="FastestEpoch">Seconds, over the shapes in the sweep; 0 when no trial trains.</param>
public sealed record SweepPlan(
    SweepSpec Spec, long Trials, IReadOnlyList<string> Data, int LeastEpochs, int MostEpochs, bool StopsEarly,
    double SlotSeconds, double LongestTrial, double FastestEpoch, double SlowestEpoch, CostBasis Basis)
{
    /// <summary>As many as <see cref="Trials"/>, or fewer where claims ask for seeds: those of the seeds that every configuration gets.</summary>
    public long LeastTrials => Spec.Replicates is { } replicates ? Trials / Spec.Seeds.Count * Math.Min(replicates.AtLeast, Spec.Seeds.Count) : Trials;

    /// <summary>Trials that only compute scores for others; beside <see cref="Trials"/>.</summary>
    public long ScoringTrials { get; init; }

    /// <summary>Copies of weights that are kept, if no trial stops early; 0: none.</summary>
    public long KeptCopies { get; init; }

    /// <summary>Bytes of all of them, as files.</summary>
    public long KeptBytes { get; init; }

    public double SecondsOn(int slots) => Math.Max(SlotSeconds / Math.Max(1, slots), LongestTrial);

    /// <summary>Costs as much as the axes that matter to it, not as the grid: a million trials are planned in no time.</summary>
    public static SweepPlan Of(SweepSpec spec, IReadOnlyList<WorkTiming> timings)
    {
        var model = new WorkModel(timings);
        var kinds = SettingsVariety.Counted(spec, settings => new Kind(
            WorkShape.Of(settings), settings.Training.Epochs, settings.Network.Seconds, settings.Training is { StopAtTrainAccuracy: not null } or { StopAtTrainLoss: not null }, settings.Measures));
        var costs = kinds.Select(kind => (kind.Trials, Trial: model.TrialOf(kind.Value.Shape, kind.Value.Epochs, kind.Value.Seconds, kind.Value.Measures))).ToArray();
        var scoring = ScoringOf(spec, model);
        var kept = KeptOf(spec);
        var epochs = kinds.Where(kind => kind.Value.Trains).Select(kind => model.EpochOf(kind.Value.Shape)).ToArray();
        return new(
            spec, kinds.Sum(kind => kind.Trials),
            [.. SettingsVariety.Of(spec, settings => settings.Data).Where(data => data.Name.Length > 0).Select(DataText).Distinct()],
            kinds.Min(kind => kind.Value.Epochs), kinds.Max(kind => kind.Value.Epochs),
            kinds.Any(kind => kind.Value.Stops && kind.Value.Trains),
            costs.Sum(cost => cost.Trials * cost.Trial) + scoring.Seconds, costs.Max(cost => cost.Trial),
            epochs.Length == 0 ? 0 : epochs.Min(epoch => epoch.Seconds), epochs.Length == 0 ? 0 : epochs.Max(epoch => epoch.Seconds),
            epochs.Length == 0 ? CostBasis.Measured : epochs.Max(epoch => epoch.Basis))
        {
            ScoringTrials = scoring.Trials,
            KeptCopies = kept.Copies,
            KeptBytes = kept.Bytes,
        };
    }

    /// <summary>Their costs are taken as those of the trials that they score for: a mean over the grid, as good as the estimate itself.</summary>
    private static (long Trials, double Seconds) ScoringOf(SweepSpec spec, WorkModel model)
    {
        var grid = new Grid(spec);
        return grid.ScoringCount == 0 ? (0, 0) : (grid.ScoringCount, grid.ScoringCount * SettingsVariety
            .Counted(spec, settings => (Shape: WorkShape.Of(settings), settings.Training.Epochs, settings.Network.Seconds))
            .Sum(kind => kind.Trials * model.TrialOf(kind.Value.Shape, kind.Value.Epochs, kind.Value.Seconds)) / grid.Count);
    }

    private static (long Copies, long Bytes) KeptOf(SweepSpec spec)
    {
        if (spec.Keep == WeightsPlan.None)
        {
            return (0, 0);
        }

        var kinds = SettingsVariety.Counted(spec, settings => (
            Bytes: NetworkSize.WeightBytes(settings), Copies: spec.Keep.MostCopies - spec.Keep.At.Count(epoch => epoch > settings.Training.Epochs)));
        return (kinds.Sum(kind => kind.Trials * kind.Value.Copies), kinds.Sum(kind => kind.Trials * kind.Value.Copies * kind.Value.Bytes));
    }

    private static string DataText(DataSettings data)
    {
        var card = DataCatalog.Find(data.Name);
        var train = data.Train ?? card?.Train ?? 0;
        if (data.Labels == DataSettings.UniqueLabels)
        {
            return $"{data.Name} {Numbers.Count(train)} train, each a class of its own{How(data)}";
        }

        var scored = data.Validation ?? card?.Scored(data.Split) ?? 0;
        return $"{data.Name} {Numbers.Count(train)} train / {Numbers.Count(scored)} {data.Split}{How(data)}";
    }

    private static string How(DataSettings data) => data.Seed switch
    {
        DataSettings.FirstInFile => "",
        DataSettings.PerSeed => ", drawn for each seed",
        _ => ", drawn",
    };

    private sealed record Kind(WorkShape Shape, int Epochs, double Seconds, bool Stops, MeasurePlan? Measures)
    {
        public bool Trains => Shape.Network != NetworkSettings.Sleep;
    }
}
