using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Measures that this training can't have, said before anything runs.</summary>
internal static class MeasureChecks
{
    public static void Check(SpecValues values, ProblemList problems)
    {
        foreach (var (given, value) in values.Fixed.Concat(values.Axes)
            .Where(given => given.Setting.Section == SettingsSchema.Measures)
            .SelectMany(given => given.Values.Select(value => (given.Setting, value))))
        {
            var plan = value.Value.Put(new TrialSettings()).Measures;
            if (plan is null)
            {
                continue;
            }

            var kind = MeasureKind.All.First(kind => kind.Get(plan) is not null);
            var asked = kind.Get(plan)!;
            var needs = kind.Needs(asked);
            IsReached(given, value, asked, values, problems);
            HasClasses(given, value, kind, needs, values, problems);
            if (needs.HasFlag(MeasureNeeds.PlainDescent))
            {
                IsPlain(given, value, values, problems);
            }

            if (needs.HasFlag(MeasureNeeds.SingleLosses))
            {
                KnowsSingleLosses(given, value, values, problems);
            }

            if (needs.HasFlag(MeasureNeeds.SecondSplit) && SpecChecks.Candidates(values, SettingsSchema.SecondSplit).Exists(candidate => candidate.Settings.Training.SecondSplit is null))
            {
                problems.Add(value.Place, $"{given.Path} asks what is forgotten when training goes on with other examples; write '{SettingsSchema.SecondSplit}: after 20' too, or leave it out");
            }
        }

        foreach (var (given, value) in values.Fixed.Concat(values.Axes)
            .Where(given => given.Setting.Path == SettingsSchema.Prune).SelectMany(given => given.Values.Select(value => (given.Setting, value))))
        {
            if (value.Value.Put(new TrialSettings()).Prune is not { NeedsScores: true } prune)
            {
                continue;
            }

            IsReached(given, value, new(prune.Measured), values, problems);
            if (ScoringTrial.KindOf(prune).Needs(new(prune.Measured)).HasFlag(MeasureNeeds.PlainDescent))
            {
                IsPlain(given, value, values, problems);
            }
        }
    }

    private static void IsReached(Setting given, ReadValue value, MeasureRequest asked, SpecValues values, ProblemList problems)
    {
        var most = SpecChecks.Candidates(values, "training.epochs").Max(candidate => candidate.Settings.Training.Epochs);
        if (asked.At.Count > 0 && asked.At[^1] > most)
        {
            problems.Add(value.Place, $"{given.Path} is to be measured at epoch {Phrases.Count(asked.At[^1])}, and training has at most {Phrases.Count(most)}; take it out, or write 'last'");
        }
    }

    /// <summary>With a class for each training example there is nothing to be scored on, and no class to take together.</summary>
    private static void HasClasses(Setting given, ReadValue value, MeasureKind kind, MeasureNeeds needs, SpecValues values, ProblemList problems)
    {
        if ((needs & (MeasureNeeds.Classes | MeasureNeeds.Validation)) != 0 && SpecChecks.Candidates(values, "data.labels").Exists(candidate => candidate.Settings.Data.Labels == DataSettings.UniqueLabels))
        {
            problems.Add(value.Place, $"{given.Path} needs {(needs.HasFlag(MeasureNeeds.Classes) ? "classes of several examples" : "validation examples")}, and data.labels is unique: every training example is a class of its own; {kind.Otherwise}");
        }
    }

    /// <summary>Where a minibatch is normalized by itself, an example has no loss of its own.</summary>
    private static void KnowsSingleLosses(Setting given, ReadValue value, SpecValues values, ProblemList problems)
    {
        if (SpecChecks.Candidates(values, SettingsSchema.NetworkKind).Exists(candidate => candidate.Settings.Network.Kind == NetworkSettings.Cnn)
            && SpecChecks.Candidates(values, "network.batch-norm").Exists(candidate => candidate.Settings.Network.BatchNorm))
        {
            problems.Add(value.Place, $"{given.Path} asks for losses of single examples, which batch normalization ties to those of their minibatch; write 'network: {{ kind: cnn, batch-norm: false }}', or leave it out");
        }
    }

    /// <summary>The reverse sweep goes back through updates w ← w − rate · gradient, one rate for all.</summary>
    private static void IsPlain(Setting given, ReadValue value, SpecValues values, ProblemList problems)
    {
        (string Path, Func<TrialSettings, bool> IsPlain)[] rules =
        [
            ("training.optimizer", settings => settings.Training.Optimizer.Kind == Optimizer.SgdKind),
            ("training.momentum", settings => settings.Training.Momentum == 0),
            ("training.schedule", settings => settings.Training.Schedule is null),
            ("regularizer", settings => settings.Regularizer == new Regularizer()),
        ];
        foreach (var (path, isPlain) in rules)
        {
            if (SpecChecks.Candidates(values, path).Exists(candidate => !isPlain(candidate.Settings)))
            {
                problems.Add(value.Place, $"{given.Path} goes back through plain gradient descent only; leave {path} out of this sweep, or measure input-gradient instead");
            }
        }
    }
}
