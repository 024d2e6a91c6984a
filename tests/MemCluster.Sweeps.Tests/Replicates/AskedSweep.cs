using System.Collections.Immutable;
using MemCluster.Messages;
using MemCluster.Sweeps.Claims;
using MemCluster.Sweeps.Replicates;

namespace MemCluster.Sweeps.Tests.Replicates;

/// <summary>How a trial ends.</summary>
internal readonly record struct End(TrialState State, double Value)
{
    public static implicit operator End(double value) => new(TrialState.Finished, value);
}

/// <summary>
/// A sweep whose claims ask for seeds, played without training: the rules of the sweep and the rule that looks, as the coordinator has them, in any order of arrival.
/// </summary>
/// <param name="outcome">By configuration and place of the seed.</param>
internal sealed class AskedSweep(SweepSpec spec, Func<int, int, End> outcome)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Measures = [MeasureNames.ValidationAccuracyBest, MeasureNames.TrainLoss, MeasureNames.TrainAccuracy];

    private readonly Grid _grid = new(spec);
    private readonly SortedDictionary<int, TrialRow> _rows = [];

    public SweepBook Book { get; private set; } = new(spec.Name);

    public SweepState State => Book.State!;

    /// <summary>Seeds that each configuration was asked for.</summary>
    public int[] Asked => State.AskedSoFar();

    public int Rounds { get; private set; }

    public ImmutableArray<ClaimLooks> Looks { get; private set; } = [];

    public static SweepSpec Spec(string claims, int least = 3, int most = 40, string axes = "capacity: [32, 128]", string more = "")
    {
        var text = $"sweep: s\ndata: {{ name: mnist, train: 5000 }}\naxes: {{ {axes} }}\nreplicates: {{ until: decided, at-least: {least}, at-most: {most}{more} }}\nclaims:\n{claims}\n";
        var reading = SpecFile.ParseFile(text, "s.yaml", [], null);
        Assert.True(reading.Spec is not null, string.Join('\n', reading.Problems));
        return SpecFile.FromCanonical(reading.Spec.Canonical);
    }

    /// <param name="shuffle">Null: as they are handed out.</param>
    public AskedSweep Play(Random? shuffle = null)
    {
        Begin();
        while (!State.IsOver)
        {
            Look();
            End(shuffle);
        }

        return this;
    }

    public void Begin() => Apply(new SweepEvent.SweepSubmitted(spec.Name, spec.Canonical, spec.Digest, Grid.ExpansionVersion, NumericsSettings.Version, _grid.Count, Noon));

    public void Look()
    {
        Rounds++;
        Looks = ReplicateRule.Look(spec, Observed());
        Decide(new SweepCommand.AskSeeds(SeedsOf.Runs(ReplicateRule.Wanted(spec, Looks))));
    }

    /// <summary>Every pending trial, in some order.</summary>
    public void End(Random? shuffle = null)
    {
        var decision = SweepDecider.Decide(State, new SweepCommand.AssignTrials("t", int.MaxValue, NumericsSettings.Avx2, "f"), Noon);
        Apply([.. decision.Events]);
        var trials = decision.Reply is SweepReply.Assigned assigned ? assigned.Trials.ToArray() : [];
        shuffle?.Shuffle(trials);
        foreach (var trial in trials)
        {
            var (configuration, seed) = Math.DivRem(trial.Trial - 1, spec.Seeds.Count);
            var end = outcome(configuration, seed);
            var measures = Measures.ToImmutableSortedDictionary(name => name, _ => end.Value, StringComparer.Ordinal);
            Decide(end.State == TrialState.Failed
                ? new SweepCommand.ReportFailed(trial.Key, "it fails", TimeSpan.Zero)
                : new SweepCommand.ReportFinished(trial.Key, new(end.State, 10, measures, ""), TimeSpan.Zero));
            _rows[trial.Trial] = new(trial.Trial, [], (ulong)seed, end.State, 10, measures, "", "");
        }
    }

    public void Apply(params SweepEvent[] events) => Book = events.Aggregate(Book, (book, happened) => book.Apply((SweepEvent)MessageJson.Read(MessageJson.Write(happened), MessageJson.KindOf(happened))));

    public SweepReply Decide(SweepCommand command)
    {
        var decision = SweepDecider.Decide(State, command, Noon);
        Apply([.. decision.Events]);
        return decision.Reply;
    }

    public Observations Observed()
    {
        var builder = new Observations.Builder(_grid.Count, ReplicateRule.MeasuresOf(spec), TrialScale.Of(spec, _grid.SettingsAt));
        foreach (var row in _rows.Values)
        {
            builder.Add(row);
        }

        return builder.Build();
    }
}
