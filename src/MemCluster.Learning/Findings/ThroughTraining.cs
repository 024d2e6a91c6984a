using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Measures that go back through the trial's own updates. Nothing was kept for them: weights and order follow from the seed.</summary>
internal static class ThroughTraining
{
    public static IEnumerable<Finding> LossSensitivity(Moment moment, Asked asked)
    {
        using var scope = NewDisposeScope();
        var run = RunOf(moment);
        if (run.Steps == 0)
        {
            // Nothing was trained on yet that a loss could depend on.
            foreach (var name in (string[])["loss_sensitivity_gini", "loss_sensitivity_gini_l2", "loss_sensitivity_gini_max", "loss_sensitivity_mean"])
            {
                yield return Finding.OfNumber(moment.Epoch, name, Absences.NotDefined);
            }

            yield break;
        }

        var constants = new LossSensitivityConstants(
            asked.Whole("window"), asked.Whole("thin"), asked.Word("loss") == "all", asked.Word("direct") == "kept", asked.Whole("columns"));
        var found = Learning.LossSensitivity.Of(run, constants, stop: moment.Stop);
        yield return Finding.OfNumber(moment.Epoch, "loss_sensitivity_gini", Defined.GiniOf(found.Mean));
        yield return Finding.OfNumber(moment.Epoch, "loss_sensitivity_gini_l2", Defined.GiniOf(found.MeanL2));
        yield return Finding.OfNumber(moment.Epoch, "loss_sensitivity_gini_max", Defined.GiniOf(found.MeanMax));
        yield return Finding.OfNumber(moment.Epoch, "loss_sensitivity_mean", found.Mean.Average());
        yield return Finding.OfSingles(moment.Epoch, "loss_sensitivity", found.Mean);
    }

    public static IEnumerable<Finding> ClassSensitivity(Moment moment, Asked asked)
    {
        using var scope = NewDisposeScope();
        var run = RunOf(moment);
        var examples = Enumerable.Range(0, Math.Min(asked.Whole("examples"), moment.Train.Count)).ToArray();
        var found = Learning.ClassSensitivity.Of(
            run, moment.Data.Card.Classes, [run.Steps], examples, new(asked.Word("direct") == "kept", asked.Whole("columns")), moment.Stop);
        var summary = ClassMatrix.Summarize(found.PerExampleMean);
        yield return Finding.OfNumber(moment.Epoch, "class_sensitivity_diagonal", summary.MeanDiagonal);
        yield return Finding.OfNumber(moment.Epoch, "class_sensitivity_off", summary.MeanOff);
        yield return Finding.OfNumber(moment.Epoch, "class_sensitivity_diagonal_to_off", summary.DiagonalToOff);
        yield return Finding.OfNumber(moment.Epoch, "class_sensitivity_off_share", summary.OffShare);
        yield return Finding.OfNumber(moment.Epoch, "class_sensitivity_log_sd", summary.LogDeviation);
        yield return Finding.OfMatrix(moment.Epoch, "class_sensitivity", found.PerExampleMean);
    }

    /// <summary>The training so far, to be gone through again.</summary>
    internal static UnrolledRun RunOf(Moment moment)
    {
        var (settings, seeds) = (moment.Settings, moment.Seeds);
        var initial = NetworkKinds.Create(settings.Network, moment.Data.Card, seeds, moment.Train.Images.dtype).Parameters.Select(parameter => parameter.Value).ToArray();
        int[][] minibatches = [.. Enumerable.Range(1, moment.Epoch).SelectMany(epoch => Minibatches.Of(settings.Training, seeds, epoch, moment.Train.Count))];
        return new(NetworkFunction.InTraining(moment.Network), moment.Loss, initial, moment.Train.Images, moment.Train.Labels, minibatches, settings.Training.Rate);
    }
}
