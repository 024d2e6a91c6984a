using System.Numerics;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// What no value shows alone: combinations. Each rule looks at pairs of values, never at the product of the axes, so that a sweep of any
/// size is checked at once, and no trial can turn out to be impossible later.
/// </summary>
internal static class SpecChecks
{
    /// <summary>Trials in one sweep.</summary>
    public const int MostTrials = 10_000_000;

    private const string Sampling = "training.sampling";
    private const string Optimizers = "training.optimizer";

    public static void Check(SpecValues values, SpecDraft draft, ProblemList problems)
    {
        FixedAndAxis(values, problems);
        OneArithmetic(values, problems);
        NetworkOwns(values, problems);
        WidthsStandAlone(values, problems);
        DataIsNamed(values, draft, problems);
        DataHoldsEnough(values, problems);
        DataDrawChecks.Check(values, problems);
        ArePictures(values, problems);
        NoBatchOfOne(values, problems);
        NothingIsLeft(values, problems);
        TrainingFits(values, problems);
        SecondSplitChecks.Check(values, problems);
        MeasureChecks.Check(values, problems);
        PruneChecks.Check(values, draft, problems);
        KeepRead.Check(values, draft, problems);
        ReplicatesRead.Check(values, problems);
        NotTooMany(values, draft, problems);
    }

    private static void FixedAndAxis(SpecValues values, ProblemList problems)
    {
        foreach (var given in values.Fixed)
        {
            if (values.Axes.FirstOrDefault(axis => axis.Setting == given.Setting) is not { } axis)
            {
                continue;
            }

            problems.Add(given.KeyPlace, given.KeyPlace.Source > 0
                ? $"{given.Setting.Path} is an axis of this sweep; set the axis instead: --set axes.{axis.Setting.Name}=[VALUE]"
                : $"{given.Setting.Path} is fixed here and is also the axis '{axis.Setting.Name}'{InLine(axis.KeyPlace)}; keep one of them");
        }
    }

    /// <summary>A process is pinned to one instruction set, and a sweep's machines agree on one.</summary>
    private static void OneArithmetic(SpecValues values, ProblemList problems)
    {
        if (values.Axes.FirstOrDefault(axis => axis.Setting.Path == SettingsSchema.Numerics && axis.Values.Count > 1) is { } axis)
        {
            problems.Add(axis.KeyPlace, "a sweep computes with one instruction set; write 'numerics' outside of the axes, and the other one in a sweep of its own");
        }
    }

    private static void NetworkOwns(SpecValues values, ProblemList problems)
    {
        var kinds = Candidates(values, SettingsSchema.NetworkKind)
            .Select(candidate => NetworkKind.Find(candidate.Settings.Network.Kind)!).Distinct().ToList();

        // A sleep sweep may carry any axes: it stands in for the real one, to try out a deployment.
        var standsIn = kinds.TrueForAll(kind => kind.Name == NetworkSettings.Sleep);
        foreach (var given in values.Fixed.Concat(standsIn ? [] : values.Axes).Where(given => given.Setting.Section == "network" && given.Setting.Key != "kind"))
        {
            if (kinds.Find(kind => !kind.Owns.Contains(given.Setting.Key)) is { } stranger)
            {
                problems.Add(given.KeyPlace,
                    $"{given.Setting.Path} does not belong to network '{stranger.Name}', which has {Phrases.Listed(stranger.Owns)}; leave it out, or sweep the kinds of network apart");
            }
        }
    }

    /// <summary>What widths say of every layer, depth and width would say again.</summary>
    private static void WidthsStandAlone(SpecValues values, ProblemList problems)
    {
        var all = values.Fixed.Concat(values.Axes).ToArray();
        if (!Array.Exists(all, given => given.Setting.Path == SettingsSchema.Widths))
        {
            return;
        }

        foreach (var given in all.Where(given => given.Setting.Path is "network.depth" or "network.width"))
        {
            problems.Add(given.KeyPlace, $"{SettingsSchema.Widths} says how many layers there are and how wide each is; take {given.Setting.Path} out");
        }
    }

    private static void DataIsNamed(SpecValues values, SpecDraft draft, ProblemList problems)
    {
        var isNamed = draft.Fixed.Concat(draft.Axes).Any(given => given.Setting.Path == SettingsSchema.DataName);
        var trains = Candidates(values, SettingsSchema.NetworkKind).Exists(candidate => candidate.Settings.Network.Kind != NetworkSettings.Sleep);
        if (trains && !isNamed)
        {
            problems.Add(draft.DataPlace,
                $"no data set is named; write 'data: {{ name: glyphs }}' ({Phrases.Listed(DataCatalog.All.Select(card => card.Name))})");
        }
    }

