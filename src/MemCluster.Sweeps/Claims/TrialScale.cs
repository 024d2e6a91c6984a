using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>What a trial's accuracies are counted over.</summary>
/// <param name="Chance">The accuracy of guessing, 1/classes: what a diverged network does.</param>
/// <param name="Train">Training examples.</param>
/// <param name="Validation">Examples scored on.</param>
public readonly record struct TrialScale(double Chance, int Train, int Validation)
{
    /// <summary>By the place of a trial in the grid.</summary>
    /// <param name="settingsAt">Of the trial at a place.</param>
    public static Func<int, TrialScale> Of(SweepSpec spec, Func<int, TrialSettings> settingsAt)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var known = new Dictionary<int, TrialScale>();
        return place =>
        {
            var configuration = place / spec.Seeds.Count;
            if (!known.TryGetValue(configuration, out var scale))
            {
                known.Add(configuration, scale = Of(settingsAt(place)));
            }

            return scale;
        };
    }

    public static TrialScale Of(TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var card = DataCatalog.Find(settings.Data.Name);
        var whole = settings.Data.Train ?? card?.Train ?? 0;
        var train = whole - settings.Prune.DroppedOf(whole);
        var classes = settings.Data.Labels == DataSettings.UniqueLabels ? whole : card?.Classes ?? 0;
        return new(classes > 0 ? 1.0 / classes : 0, train, settings.Data.Validation ?? card?.Scored(settings.Data.Split) ?? 0);
    }

    /// <summary>The step in which this measure can change: one example more; 0 where it is no share of counted examples.</summary>
    public double StepOf(string measure) => measure switch
    {
        MeasureNames.TrainAccuracy => Train > 0 ? 1.0 / Train : 0,
        MeasureNames.ValidationAccuracy or MeasureNames.ValidationAccuracyBest or MeasureNames.ValidationAccuracyLast => Validation > 0 ? 1.0 / Validation : 0,
        _ => 0,
    };
}
