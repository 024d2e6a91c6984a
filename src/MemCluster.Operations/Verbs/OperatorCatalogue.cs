namespace MemCluster.Operations.Verbs;

/// <summary>Every verb there is, once: each door lists these and adds none of its own.</summary>
public static class OperatorCatalogue
{
    public const string Sweep = "sweep";
    public const string Json = "json";
    public const string Trial = "n";
    public const string Where = "where";
    public const string Sort = "sort";
    public const string Limit = "limit";
    public const string Measure = "measure";
    public const string Regularizer = "regularizer";
    public const string Failed = "failed";
    public const string Priority = "priority";
    public const string Node = "node";
    public const string Undo = "undo";
    public const string OneTrial = "trial";
    public const string Top = "top";
    public const string Yes = "yes";
    public const string Spec = "spec";
    public const string Set = "set";
    public const string Preset = "preset";
    public const string AcceptVersion = "accept-version";
    public const string Format = "format";

    internal static readonly VerbArgument AsJson = new(Json, "Print JSON instead of text.", ArgumentKind.Flag);
    internal static readonly VerbArgument DontAsk = new(Yes, "Don't ask.", ArgumentKind.Flag);
    internal static readonly VerbArgument OneSweep = new(Sweep, "The sweep; may be left out where there is only one.");

    private static readonly VerbArgument OnlyWhere = new(
        Where, "Only trials for which this holds: \"noise=label 0.4\" state=failed \"epochs>5\". Values as in a sweep file.", ArgumentKind.Options, "COLUMN=VALUE");

    private static IEnumerable<OperatorVerb> Reading =>
    [
        new("list", "The sweeps there are, and how far each is.", [AsJson], ListVerb.Answer),
        new("status", "How a sweep, or all of them, is going: done, running, pace, time left, trainers.",
            [new(Sweep, "The sweep; without it, all."), AsJson], StatusVerb.Answer),
        new("trials", "A sweep's trials with their settings, state and accuracies.",
        [
            OneSweep, OnlyWhere,
            new(Sort, "By this column, the largest first; with a minus before it, the smallest first.", ArgumentKind.Option, "COLUMN"),
            new(Limit, "At most so many.", ArgumentKind.Option, "N"), AsJson,
        ], TrialsVerb.Answer),
        new("trial", "The story of one trial: its attempts, on which node, how far, and why each ended.",
            [OneSweep, new(Trial, "The trial's number."), AsJson], TrialVerb.Answer),
        new("heat", "A measure over the first two axes as a map: · pending, ▒ running, ✗ without a result.",
        [
            OneSweep,
            new(Measure, "A column of trials.csv. Default: validation_accuracy_best.", ArgumentKind.Option, "COLUMN"),
            new(Regularizer, "Only this regularizer; short for --where regularizer=VALUE.", ArgumentKind.Option, "VALUE"),
            OnlyWhere, AsJson,
        ], HeatVerb.Answer),
        new("examples", "Which training examples have the largest score, such as forgetting: where the sweep file measures single examples.",
        [
            OneSweep,
            new(Top, "By this score, the largest first; with a minus before it, the smallest first. Default: the first that is measured. Where held-out is, also memorization and c-score, of all trials together.", ArgumentKind.Option, "SCORE"),
            new(OneTrial, "Only of this trial; without it, the mean over all.", ArgumentKind.Option, "N"),
            OnlyWhere, new(Limit, "At most so many. Default: 20.", ArgumentKind.Option, "N"), AsJson,
        ], ExamplesVerb.Answer),
        new("tail", "A sweep's epochs and events as they come, or those of one trial; until Ctrl-C.",
            [OneSweep, new(Trial, "Only this trial."), AsJson], TailVerb.Answer, Live: true),
        new("watch", "Follow a sweep live until it is over; leaving ends the watching, not the sweep.", [OneSweep, AsJson], WatchVerb.Answer, Live: true),
        new("export", "A sweep's results, from the journal.",
        [
            OneSweep, new(Format, "csv as in trials.csv, or json, the trials as one array. Default: csv.", ArgumentKind.Option, "csv|json"),
            new(Json, "Short for --format json.", ArgumentKind.Flag),
        ], ExportVerb.Answer),
        new("nodes", "The trainers: slots, cores, memory, arithmetic, and why one gets no work.", [AsJson], NodesVerb.Answer),
    ];

    public static readonly IReadOnlyList<OperatorVerb> All = [SubmitVerb.Verb, .. Reading, .. ControlVerbs.All];

    public static OperatorVerb? Find(string name) => All.FirstOrDefault(verb => verb.Name == name);
}
