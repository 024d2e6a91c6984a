using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Operations;

/// <summary>
/// Finds, among the sweeps of a home, trials that a sweep to come has, too, or would have with other seeds. A cell is what its settings are, so it does not
/// matter which sweep they were trained for: one of fewer seeds, one of a larger grid, the same one half way.
/// </summary>
public static class PilotSearch
{
    /// <summary>A plan is to take no longer than a breath: larger grids, and sweeps of more epochs where epochs are needed, are not looked through.</summary>
    private const int MostConfigurations = 10_000, MostTrials = 100_000, MostEpochs = 1_000_000;

    /// <summary>More do not make a spread better known than a plan needs.</summary>
    private const int MostSeeds = 64;

    /// <summary>Whether trials of this sweep would be found.</summary>
    public static bool LooksFor(SweepSpec spec) => new Grid(spec).Configurations <= MostConfigurations;

    /// <returns>Null where no trial of the sweep's configurations has ended, or no claim is about numbers of single trials.</returns>
    public static async Task<PilotSeeds?> Of(IOperator answerer, SweepSpec spec, IReadOnlyList<Claim> claims, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(answerer);
        ArgumentNullException.ThrowIfNull(spec);
        MeasureRef[] needed = [.. claims.SelectMany(claim => claim.Value.Measures).Distinct()];
        var grid = new Grid(spec);
        if (needed.Length == 0 || !LooksFor(spec))
        {
            return null;
        }

        var places = ConfigurationsOf(grid);
        var found = new Found(needed);
        foreach (var summary in (await answerer.List(cancel)).OrderByDescending(summary => summary.Sweep == spec.Name).ThenBy(summary => summary.Sweep))
        {
            if (summary.Counts.Done == 0 || summary.State == SweepSummary.CannotBeRead || await SpecOf(answerer, summary.Sweep, cancel) is not { } other)
            {
                continue;
            }

            var theirs = new Grid(other);
            var isSmall = LooksFor(other) && theirs.Count <= MostTrials;
            if (isSmall && (!found.NeedsEpochs || (long)theirs.Count * other.Base.Training.Epochs <= MostEpochs))
            {
                await found.Add(answerer, theirs, places, cancel);
            }
        }

        return found.Pilot(spec);
    }

    /// <summary>By what a configuration is: its cell with seed 0. Of two that are the same the first counts.</summary>
    private static Dictionary<CellId, int> ConfigurationsOf(Grid grid)
    {
        var places = new Dictionary<CellId, int>(grid.Configurations);
        for (var configuration = 0; configuration < grid.Configurations; configuration++)
        {
            places.TryAdd(IdentityOf(grid, configuration), configuration);
        }

        return places;
    }

    private static CellId IdentityOf(Grid grid, int configuration) =>
        CellIdentity.Of(grid.SettingsAt(configuration * grid.Spec.Seeds.Count) with { Seed = 0 });

    private static async Task<SweepSpec?> SpecOf(IOperator answerer, SweepId sweep, CancellationToken cancel) =>
        await answerer.Spec(sweep, cancel) is { } text ? SpecFile.Parse(text, $"the journal's spec of {sweep}", []).Spec : null;

    /// <summary>What was found so far.</summary>
    private sealed class Found(MeasureRef[] needed)
    {
        private readonly Dictionary<(int Configuration, ulong Seed), (TrialRow Row, List<MeasureRow> Epochs)> _trials = [];
        /// <summary>The validation accuracy, too: it says which epoch is the best.</summary>
        private readonly HashSet<string> _byEpoch =
            [.. needed.Where(measure => measure.At != At.Final).Select(measure => measure.Measure), MeasureNames.ValidationAccuracy];

        private readonly List<SweepId> _from = [];

        public bool NeedsEpochs { get; } = Array.Exists(needed, measure => measure.At != At.Final);

        public async Task Add(IOperator answerer, Grid theirs, Dictionary<CellId, int> places, CancellationToken cancel)
        {
            var ours = new Dictionary<int, int>();
            foreach (var (identity, configuration) in ConfigurationsOf(theirs))
            {
                if (places.TryGetValue(identity, out var place))
                {
                    ours.Add(configuration, place);
                }
            }

            if (ours.Count == 0)
            {
                return;
            }

            var epochs = new Dictionary<int, List<MeasureRow>>();
            await foreach (var row in answerer.Trials(theirs.Spec.Name, cancel).WithCancellation(cancel))
            {
                if (row.State is TrialState.Finished or TrialState.Diverged && ours.TryGetValue(theirs.ConfigurationOf(row.Trial - 1), out var place)
                    && _trials.TryAdd((place, row.Seed), (row, [])))
                {
                    epochs.Add(row.Trial, _trials[(place, row.Seed)].Epochs);
                }
            }

            if (epochs.Count == 0)
            {
                return;
            }

            _from.Add(theirs.Spec.Name);
            if (NeedsEpochs)
            {
                await foreach (var row in answerer.Measures(theirs.Spec.Name, cancel).WithCancellation(cancel))
                {
                    if (_byEpoch.Contains(row.Measure) && epochs.TryGetValue(row.Trial, out var rows))
                    {
                        rows.Add(row);
                    }
                }
            }
        }

        public PilotSeeds? Pilot(SweepSpec spec)
        {
            if (_trials.Count == 0)
            {
                return null;
            }

            var trained = _trials.Keys.Select(key => key.Seed).ToHashSet();
            ulong[] own = [.. Enumerable.Range(0, spec.Seeds.Count).Select(index => spec.Seeds[index]).Where(trained.Contains).Take(MostSeeds)];
            ulong[] seeds = [.. own, .. trained.Except(own).Order().Take(MostSeeds - own.Length)];
            var pilot = spec with { Seeds = SeedList.Listed([.. seeds]) };
            var grid = new Grid(pilot);
            var observed = new Observations.Builder(grid.Count, needed, TrialScale.Of(pilot, grid.SettingsAt));
            var there = Enumerable.Range(0, grid.Count).Select(place => (Trial: place + 1, Key: (grid.ConfigurationOf(place), grid.SeedAt(place))))
                .Where(trial => _trials.ContainsKey(trial.Key)).Select(trial => (trial.Trial, Found: _trials[trial.Key])).ToArray();
            foreach (var (trial, found) in there)
            {
                observed.Add(found.Row with { Trial = trial });
            }

            foreach (var (trial, found) in there)
            {
                foreach (var row in found.Epochs)
                {
                    observed.Add(row with { Trial = trial });
                }
            }

            return new(pilot, observed.Build(), own.Length, [.. _from]);
        }
    }
}
