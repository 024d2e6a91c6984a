using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// When a measure is taken, and with which constants: <c>every 10 radii=0.3,1</c>, <c>log 10</c>, <c>at 0,1,10</c>, <c>last</c>, in full
/// <c>{every: 10, at: [0, 1], radii: [0.3, 1]}</c>.
/// </summary>
internal sealed class MeasureForm(MeasureKind kind) : Form<MeasureRequest?>
{
    private const string None = "none";

    private static readonly string[] Times = [MeasureRequest.EveryWord, MeasureRequest.LogWord, MeasureRequest.AtWord, MeasureRequest.LastWord];
    private static readonly WholeForm Epochs = new(1, 1_000_000);
    private static readonly WholeForm InDecade = new(1, LogEpochs.MostInDecade);
    private static readonly FlagForm Flag = new();

    private readonly string[] _valid = [.. Times, .. kind.Constants.Select(constant => constant.Name)];

    public override string Expected => "when to measure, such as 'every 10', 'log 10', 'at 0,1,10' or 'last' (epochs)";

    public override string Write(MeasureRequest? value) => value?.Text ?? None;

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, out MeasureRequest? value)
    {
        value = null;
        if (IsMissing(node, subject, problems))
        {
            return false;
        }

        if (node is SpecScalar scalar && scalar.Text.Trim() == None)
        {
            return true;
        }

        var before = problems.Count;
        if (Entries(node, subject, problems) is not { } given)
        {
            return false;
        }

        var text = new List<string>();
        ReadTimes(given, node, subject, problems, text);
        foreach (var constant in kind.Constants)
        {
            if (given.TryGetValue(constant.Name, out var at) && ConstantText(constant, at, subject, problems) is { } canonical && canonical != constant.Default)
            {
                text.Add($"{constant.Name}={canonical}");
            }
        }

        value = problems.Count == before ? new(string.Join(' ', text)) : null;
        return value is not null;
    }

    /// <summary>What is given, by name, however it is written.</summary>
    private Dictionary<string, SpecNode>? Entries(SpecNode node, string subject, ProblemList problems)
    {
        var given = new Dictionary<string, SpecNode>();
        var before = problems.Count;
        switch (node)
        {
            case SpecMapping mapping:
                foreach (var (key, value) in mapping.Entries)
                {
                    Take(key, value);
                }

                break;
            case SpecScalar scalar:
                var words = scalar.Words();
                for (var i = 0; i < words.Count; i++)
                {
                    var equals = words[i].Text.IndexOf('=', StringComparison.Ordinal);
                    if (equals >= 0)
                    {
                        Take(words[i].Part(0, equals), words[i].Part(equals + 1, words[i].Text.Length - equals - 1));
                    }
                    else
                    {
                        Take(words[i], words[i].Text == MeasureRequest.LastWord || i + 1 == words.Count ? words[i] : words[++i]);
                    }
                }

                break;
            default:
                problems.Add(node.Place, $"{subject} takes one value here, {Expected}; to sweep over several, list them under axes");
                break;
        }

        return problems.Count == before ? given : null;

        void Take(SpecScalar key, SpecNode value)
        {
            if (!_valid.Contains(key.Text))
            {
                problems.Add(key.Place, $"unknown key {Phrases.Quoted(key.Text)} of {subject}{Phrases.Instead(key.Text, _valid)}");
            }
            else if (!given.TryAdd(key.Text, value))
            {
                problems.Add(key.Place, $"{subject} gives its {key.Text} twice; keep one of them");
            }
        }
    }

    private static void ReadTimes(Dictionary<string, SpecNode> given, SpecNode node, string subject, ProblemList problems, List<string> text)
    {
        var every = given.TryGetValue(MeasureRequest.EveryWord, out var everyNode);
        if (every && Epochs.TryRead(everyNode!, $"{subject} every", problems, out var period))
        {
            text.Add($"{MeasureRequest.EveryWord} {ShortNumber.Write(period)}");
        }

        var log = given.TryGetValue(MeasureRequest.LogWord, out var logNode);
        if (log && InDecade.TryRead(logNode!, $"{subject} log", problems, out var each))
        {
            text.Add($"{MeasureRequest.LogWord} {ShortNumber.Write(each)}");
        }

        var again = every || log; // Both measure at the last epoch in any case.
        var last = given.TryGetValue(MeasureRequest.LastWord, out var lastNode)
            && (lastNode is SpecScalar { Text: MeasureRequest.LastWord } || (Flag.TryRead(lastNode, $"{subject} last", problems, out var on) && on));
        var epochs = given.TryGetValue(MeasureRequest.AtWord, out var at) ? ReadAt(at, subject, problems, ref last) : [];
        if (epochs.Count > 0)
        {
            text.Add($"{MeasureRequest.AtWord} {string.Join(',', epochs)}{(last && !again ? "," + MeasureRequest.LastWord : "")}");
        }
        else if (last && !again)
        {
            text.Add(MeasureRequest.LastWord);
        }
        else if (!again && at is null)
        {
            problems.Add(node.Place, $"{subject} does not say when: write 'every 10', 'log 10', 'at 0,1,10' or 'last' (epochs; 0 is before training)");
        }
    }

    private static List<int> ReadAt(SpecNode at, string subject, ProblemList problems, ref bool last)
    {
        var epochs = new SortedSet<int>();
        foreach (var item in Items(at))
        {
            if (item is SpecScalar { Text: MeasureRequest.LastWord })
            {
                last = true;
            }
            else if (item is SpecScalar scalar && ShortNumber.TryReadWhole(scalar.Text.Trim(), out var epoch) && epoch is >= 0 and <= 1_000_000)
            {
                epochs.Add((int)epoch);
            }
            else
            {
                problems.Add(item.Place, $"{subject} at {(item is SpecScalar wrong ? Phrases.Quoted(wrong.Text) : "here")} is not an epoch: a whole number from 0, or 'last'");
            }
        }

        return [.. epochs];
    }

    private static string? ConstantText(MeasureConstant constant, SpecNode node, string subject, ProblemList problems)
    {
        var items = constant.Form == ConstantForm.Reals ? Items(node) : [node];
        var texts = items.Select(item => item is SpecScalar scalar ? Canonical(constant, scalar.Text.Trim()) : null).ToList();
        var wrong = texts.IndexOf(null);
        if (wrong < 0 && texts.Count > 0)
        {
            return string.Join(',', constant.Form == ConstantForm.Reals ? texts.Distinct() : texts);
        }

        var at = texts.Count > 0 ? items[wrong] : node;
        problems.Add(at.Place, $"{subject} {constant.Name} {(at is SpecScalar text ? Phrases.Quoted(text.Text) : "here")} is not {constant.Expected} ({constant.Meaning})");
        return null;
    }

    private static string? Canonical(MeasureConstant constant, string text)
    {
        if (constant.Form == ConstantForm.Word)
        {
            return constant.Choices.Contains(text) ? text : null;
        }

        if (constant.Form == ConstantForm.Whole)
        {
            return ShortNumber.TryReadWhole(text, out var whole) && constant.Within!(whole) ? whole.ToString(CultureInfo.InvariantCulture) : null;
        }

        return ShortNumber.TryRead(text, out var real) && constant.Within!(real) ? ShortNumber.Write(real) : null;
    }

    private static IReadOnlyList<SpecNode> Items(SpecNode node) => node switch
    {
        SpecSequence sequence => sequence.Items,
        SpecScalar { IsNull: false } scalar => scalar.Split(letter => letter == ',' || char.IsWhiteSpace(letter)),
        _ => [node],
    };
}
