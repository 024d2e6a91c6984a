using MemCluster.Messages;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps;

/// <summary>What does not go together with examples that are drawn.</summary>
internal static class DataDrawChecks
{
    public static void Check(SpecValues values, ProblemList problems)
    {
        if (SpecChecks.Candidates(values, SettingsSchema.DataSeed).Find(draw => draw.Settings.Data.Seed != DataSettings.FirstInFile) is { Settings: not null } drawn
            && SpecChecks.Candidates(values, "data.train").TrueForAll(train => train.Settings.Data.Train is null))
        {
            problems.Add(drawn.Place, $"{SettingsSchema.DataSeed} draws which training examples are taken, and all of them are; write how many, such as 'data: {{ train: 5000 }}', or leave it out");
        }
    }

    /// <summary>What takes an example's results in all trials together can't be had where every trial has other examples.</summary>
    public static void Check(SpecValues values, SpecDraft draft, ClaimsRead claims, FiguresRead figures, ProblemList problems)
    {
        // Where some trials draw for themselves and others don't, the verdict says whose turn it was.
        if (!SpecChecks.Candidates(values, SettingsSchema.DataSeed).TrueForAll(draw => draw.Settings.Data.Seed == DataSettings.PerSeed))
        {
            return;
        }

        foreach (var (part, name, group) in claims.Claims.SelectMany(claim => claim.Value.Groups.Select(group => (draft.Claims, claim.Name, group)))
            .Concat(figures.Figures.SelectMany(figure => figure.Groups.Select(group => (draft.Figures, figure.Name, group)))).Where(used => GroupMeasures.NeedSameExamples(used.group)))
        {
            var place = (part as SpecMapping)?.Entries.FirstOrDefault(entry => entry.Key.Text == name)?.Key.Place ?? new(0, 1, 1);
            problems.Add(place, $"'{name}' is about {group}, which is of examples that all trials have, and with {SettingsSchema.DataSeed} '{DataSettings.PerSeed}' each has its own; "
                + $"write 'data: {{ seed: 0 }}', or leave it out");
        }
    }
}
