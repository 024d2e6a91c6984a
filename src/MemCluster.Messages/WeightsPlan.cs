using System.Globalization;
using System.Text.Json.Serialization;

namespace MemCluster.Messages;

/// <summary>
/// Which weights of a trial are kept, in the canonical text of sweep files: <c>weights</c> (after the last epoch), <c>weights best</c>,
/// <c>weights last best at 1,10</c>; empty: none. Keeping changes no bit of a trial, so it is no part of its settings.
/// </summary>
public sealed record WeightsPlan(string Text)
{
    public const string Word = "weights";
    public const string LastWord = "last";
    public const string BestWord = "best";
    public const string AtWord = "at";

    /// <summary>A copy of one epoch's weights may have so many bytes: it travels in words, and lies in the journal.</summary>
    public const long MostBytes = 128L << 20;

    public static readonly WeightsPlan None = new("");

    /// <summary>After the last epoch that was measured: of a diverged trial, the last finite one.</summary>
    [JsonIgnore]
    public bool Last => Text == Word || Words.Contains(LastWord);

    /// <summary>After the first epoch of the best validation accuracy.</summary>
    [JsonIgnore]
    public bool Best => Words.Contains(BestWord);

    /// <summary>After these epochs, ascending, from 1; those that a trial does not reach are not there.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> At => Words is [.., AtWord, var list] ? [.. list.Split(',').Select(one => int.Parse(one, CultureInfo.InvariantCulture))] : [];

    /// <summary>Copies of a trial that trains this many epochs; fewer where the best epoch is the last one, or one of the others.</summary>
    [JsonIgnore]
    public int MostCopies => (Last ? 1 : 0) + (Best ? 1 : 0) + At.Count;

    private string[] Words => Text.Split(' ');

    /// <param name="at">Epochs in any order, from 1.</param>
    public static WeightsPlan Of(bool last, bool best, IEnumerable<int> at)
    {
        var epochs = string.Join(',', at.Distinct().Order().Select(epoch => epoch.ToString(CultureInfo.InvariantCulture)));
        string[] words = [.. last ? [LastWord] : (string[])[], .. best ? [BestWord] : (string[])[], .. epochs.Length > 0 ? [$"{AtWord} {epochs}"] : (string[])[]];
        return words.Length == 0 ? None : words is [LastWord] ? new(Word) : new($"{Word} {string.Join(' ', words)}");
    }
}
