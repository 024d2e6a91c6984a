using System.Globalization;
using System.Text.Json.Serialization;

namespace MemCluster.Messages;

/// <summary>
/// A measure that a trial takes now and then: when, and with which constants, in the canonical text of sweep files
/// (<c>every 10 at 0,1 radii=0.3,1</c>, <c>log 10</c>, <c>last</c>). What equals a default is left out, so equal requests have equal texts.
/// </summary>
public sealed record MeasureRequest(string Text)
{
    public const string EveryWord = "every";
    public const string LogWord = "log";
    public const string AtWord = "at";
    public const string LastWord = "last";

    /// <summary>Every so many epochs, and at the last; null: not so.</summary>
    [JsonIgnore]
    public int? Every => After(EveryWord) is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : null;

    /// <summary>After the first epoch, so many in each decade of epochs (<see cref="LogEpochs"/>), and at the last; null: not so.</summary>
    [JsonIgnore]
    public int? Log => After(LogWord) is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : null;

    /// <summary>After these epochs; 0 is before the first.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> At =>
        After(AtWord) is { } list ? [.. list.Split(',').Where(one => one != LastWord).Select(one => int.Parse(one, CultureInfo.InvariantCulture))] : [];

    /// <summary>After the last epoch, whichever that is.</summary>
    [JsonIgnore]
    public bool AtLast => Every is not null || Log is not null || Words.Contains(LastWord) || (After(AtWord)?.Split(',').Contains(LastWord) ?? false);

    private string[] Words => Text.Split(' ');

    /// <param name="isLast">Training ends after this epoch.</param>
    public bool IsDue(int epoch, bool isLast) => (epoch > 0 && Every is { } every && epoch % every == 0)
        || (Log is { } inDecade && LogEpochs.Of(inDecade).Contains(epoch)) || At.Contains(epoch) || (isLast && AtLast);

    /// <summary>A constant's value as it is written; null where it has its default.</summary>
    public string? Constant(string name) => Words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private string? After(string word) => Array.IndexOf(Words, word) is var at and >= 0 && at + 1 < Words.Length ? Words[at + 1] : null;
}

/// <summary>Which measures a trial takes besides those of every epoch; null: not this one.</summary>
public sealed record MeasurePlan
{
    public MeasureRequest? Norms { get; init; }
    public MeasureRequest? TrainMode { get; init; }
    public MeasureRequest? Sharpness { get; init; }
    public MeasureRequest? Csr { get; init; }
    public MeasureRequest? LossSensitivity { get; init; }
    public MeasureRequest? ClassSensitivity { get; init; }
    public MeasureRequest? InputGradient { get; init; }
    public MeasureRequest? Learning { get; init; }
    public MeasureRequest? Loss { get; init; }
    public MeasureRequest? El2n { get; init; }
    public MeasureRequest? Grand { get; init; }
    public MeasureRequest? Curvature { get; init; }
    public MeasureRequest? Membership { get; init; }
    public MeasureRequest? HeldOut { get; init; }
    public MeasureRequest? InputNorm { get; init; }
    public MeasureRequest? SecondSplit { get; init; }
    public MeasureRequest? PredictionDepth { get; init; }
}
