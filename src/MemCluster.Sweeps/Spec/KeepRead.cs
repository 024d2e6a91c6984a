using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Reads which weights a sweep keeps: <c>keep: weights</c> (after the last epoch), <c>keep: weights best at 1,10</c>, <c>keep: { weights: [last, best, 10] }</c>;
/// and says what of that can't be.
/// </summary>
internal static class KeepRead
{
    private const string None = "none";
    private const string Expected = "'weights' (after the last epoch), 'weights best', 'weights last best at 1,10', or none";

    public static WeightsPlan Read(SpecNode? node, ProblemList problems)
    {
        switch (node)
        {
            case null or SpecScalar { IsNull: true }:
            case SpecScalar { Text: None }:
                return WeightsPlan.None;
            case SpecScalar scalar:
                return OfText(scalar, problems);
            case SpecMapping mapping:
                return OfMapping(mapping, problems);
            default:
                problems.Add(node.Place, $"keep is {Expected}");
                return WeightsPlan.None;
        }
    }

    /// <summary>What the sweep's trials have no weights for, or too many.</summary>
    public static void Check(SpecValues values, SpecDraft draft, ProblemList problems)
    {
        if (values.Keep == WeightsPlan.None)
        {
            return;
        }

        var place = draft.Keep!.Place;
        if (SpecChecks.Candidates(values, SettingsSchema.NetworkKind).Exists(candidate => candidate.Settings.Network.Kind == NetworkSettings.Sleep))
        {
            problems.Add(place, "keep: trials that only sleep have no weights; leave it out, or write 'keep: none'");
            return;
        }

        var most = SpecChecks.Candidates(values, "training.epochs").Max(candidate => candidate.Settings.Training.Epochs);
        if (values.Keep.At is [.., var last] && last > most)
        {
            problems.Add(place, $"weights are to be kept after epoch {Phrases.Count(last)}, and training has at most {Phrases.Count(most)}; take it out, or write 'last'");
        }

        if (values.Keep.Best && (SpecChecks.Candidates(values, "data.validation").Exists(candidate => candidate.Settings.Data.Validation == 0)
            || SpecChecks.Candidates(values, "data.labels").Exists(candidate => candidate.Settings.Data.Labels == DataSettings.UniqueLabels)))
        {
            problems.Add(place, "the best epoch is that of the best validation accuracy, and there are no validation examples; keep the last weights, or those at some epochs");
        }

        if (MostBytes(values) is var bytes and > WeightsPlan.MostBytes)
        {
            problems.Add(place, $"weights of {Phrases.Count(bytes >> 20)} MiB are too much to be kept, for they stand in the journal; a network may have {Phrases.Count(WeightsPlan.MostBytes >> 20)} MiB of them");
        }
    }

    /// <summary>
    /// The largest of the sweep's networks, value by value: what a setting adds to the size, it adds whatever the others are. Twice, because nothing has a size
    /// before its data is known.
    /// </summary>
    private static long MostBytes(SpecValues values)
    {
        ReadSetting[] given = [.. values.Fixed.Concat(values.Axes).Where(setting => setting.Values.Count > 0)];
        return NetworkSize.WeightBytes(given.Concat(given).Aggregate(
            new TrialSettings(), (settings, setting) => setting.Values.Select(value => value.Value.Put(settings)).MaxBy(NetworkSize.WeightBytes)!));
    }

    private static WeightsPlan OfText(SpecScalar scalar, ProblemList problems)
    {
        var words = scalar.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [WeightsPlan.Word, .. var moments])
        {
            problems.Add(scalar.Place, $"keep {Phrases.Quoted(scalar.Text)} is not {Expected}");
            return WeightsPlan.None;
        }

        var at = Array.IndexOf(moments, WeightsPlan.AtWord);
        return at >= 0 && at != moments.Length - 2
            ? Wrong(scalar.Place, WeightsPlan.AtWord, problems)
            : Of(at < 0 ? moments : [.. moments[..at], .. moments[at + 1].Split(',')], scalar.Place, problems);
    }

    private static WeightsPlan OfMapping(SpecMapping mapping, ProblemList problems)
    {
        var plan = WeightsPlan.None;
        foreach (var (key, value) in mapping.Entries)
        {
            if (key.Text != WeightsPlan.Word)
            {
                problems.Add(key.Place, $"unknown key {Phrases.Quoted(key.Text)} in keep{Phrases.Instead(key.Text, [WeightsPlan.Word])}");
                continue;
            }

            var given = value is SpecMapping { Entries: [var (at, list)] } && at.Text == WeightsPlan.AtWord ? list : value;
            IReadOnlyList<SpecNode> items = given is SpecSequence sequence ? sequence.Items : [given];
            plan = items.All(item => item is SpecScalar { IsNull: false })
                ? Of([.. items.Cast<SpecScalar>().SelectMany(item => item.Text.Split(','))], given.Place, problems)
                : Wrong(given.Place, "", problems);
        }

        return plan;
    }

    private static WeightsPlan Of(string[] moments, SpecPlace place, ProblemList problems)
    {
        var at = new List<int>();
        foreach (var moment in moments.Select(moment => moment.Trim()).Where(moment => moment is not (WeightsPlan.LastWord or WeightsPlan.BestWord)))
        {
            if (!ShortNumber.TryReadWhole(moment, out var epoch) || epoch is < 1 or > int.MaxValue)
            {
                return Wrong(place, moment, problems);
            }

            at.Add((int)epoch);
        }

        return WeightsPlan.Of(moments.Length == 0 || moments.Any(moment => moment.Trim() == WeightsPlan.LastWord), moments.Any(moment => moment.Trim() == WeightsPlan.BestWord), at);
    }

    private static WeightsPlan Wrong(SpecPlace place, string moment, ProblemList problems)
    {
        problems.Add(place, $"{Phrases.Quoted(moment)} is no moment to keep weights at; expected last, best, or epochs from 1: {Expected}");
        return WeightsPlan.None;
    }
}
