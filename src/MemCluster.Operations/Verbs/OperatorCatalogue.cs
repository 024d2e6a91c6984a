namespace MemCluster.Operations.Verbs;

/// <summary>Every verb there is, once: each door lists these and adds none of its own.</summary>
public static class OperatorCatalogue
{
    private static readonly VerbArgument OnlyWhere = new(
        VerbArguments.Where, "Only trials for which this holds: \"noise=label 0.4\" state=failed \"epochs>5\". Values as in a sweep file.", ArgumentKind.Options, "COLUMN=VALUE");

    private static IEnumerable<OperatorVerb> Reading =>
    [
        new("list", "The sweeps there are, and how far each is.", [VerbArgument.AsJson], ListVerb.Answer),
        new("status", "How a sweep, or all of them, is going: done, running, pace, time left, trainers.",
            [new(VerbArguments.Sweep, "The sweep; without it, all."), VerbArgument.AsJson], StatusVerb.Answer),
        new("trials", "A sweep's trials with their settings, state and accuracies.",
        [
            VerbArgument.OneSweep, OnlyWhere,
            new(VerbArguments.Sort, "By this column, the largest first; with a minus before it, the smallest first.", ArgumentKind.Option, "COLUMN"),
            new(VerbArguments.Limit, "At most so many.", ArgumentKind.Option, "N"), VerbArgument.AsJson,
        ], TrialsVerb.Answer),
        new("trial", "The story of one trial: its attempts, on which node, how far, and why each ended.",
            [VerbArgument.OneSweep, new(VerbArguments.Trial, "The trial's number."), VerbArgument.AsJson], TrialVerb.Answer),
        new("heat", "A measure over the first two axes as a map: · pending, ▒ running, ✗ without a result.",
        [
            VerbArgument.OneSweep,
            new(VerbArguments.Measure, "A column of trials.csv. Default: validation_accuracy_best.", ArgumentKind.Option, "COLUMN"),
            new(VerbArguments.Regularizer, "Only this regularizer; short for --where regularizer=VALUE.", ArgumentKind.Option, "VALUE"),
            OnlyWhere, VerbArgument.AsJson,
        ], HeatVerb.Answer),
        new("examples", "Which training examples have the largest score, such as forgetting: where the sweep file measures single examples.",
        [
            VerbArgument.OneSweep,
            new(VerbArguments.Top, "By this score, the largest first; with a minus before it, the smallest first. Default: the first that is measured. Where held-out is, also memorization and c-score, of all trials together.", ArgumentKind.Option, "SCORE"),
            new(VerbArguments.OneTrial, "Only of this trial; without it, the mean over all.", ArgumentKind.Option, "N"),
            OnlyWhere, new(VerbArguments.Limit, "At most so many. Default: 20.", ArgumentKind.Option, "N"), VerbArgument.AsJson,
        ], ExamplesVerb.Answer),
        new("tail", "A sweep's epochs and events as they come, or those of one trial; until Ctrl-C.",
            [VerbArgument.OneSweep, new(VerbArguments.Trial, "Only this trial."), VerbArgument.AsJson], TailVerb.Answer, Live: true),
        new("watch", "Follow a sweep live until it is over; leaving ends the watching, not the sweep.", [VerbArgument.OneSweep, VerbArgument.AsJson], WatchVerb.Answer, Live: true),
        new("export", "A sweep's results, from the journal.",
        [
            VerbArgument.OneSweep, new(VerbArguments.Format, "csv as in trials.csv, or json, the trials as one array. Default: csv.", ArgumentKind.Option, "csv|json"),
            new(VerbArguments.Json, "Short for --format json.", ArgumentKind.Flag),
        ], ExportVerb.Answer),
        new("nodes", "The trainers: slots, cores, memory, arithmetic, and why one gets no work.", [VerbArgument.AsJson], NodesVerb.Answer),
    ];

    public static readonly IReadOnlyList<OperatorVerb> All = [SubmitVerb.Verb, .. Reading, .. ControlVerbs.All];

    public static OperatorVerb? Find(string name) => All.FirstOrDefault(verb => verb.Name == name);
}
