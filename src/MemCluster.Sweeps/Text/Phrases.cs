using System.Globalization;
using System.Numerics;

namespace MemCluster.Sweeps;

/// <summary>How sentences about settings name numbers, and find the word that somebody may have meant.</summary>
public static class Phrases
{
    /// <summary><c>70,000</c></summary>
    public static string Count(BigInteger number) => number < BigInteger.Pow(10, 21)
        ? number.ToString("N0", CultureInfo.InvariantCulture)
        : number.ToString("0.0e0", CultureInfo.InvariantCulture);

    /// <summary>A number as it is, anything else in quotes.</summary>
    public static string Quoted(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? text.Trim() : $"'{Shortened(text)}'";

    public static string Listed(IEnumerable<string> words) => string.Join(", ", words);

    /// <summary>More words than this are no help in a message.</summary>
    private const int MostListed = 40;

    /// <summary>
    /// <c>; did you mean 'regularizer'?</c> where a valid word is near, else what the valid words are; of very many, those that are least far.
    /// </summary>
    public static string Instead(string word, IReadOnlyCollection<string> valid) => Nearest(word, valid) is { } near
        ? $"; did you mean '{near}'?"
        : valid.Distinct().ToArray() is { Length: > MostListed } many
            ? $"; there are {many.Length}, such as {Listed(many.OrderBy(candidate => Distance(word.Length > 64 ? "" : word, candidate)).Take(5))}"
            : $"; expected one of {Listed(valid.Distinct())}";

    /// <summary>The nearest of the valid words: at most a third of its letters differ. Null if none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> valid)
    {
        // Far longer than any valid word: no typing slip, and the distance costs the product of the lengths.
        if (word.Length is 0 or > 64)
        {
            return null;
        }

        var typed = word.ToLowerInvariant();
        var best = valid
            .Select(candidate => (Word: candidate, Distance: Distance(typed, candidate)))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault(candidate => candidate.Distance <= Math.Max(1, Math.Max(candidate.Word.Length, typed.Length) / 3));
        return best.Word;
    }

    /// <summary>Damerau–Levenshtein (optimal string alignment): letters added, left out, replaced, or two neighbours exchanged.</summary>
    internal static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }

    private static string Shortened(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 60 ? line : line[..57] + "...";
    }
}
