namespace MemCluster.Operations.Verbs;

/// <summary>How an argument is said.</summary>
public enum ArgumentKind
{
    /// <summary>By its place.</summary>
    Word,

    /// <summary>By its place, one or more: files that the door finds for the verb.</summary>
    Files,

    /// <summary><c>--name</c>: there or not there.</summary>
    Flag,

    /// <summary><c>--name VALUE</c>.</summary>
    Option,

    /// <summary><c>--name VALUE --name VALUE</c>, as often as one likes.</summary>
    Repeated,

    /// <summary><c>--name VALUE VALUE …</c>, as often as one likes.</summary>
    Options,
}

/// <summary>An argument of a verb.</summary>
/// <param name="Required">Without it the verb can't answer.</param>
/// <param name="Value">What stands for its value in help texts.</param>
public sealed record VerbArgument(string Name, string Description, ArgumentKind Kind = ArgumentKind.Word, string Value = "", bool Required = false)
{
    internal static readonly VerbArgument AsJson = new(VerbArguments.Json, "Print JSON instead of text.", ArgumentKind.Flag);
    internal static readonly VerbArgument DontAsk = new(VerbArguments.Yes, "Don't ask.", ArgumentKind.Flag);
    internal static readonly VerbArgument OneSweep = new(VerbArguments.Sweep, "The sweep; may be left out where there is only one.");
}

/// <summary>What was said after a verb's name; flags have the value <c>true</c>.</summary>
public sealed class VerbArguments(IReadOnlyDictionary<string, IReadOnlyList<string>> values, AskedAt? door = null)
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

    public AskedAt Door { get; } = door ?? AskedAt.Terminal;

    public string? this[string name] => All(name) is [var first, ..] ? first : null;

    public IReadOnlyList<string> All(string name) => values.GetValueOrDefault(name) ?? [];

    public bool Has(string name) => this[name] == "true";
}
