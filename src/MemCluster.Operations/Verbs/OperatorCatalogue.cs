namespace MemCluster.Operations.Verbs;

/// <summary>Every verb there is, once: each door lists these and adds none of its own.</summary>
public static class OperatorCatalogue
{
    public const string Sweep = "sweep";
    public const string Json = "json";

    internal static readonly VerbArgument AsJson = new(Json, "Print JSON instead of a table.", Flag: true);

    public static readonly IReadOnlyList<OperatorVerb> All =
    [
        new("list", "The sweeps there are, and how far each is.", [AsJson], ListVerb.Answer),
        new("status", "How a sweep, or all of them, is going: done, running, pace, time left, trainers.",
            [new(Sweep, "The sweep; without it, all."), AsJson], StatusVerb.Answer),
        new("trials", "A sweep's trials with their settings, state and accuracies.",
            [new(Sweep, "The sweep; may be left out where there is only one."), AsJson], TrialsVerb.Answer),
    ];

    public static OperatorVerb? Find(string name) => All.FirstOrDefault(verb => verb.Name == name);
}