    private static void DataHoldsEnough(SpecValues values, ProblemList problems)
    {
        var cards = Candidates(values, SettingsSchema.DataName)
            .Select(candidate => DataCatalog.Find(candidate.Settings.Data.Name)).OfType<DataSetCard>().ToList();
        var trains = Candidates(values, "data.train");
        foreach (var train in trains)
        {
            if (train.Settings.Data.Train is { } asked && cards.Find(card => asked > card.Train) is { } small)
            {
                problems.Add(train.Place, TooMany(small.Name, small.Train, "training", asked));
            }
        }

        foreach (var split in Candidates(values, "data.split").Select(candidate => candidate.Settings.Data.Split))
        {
            foreach (var scored in Candidates(values, "data.validation"))
            {
                if (scored.Settings.Data.Validation is { } asked && cards.Find(card => asked > card.Scored(split)) is { } small)
                {
                    problems.Add(scored.Place, TooMany(small.Name, small.Scored(split), split, asked));
                }
            }
        }

        foreach (var pool in Candidates(values, "data.pool"))
        {
            var side = pool.Settings.Data.Pool;
            if (cards.Find(card => card.Height % side != 0 || card.Width % side != 0) is { } uneven)
            {
                problems.Add(pool.Place, $"images of {uneven.Name} have {uneven.Height} x {uneven.Width} pixels, which squares of {side} x {side} don't fill; take a pool that divides both");
            }
        }

        if (Candidates(values, "data.balanced").Find(candidate => candidate.Settings.Data.Balanced) is not { Settings: not null } balanced)
        {
            return;
        }

        foreach (var train in trains)
        {
            foreach (var card in cards)
            {
                var asked = train.Settings.Data.Train ?? card.Train;
                if (asked % card.Classes != 0)
                {
                    problems.Add(train.IsGiven ? train.Place : balanced.Place,
                        $"balanced needs equally many examples of each of the {card.Classes} classes of {card.Name}, and {Phrases.Count(asked)} is no multiple of {card.Classes}; "
                        + $"ask for {Phrases.Count(Math.Max(1, asked / card.Classes) * card.Classes)}");
                }
            }
        }
    }

    /// <summary>Two convolutions of 5 × 5 and two poolings without padding need images of 28 × 28.</summary>
    private static void NothingIsLeft(SpecValues values, ProblemList problems)
    {
        if (Candidates(values, "data.pool").Exists(candidate => candidate.Settings.Data.Pool > 1)
            && Candidates(values, "network.padding").Find(candidate => candidate.Settings.Network.Padding == "valid") is { Settings: not null } valid)
        {
            problems.Add(valid.Place, "images made smaller by data.pool are too small for convolutions without padding; write 'padding: same'");
        }
    }

    /// <summary>Neighbouring pixels of an addition table have nothing to do with each other.</summary>
    private static void ArePictures(SpecValues values, ProblemList problems)
    {
        if (Candidates(values, SettingsSchema.NetworkKind).Find(candidate => candidate.Settings.Network.Kind == NetworkSettings.Cnn) is { Settings: not null } cnn
            && Candidates(values, SettingsSchema.DataName).Find(candidate => DataCatalog.Find(candidate.Settings.Data.Name) is { Height: < 28 }) is { Settings: not null } table)
        {
            problems.Add(cnn.Place, $"{table.Settings.Data.Name} has no pictures for convolutions to look at; write 'network: {{ kind: mlp }}'");
        }
    }

    /// <summary>Settings that would do nothing without another.</summary>
    private static void TrainingFits(SpecValues values, ProblemList problems)
    {
        if (Candidates(values, "training.epoch-steps").Find(candidate => candidate.Settings.Training.EpochSteps is not null) is { Settings: not null } steps
            && Candidates(values, Sampling).Exists(candidate => candidate.Settings.Training.Sampling == TrainingSettings.EverySample))
        {
            problems.Add(steps.Place, "training.epoch-steps counts minibatches that are drawn with replacement; write 'sampling: with-replacement' too, or leave it out");
        }

        if (Candidates(values, "training.momentum").Find(candidate => candidate.Settings.Training.Momentum > 0) is { Settings: not null } momentum
            && Candidates(values, Optimizers).Find(candidate => candidate.Settings.Training.Optimizer.IsAdam) is { Settings: not null } adam)
        {
            problems.Add(momentum.Place, $"training.momentum is that of sgd, and {adam.Settings.Training.Optimizer.Kind} has its own, beta1; leave it out, or sweep the optimizers apart");
        }

        if (Candidates(values, Optimizers).Find(candidate => candidate.Settings.Training.Optimizer.Kind == Optimizer.AdamWKind) is { Settings: not null } decays
            && Candidates(values, "regularizer").TrueForAll(candidate => candidate.Settings.Regularizer.WeightDecay == 0))
        {
            problems.Add(decays.Place, "adamw is adam with weight decay of its own kind, and there is none; write 'regularizer: weight-decay 0.01' too, or 'adam'");
        }

        if (Candidates(values, "training.nesterov").Find(candidate => candidate.Settings.Training.Nesterov) is { Settings: not null } nesterov
            && Candidates(values, "training.momentum").TrueForAll(candidate => candidate.Settings.Training.Momentum == 0))
        {
            problems.Add(nesterov.Place, "training.nesterov is a form of momentum, and there is none; write 'momentum: 0.9' too, or leave it out");
        }
    }

