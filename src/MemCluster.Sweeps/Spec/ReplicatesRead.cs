using MemCluster.Messages;
using MemCluster.Sweeps.Claims;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Sweeps;

/// <summary>Reads how a sweep's claims ask for seeds: <c>replicates: { until: decided, at-least: 3, at-most: 40, claims: [falls] }</c>.</summary>
internal static class ReplicatesRead
{
    private const string Decided = "decided";

    public static ReplicatePlan? Read(SpecDraft draft, ProblemList problems)
    {
        if (draft.Replicates.Count == 0)
        {
            return null;
        }

        var before = problems.Count;
        if (draft.Replicates.GetValueOrDefault(DraftReader.Until) is not SpecScalar { Text: Decided })
        {
            problems.Add(PlaceOf(draft, DraftReader.Until), $"replicates asks for seeds until what? Write '{DraftReader.Until}: {Decided}'");
        }

        var least = Count(draft, DraftReader.AtLeast, ReplicatePlan.UsualAtLeast, problems);
        if (!draft.Replicates.ContainsKey(DraftReader.AtMost))
        {
            problems.Add(draft.ReplicatesPlace, $"replicates needs an end; write how many seeds a configuration gets at most, such as '{DraftReader.AtMost}: 40'");
        }

        var most = Count(draft, DraftReader.AtMost, ReplicatePlan.MostSeeds, problems);
        if (problems.Count == before && least > most)
        {
            problems.Add(PlaceOf(draft, DraftReader.AtMost), $"{DraftReader.AtMost} {most} is below {DraftReader.AtLeast} {least}; raise the one, or lower the other");
        }

        return problems.Count > before ? null : new(least, most);
    }

    /// <summary>As many seeds as can be asked for, in the order of the file.</summary>
    public static SeedsRead SeedsOf(SeedsRead seeds, ReplicatePlan? plan, SpecDraft draft, ProblemList problems)
    {
        if (plan is null)
        {
            return seeds;
        }

        if (draft.Seeds is { } node && seeds.Count < plan.AtMost)
        {
            problems.Add(node.Place, $"replicates may ask for {Phrases.Count(plan.AtMost)} seeds, and {DraftReader.Seeds} names {Phrases.Count(seeds.Count)}; "
                + $"list as many, write '{DraftReader.AtMost}: {seeds.Count}', or take {DraftReader.Seeds} out: then they are 0, 1, 2 …");
        }

        return seeds.Listed.IsDefault ? new(plan.AtMost, default) : SeedsRead.Of([.. seeds.Listed.Take(plan.AtMost)]);
    }

    public static void Check(SpecValues values, ProblemList problems)
    {
        if (values.Replicates is not null && SpecChecks.Candidates(values, SettingsSchema.Prune).Find(candidate => candidate.Settings.Prune.NeedsScores) is { Settings: not null } scored)
        {
            problems.Add(scored.Place, "trials that compute scores for others are trained for all seeds, also for those that no claim asks for; prune at random, or write 'seeds' instead of 'replicates'");
        }
    }

    /// <summary>The names of the claims that ask; all of them can.</summary>
    /// <param name="claims">Null where they are taken as they are.</param>
    public static ReplicatePlan Claims(ReplicatePlan plan, SpecDraft draft, ClaimsRead? claims, ProblemList problems)
    {
        var place = PlaceOf(draft, DraftReader.Claims);
        var listed = new List<string>();
        switch (draft.Replicates.GetValueOrDefault(DraftReader.Claims))
        {
            case null or SpecScalar { IsNull: true }:
                break;
            case SpecScalar one:
                Take(one);
                break;
            case SpecSequence several:
                several.Items.ToList().ForEach(Take);
                break;
            default:
                problems.Add(place, "claims is a list of names under replicates, such as 'claims: [falls]'; leave it out for all that can ask for seeds");
                break;
        }

        if (claims is not null && listed.Count == 0 && !claims.Claims.Any(claim => ReplicateRule.WhyNot(claim) is null) && claims.Aside.IsEmpty)
        {
            problems.Add(draft.ReplicatesPlace, claims.Claims.IsEmpty
                ? "replicates asks for seeds until the claims are decided, and there are none; write some under 'claims:', or 'seeds: 5' instead of replicates"
                : $"replicates asks for seeds until the claims are decided, and none of them can ask: {string.Join("; ", claims.Claims.Take(3).Select(claim => $"{claim.Name}, for {ReplicateRule.WhyNot(claim)}"))}");
        }

        return ReplicatePlan.Of(plan.AtLeast, plan.AtMost, listed);

        void Take(SpecNode node)
        {
            if (node is not SpecScalar { IsNull: false } name || !SweepId.IsValid(name.Text.Replace('.', '-')))
            {
                problems.Add(node.Place, "claims is a list of names under replicates, such as 'claims: [falls]'");
            }
            else if (listed.Contains(name.Text))
            {
                problems.Add(name.Place, $"claim '{name.Text}' stands twice; keep one of them");
            }
            else if (claims?.Claims.FirstOrDefault(claim => claim.Name == name.Text) is { } claim && ReplicateRule.WhyNot(claim) is { } why)
            {
                problems.Add(name.Place, $"claim '{name.Text}' can't ask for seeds: {why}. Take it out of the list; it is then judged over the {plan.AtLeast} seeds that every configuration has");
            }
            else if (claims is not null && claims.Aside.All(aside => aside.Name != name.Text) && claims.Claims.All(claim => claim.Name != name.Text))
            {
                problems.Add(name.Place, $"there is no claim {Phrases.Quoted(name.Text)}{Phrases.Instead(name.Text, [.. claims.Claims.Select(claim => claim.Name)])}");
            }
            else
            {
                listed.Add(name.Text);
            }
        }
    }

    private static int Count(SpecDraft draft, string key, int standard, ProblemList problems)
    {
        switch (draft.Replicates.GetValueOrDefault(key))
        {
            case null or SpecScalar { IsNull: true }:
                return standard;
            case SpecScalar scalar when ShortNumber.TryReadWhole(scalar.Text, out var count) && count is >= ReplicatePlan.LeastSeeds and <= ReplicatePlan.MostSeeds:
                return (int)count;
            case var wrong:
                problems.Add(wrong.Place, $"{key} is a number of seeds from {ReplicatePlan.LeastSeeds} (an interval needs so many) to {Phrases.Count(ReplicatePlan.MostSeeds)}");
                return standard;
        }
    }

    private static SpecPlace PlaceOf(SpecDraft draft, string key) => draft.Replicates.GetValueOrDefault(key)?.Place ?? draft.ReplicatesPlace;
}
