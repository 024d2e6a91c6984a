namespace MemCluster.Sweeps;

/// <summary>What does not go together with training in two phases.</summary>
internal static class SecondSplitChecks
{
    public static void Check(SpecValues values, ProblemList problems)
    {
        var splits = SpecChecks.Candidates(values, SettingsSchema.SecondSplit).FindAll(candidate => candidate.Settings.Training.SecondSplit is not null);
        var least = SpecChecks.Candidates(values, "training.epochs").Min(candidate => candidate.Settings.Training.Epochs);
        foreach (var (place, settings, _) in splits.Where(split => split.Settings.Training.SecondSplit!.After >= least))
        {
            problems.Add(place, $"the second split begins after epoch {Phrases.Count(settings.Training.SecondSplit!.After)}, and there are trials of {Phrases.Count(least)}; train longer, or begin it earlier");
        }

        foreach (var path in splits.Count == 0 ? [] : (string[])["training.stop-at-train-accuracy", "training.stop-at-train-loss"])
        {
            if (SpecChecks.Candidates(values, path).Find(stop => stop.Settings.Training is not { StopAtTrainAccuracy: null, StopAtTrainLoss: null }) is { Settings: not null } stops)
            {
                problems.Add(stops.Place, $"{path} ends a trial by what it knows of all training examples, and {SettingsSchema.SecondSplit} trains it on some; leave one of them out");
            }
        }
    }
}
