using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Two trials of one sweep must not be one cell: a scoring trial and one of the grid, or two scoring trials.</summary>
internal static class PruneChecks
{
    public static void Check(SpecValues values, SpecDraft draft, ProblemList problems)
    {
        int[] runs =
        [
            .. SpecChecks.Candidates(values, SettingsSchema.Prune).Select(candidate => candidate.Settings.Prune)
                .Where(prune => prune.NeedsScores).Select(prune => prune.Runs),
        ];
        if (runs.Length == 0)
        {
            return;
        }

        var noiseSeeds = SpecChecks.Candidates(values, SettingsSchema.NoiseSeed);
        if (noiseSeeds.Exists(seed => seed.Settings.NoiseSeed is null) && noiseSeeds.Exists(seed => seed.Settings.NoiseSeed is not null))
        {
            problems.Add(noiseSeeds[0].Place, $"with {SettingsSchema.Prune}, {SettingsSchema.NoiseSeed} is 'own' for all trials or a seed for all; take one of the two out");
        }

        // A scoring trial says by which number the examples of the trial that it scores for are drawn; that may be a number of the axis.
        var draws = SpecChecks.Candidates(values, SettingsSchema.DataSeed);
        if (draws.Exists(draw => draw.Settings.Data.Seed == DataSettings.PerSeed) && draws.Exists(draw => draw.Settings.Data.Seed is not (DataSettings.PerSeed or DataSettings.FirstInFile)))
        {
            problems.Add(draws[0].Place, $"with {SettingsSchema.Prune}, {SettingsSchema.DataSeed} is '{DataSettings.PerSeed}' or a seed for all trials that draw; take one of the two out");
        }

        if (values.Seeds.Listed is { IsDefaultOrEmpty: false } listed)
        {
            var scoring = listed.SelectMany(seed => Enumerable.Range(0, runs.Max()).Select(run => ScoringTrial.SeedOf(seed, run))).ToHashSet();
            foreach (var seed in listed.Where(scoring.Contains))
            {
                problems.Add(draft.Seeds!.Place, $"seed {seed} is one that this sweep's scores are computed with; take it out");
            }
        }
    }
}
