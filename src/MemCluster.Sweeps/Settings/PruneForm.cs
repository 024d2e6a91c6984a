using System.Diagnostics.CodeAnalysis;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Which training examples are left out: <c>input-gradient highest 0.1</c>, <c>el2n window 0.3 from=0.1 runs=3</c>, <c>random 0.1</c>, in full
/// <c>{score: input-gradient, drop: highest, fraction: 0.1}</c>. When the score is measured, and with which constants, may follow as for the measure
/// itself: <c>every=10</c>, <c>at=20</c>, <c>norm=l1</c>.
/// </summary>
internal sealed class PruneForm : Form<Prune>
{
    private const string Score = "score";
    private const string Drop = "drop";
    private const string Fraction = "fraction";
    private const string From = "from";
    private const string Runs = "runs";

    private static readonly string[] Own = [Score, Drop, Fraction, From, Runs];
    private static readonly string[] Times = [MeasureRequest.EveryWord, MeasureRequest.AtWord, MeasureRequest.LastWord];
    private static readonly string[] Ways = [Drops.Highest, Drops.Lowest, Drops.Random, Drops.Window];
    private static readonly RealForm Share = new("a share from 0 to below 1", share => share is >= 0 and < 1);
    private static readonly WholeForm RunCount = new(1, Prune.MostRuns);
    private static readonly WordForm Way = new(Ways);

    /// <summary>Per-example scores as sweep files name them, with the measure that each is found by.</summary>
    internal static readonly IReadOnlyDictionary<string, MeasureKind> Scores = MeasureKind.All
        .SelectMany(kind => kind.Examples.Where(name => name != ExampleNames.Correct && !MeasureKind.OfSomeExamples.Contains(name)).Select(name => (Name: Written(name), kind)))
        .ToDictionary(score => score.Name, score => score.kind);

    public override string Expected => "what to leave out, such as 'none', 'random 0.1' or 'input-gradient highest 0.1'";