    /// <summary>One example has no variance to be normalized by; libtorch makes it NaN without a word.</summary>
    private static void NoBatchOfOne(SpecValues values, ProblemList problems)
    {
        if (!Candidates(values, SettingsSchema.NetworkKind).Exists(candidate => candidate.Settings.Network.Kind == NetworkSettings.Cnn)
            || !Candidates(values, "network.batch-norm").Exists(candidate => candidate.Settings.Network.BatchNorm))
        {
            return;
        }

        var whole = Candidates(values, "data.train").SelectMany(train => train.Settings.Data.Train is { } asked
            ? [asked]
            : Candidates(values, SettingsSchema.DataName).Select(candidate => DataCatalog.Find(candidate.Settings.Data.Name)?.Train ?? 0)).Where(size => size > 0);
        var sizes = Candidates(values, SettingsSchema.Prune).SelectMany(candidate => whole.Select(size => size - candidate.Settings.Prune.DroppedOf(size)))
            .SelectMany(size => Candidates(values, SettingsSchema.SecondSplit).SelectMany(candidate =>
                candidate.Settings.Training.SecondSplit is { } split ? [split.Of(size), size - split.Of(size)] : (int[])[size])).ToList();
        var hasRest = Candidates(values, Sampling).Exists(candidate => candidate.Settings.Training.Sampling == TrainingSettings.EverySample);
        foreach (var (place, settings, _) in Candidates(values, "training.batch"))
        {
            var batch = settings.Training.Batch;
            if (batch == 1 || hasRest && sizes.Exists(size => size % batch == 1))
            {
                problems.Add(place, $"with batches of {Phrases.Count(batch)} the last batch of an epoch has a single example, which batch normalization can't be trained on; "
                    + "take another batch or another number of training examples, or write 'network: { kind: cnn, batch-norm: false }'");
            }
        }
    }

    private static string TooMany(string name, int has, string what, int asked) =>
        $"{name} has {Phrases.Count(has)} {what} examples, {Phrases.Count(asked)} asked for; ask for at most {Phrases.Count(has)}";

    private static void NotTooMany(SpecValues values, SpecDraft draft, ProblemList problems)
    {
        var trials = values.Axes.Aggregate(new BigInteger(values.Seeds.Count), (product, axis) => product * Math.Max(1, axis.Values.Count));
        if (trials <= MostTrials)
        {
            return;
        }

        var factors = values.Axes.Select(axis => $"{Phrases.Count(axis.Values.Count)} {axis.Setting.Name}").Append($"{Phrases.Count(values.Seeds.Count)} seeds");
        problems.Add(values.Axes.Count > 0 ? draft.AxesPlace : draft.Seeds?.Place ?? draft.AxesPlace,
            $"this is {Phrases.Count(trials)} trials ({string.Join(" × ", factors)}), and a sweep has at most {Phrases.Count(MostTrials)}; take out values or seeds, or split it into several sweeps");
    }

    /// <summary>
    /// What a trial may have for this setting: the axis's values, or the fixed one, or the default. All else in the settings is default.
    /// </summary>
    internal static List<(SpecPlace Place, TrialSettings Settings, bool IsGiven)> Candidates(SpecValues values, string path)
    {
        var given = values.Axes.Concat(values.Fixed).FirstOrDefault(given => given.Setting.Path == path);
        var read = given?.Values ?? [];
        return read.Count == 0
            ? [(new(0, 1, 1), new TrialSettings(), false)]
            : [.. read.Select(value => (value.Place, value.Value.Put(new TrialSettings()), true))];
    }

    private static string InLine(SpecPlace place) => place.Source == 0 ? $" in line {place.Line}" : "";
}