    public override string Write(Prune value)
    {
        if (value.Drop == Drops.Nothing)
        {
            return Drops.Nothing;
        }

        var text = value.NeedsScores ? $"{Written(value.Score)} {value.Drop}" : value.Drop;
        text += $" {ShortNumber.Write(value.Fraction)}";
        text += value.Drop == Drops.Window ? $" {From}={ShortNumber.Write(value.From)}" : "";
        text += value.Runs == 1 ? "" : $" {Runs}={ShortNumber.Write(value.Runs)}";
        return value.NeedsScores && value.Measured != UsualTimes(Scores[Written(value.Score)]) ? $"{text} {InOneWord(value.Measured)}" : text;
    }

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, [MaybeNullWhen(false)] out Prune value)
    {
        value = null;
        if (IsMissing(node, subject, problems))
        {
            return false;
        }

        if (node is SpecScalar scalar && scalar.Text.Trim() == Drops.Nothing)
        {
            value = Prune.None;
            return true;
        }

        var before = problems.Count;
        if (Entries(node, subject, problems) is not { } given)
        {
            return false;
        }

        value = Read(given, node, subject, problems);
        value = problems.Count == before ? value : null;
        return value is not null;
    }

    private static Prune? Read(Dictionary<string, SpecEntry> given, SpecNode node, string subject, ProblemList problems)
    {
        if (!given.TryGetValue(Drop, out var dropped))
        {
            problems.Add(node.Place, $"{subject} does not say what to drop; write 'drop:' with one of {Phrases.Listed(Ways)}");
            return null;
        }

        if (!given.TryGetValue(Fraction, out var share))
        {
            problems.Add(node.Place, $"{subject} does not say how much; write 'fraction: 0.1'");
            return null;
        }

        if (!Way.TryRead(dropped.Value, $"{subject} {Drop}", problems, out var drop) || !Share.TryRead(share.Value, $"{subject} {Fraction}", problems, out var fraction))
        {
            return null;
        }

        var (from, runs) = (0.0, 1);
        if (given.TryGetValue(From, out var fromEntry))
        {
            if (drop != Drops.Window)
            {
                problems.Add(fromEntry.Key.Place, $"{subject} {From} belongs to 'drop: {Drops.Window}'; take it out");
            }
            else if (Share.TryRead(fromEntry.Value, $"{subject} {From}", problems, out from) && from > fraction)
            {
                problems.Add(fromEntry.Value.Place,
                    $"{subject} leaves out {ShortNumber.Write(fraction)} in all, so at the low end at most that: {From} {ShortNumber.Write(from)} is more");
            }
        }
        else if (drop == Drops.Window)
        {
            problems.Add(dropped.Value.Place, $"{subject} with a window says where it begins; write '{From}: 0.05', the share that is left out at the low end");
        }

        if (given.TryGetValue(Runs, out var runsEntry))
        {
            RunCount.TryRead(runsEntry.Value, $"{subject} {Runs}", problems, out runs);
        }

        if (drop == Drops.Random)
        {
            // Drawn, not scored: whatever else is said would only make two cells of one.
            return fraction == 0 ? Prune.None : new("", drop, fraction);
        }

        if (!given.TryGetValue(Score, out var scored) || scored.Value is not SpecScalar { IsNull: false } name)
        {
            problems.Add(node.Place, $"{subject} does not say by which score; write 'score:' with one of {Phrases.Listed(Scores.Keys)}");
            return null;
        }

        if (!Scores.TryGetValue(name.Text.Trim(), out var kind))
        {
            problems.Add(name.Place, $"unknown score {Phrases.Quoted(name.Text)}{Phrases.Instead(name.Text, [.. Scores.Keys])}");
            return null;
        }

        if (Measured(given, kind, subject, node.Place, problems) is not { } measured)
        {
            return null;
        }

        // A window at one end is what the plain word says, and nothing at all is none: one cell each.
        var plain = drop != Drops.Window ? drop : from == 0 ? Drops.Highest : from == fraction ? Drops.Lowest : drop;
        return fraction == 0 ? Prune.None : new(name.Text.Trim().Replace('-', '_'), plain, fraction, plain == Drops.Window ? from : 0, runs, measured);
    }

    /// <summary>When and how, read as for the measure itself.</summary>
    private static string? Measured(Dictionary<string, SpecEntry> given, MeasureKind kind, string subject, SpecPlace place, ProblemList problems)
    {
        SpecEntry[] own = [.. given.Where(entry => !Own.Contains(entry.Key)).Select(entry => entry.Value)];
        if (!own.Any(entry => Times.Contains(entry.Key.Text)))
        {
            own = [.. own, .. UsualEntries(kind)];
        }

        return new MeasureForm(kind).TryRead(new SpecMapping(place, own), subject, problems, out var request) ? request!.Text : null;
    }

    /// <summary>What goes back through training is known at its end; everything else is averaged over training (Arpit et al.'s question, fact sheet 4.3).</summary>
    private static SpecEntry[] UsualEntries(MeasureKind kind) => kind.Name == "loss-sensitivity"
        ? [new(SpecScalar.Of(MeasureRequest.LastWord), SpecScalar.Of(MeasureRequest.LastWord))]
        : [new(SpecScalar.Of(MeasureRequest.EveryWord), SpecScalar.Of("1"))];

    private static string UsualTimes(MeasureKind kind) => kind.Name == "loss-sensitivity" ? MeasureRequest.LastWord : $"{MeasureRequest.EveryWord} 1";

    /// <summary><c>every 10 at 0,1 norm=l1</c> as <c>every=10 at=0,1 norm=l1</c>.</summary>
    private static string InOneWord(string measured)
    {
        var words = measured.Split(' ');
        var written = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            written.Add(words[i] switch
            {
                MeasureRequest.LastWord => $"{MeasureRequest.AtWord}={MeasureRequest.LastWord}",
                MeasureRequest.EveryWord or MeasureRequest.AtWord => $"{words[i]}={words[++i]}",
                var constant => constant,
            });
        }

        return string.Join(' ', written);
    }

    private static Dictionary<string, SpecEntry>? Entries(SpecNode node, string subject, ProblemList problems)
    {
        var given = new Dictionary<string, SpecEntry>();
        var before = problems.Count;
        switch (node)
        {
            case SpecMapping mapping:
                foreach (var entry in mapping.Entries)
                {
                    Take(entry);
                }

                break;
            case SpecScalar scalar:
                var words = scalar.Words();
                string[] inOrder = words.Count > 0 && words[0].Text == Drops.Random ? [Drop, Fraction] : [Score, Drop, Fraction];
                var next = 0;
                foreach (var word in words)
                {
                    var equals = word.Text.IndexOf('=', StringComparison.Ordinal);
                    if (equals >= 0)
                    {
                        Take(new(word.Part(0, equals), word.Part(equals + 1, word.Text.Length - equals - 1)));
                    }
                    else if (next < inOrder.Length)
                    {
                        Take(new(word with { Text = inOrder[next++] }, word));
                    }
                    else
                    {
                        problems.Add(word.Place, $"{subject} takes a score, what to drop and a share; take {Phrases.Quoted(word.Text)} out, or write it as key=value");
                    }
                }

                break;
            default:
                problems.Add(node.Place, $"{subject} takes one value here; to sweep over several, list them under axes");
                break;
        }

        return problems.Count == before ? given : null;

        void Take(SpecEntry entry)
        {
            string[] valid = [.. Own, .. Times, .. Scores.Values.SelectMany(kind => kind.Constants).Select(constant => constant.Name).Distinct()];
            if (!valid.Contains(entry.Key.Text))
            {
                problems.Add(entry.Key.Place, $"unknown key {Phrases.Quoted(entry.Key.Text)} of {subject}{Phrases.Instead(entry.Key.Text, valid)}");
            }
            else if (!given.TryAdd(entry.Key.Text, entry))
            {
                problems.Add(entry.Key.Place, $"{subject} gives its {entry.Key.Text} twice; keep one of them");
            }
        }
    }

    private static string Written(string score) => score.Replace('_', '-');
}
