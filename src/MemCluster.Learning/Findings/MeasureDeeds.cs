using System.Globalization;
using MemCluster.Messages;
using MemCluster.Statistics;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// What each measure of Messages' <see cref="MeasureKind.All"/> does with a moment of training. To add one: its word there, a line and a function
/// here, and its test. <c>learning</c> and <c>second-split</c> remember over epochs and stand in <see cref="LearningTally"/> and <see cref="SplitTally"/>.
/// </summary>
internal static class MeasureDeeds
{
    public delegate IEnumerable<Finding> Deed(Moment moment, Asked asked);

    public static readonly IReadOnlyDictionary<string, Deed> ByName = new Dictionary<string, Deed>
    {
        ["norms"] = Norms,
        ["train-mode"] = TrainMode,
        ["sharpness"] = Sharpness,
        ["csr"] = Csr,
        ["loss-sensitivity"] = ThroughTraining.LossSensitivity,
        ["class-sensitivity"] = ThroughTraining.ClassSensitivity,
        ["input-gradient"] = InputGradient,
        ["input-norm"] = InputNorm,
        ["loss"] = Loss,
        ["el2n"] = El2n,
        ["grand"] = Grand,
        ["curvature"] = Curvature,
        ["membership"] = Membership,
        ["held-out"] = Learning.HeldOut.Take,
        ["prediction-depth"] = PredictionDepths.Take,
    };

    private static IEnumerable<Finding> Norms(Moment moment, Asked asked)
    {
        yield return Finding.OfNumber(moment.Epoch, "parameter_norm", GradientNorms.L2(moment.Parameters));
        yield return Finding.OfNumber(moment.Epoch, "gradient_norm", GradientNorms.OfMeanLoss(
            moment.Function, moment.Loss, moment.Parameters, moment.Train.Images, moment.Train.Labels, Scoring.Batch, moment.Stop));
    }

    /// <summary>In minibatches of training, in file order, with draws of their own: those of no step.</summary>
    private static IEnumerable<Finding> TrainMode(Moment moment, Asked asked)
    {
        using var off = no_grad();
        var scores = new List<LogitScores>();
        foreach (var (place, batch) in Enumerable.Range(0, moment.Train.Count).Chunk(moment.Settings.Training.Batch).Index())
        {
            moment.Stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (images, labels) = moment.Train.Slice(batch[0], batch.Length);
            scores.Add(LogitScores.Of(moment.Network.Forward(images, ForwardPass.LikeTraining(moment.Learner.Regularizers, moment.Seeds, -1 - moment.Epoch, place)), labels));
        }

        var all = LogitScores.Joined(scores);
        return
        [
            Finding.OfNumber(moment.Epoch, "train_mode_accuracy", all.Correct.Average(right => right ? 1.0 : 0)),
            Finding.OfNumber(moment.Epoch, "train_mode_loss", all.CrossEntropy.Average()),
        ];
    }

    private static IEnumerable<Finding> Sharpness(Moment moment, Asked asked)
    {
        using var scope = NewDisposeScope();
        var (images, labels) = moment.Train.Slice(0, Math.Min(asked.Whole("examples"), moment.Train.Count));
        var hessian = new LossHessian(
            moment.Function, moment.Loss, moment.Parameters, images, labels, new SharpnessConstants(asked.Whole("iterations"), asked.Whole("trace-probes"), Scoring.Batch));
        var start = moment.Parameters
            .Select((weights, place) => Probes.Gaussian(moment.Seeds, Probes.Sharpness, weights.shape, weights.dtype, moment.Epoch, place)).ToArray();
        yield return Finding.OfNumber(moment.Epoch, "sharpness", hessian.Largest(start, moment.Stop).Sharpness);
        if (asked.Whole("trace-probes") is var probes and > 0)
        {
            yield return Finding.OfNumber(moment.Epoch, "hessian_trace", Enumerable.Range(0, probes).Average(probe =>
            {
                using var each = NewDisposeScope();
                return hessian.Quotient(
                    [.. moment.Parameters.Select((weights, place) => Probes.Rademacher(
                        moment.Seeds, Probes.Trace, weights.shape, weights.dtype, moment.Epoch, probe, place))], moment.Stop);
            }));
        }
    }

    private static IEnumerable<Finding> Csr(Moment moment, Asked asked)
    {
        var constants = new LassConstants(
            asked.Real("alpha") / 255, asked.Real("beta") / 255, 0, asked.Whole("iterations"), null, asked.Whole("stop-below") is var below and > 0 ? below : null);
        var radii = asked.Word("radii").Split(',');
        foreach (var on in asked.Word("on") == "both" ? (string[])["validation", "train"] : [asked.Word("on")])
        {
            using var scope = NewDisposeScope();
            var data = on == "train" ? moment.Train : moment.Validation;
            if (data.Count == 0)
            {
                foreach (var radius in radii)
                {
                    yield return Finding.OfNumber(moment.Epoch, MeasureKind.CsrName(on, radius), Absences.NotDefined);
                }

                continue;
            }

            var (images, _) = data.Slice(0, Math.Min(asked.Whole("examples"), data.Count));

            // Noise of its own for each set: below zero for the training examples.
            var noise = Lass.KeyedNoise(moment.Seeds, images, on == "train" ? -1 - moment.Epoch : moment.Epoch);
            var ratios = Lass.CriticalSampleRatios(
                moment.Function, moment.Parameters, images, constants with { PixelUnits = data.PixelUnits }, [.. radii.Select(radius => double.Parse(radius, CultureInfo.InvariantCulture) / 255)], noise, moment.Stop);
            foreach (var (radius, ratio) in radii.Zip(ratios))
            {
                yield return Finding.OfNumber(moment.Epoch, MeasureKind.CsrName(on, radius), ratio);
            }
        }
    }

    private static IEnumerable<Finding> InputGradient(Moment moment, Asked asked)
    {
        var norms = moment.PerExample((images, labels) =>
        {
            var all = InputGradients.Of(moment.Function, moment.Loss, moment.Parameters, images, labels);
            return asked.Word("norm") switch { "l1" => all.L1, "max" => all.Max, _ => all.L2 };
        });
        yield return Finding.OfNumber(moment.Epoch, "input_gradient_mean", norms.Average());
        yield return Finding.OfNumber(moment.Epoch, "input_gradient_gini", Defined.GiniOf(norms));
        yield return Finding.OfSingles(moment.Epoch, "input_gradient", norms);
    }

    private static IEnumerable<Finding> InputNorm(Moment moment, Asked asked)
    {
        yield return Finding.OfSingles(moment.Epoch, "input_norm", moment.PerExample((images, _) => InputGradients.Norms(images).L2));
    }

    private static IEnumerable<Finding> Loss(Moment moment, Asked asked)
    {
        yield return Finding.OfSingles(moment.Epoch, "loss", moment.PerExample((images, labels) => moment.Score(images, labels).CrossEntropy));
    }

    private static IEnumerable<Finding> El2n(Moment moment, Asked asked) =>
        WithMean(moment, "el2n", moment.PerExample((images, labels) => moment.Score(images, labels).El2n));

    private static IEnumerable<Finding> Grand(Moment moment, Asked asked) => WithMean(moment, "grand", moment.PerExample((images, labels) =>
        GradientNorms.PerExample(moment.Function, moment.Loss, moment.Parameters, images, labels, stop: moment.Stop)));

    private static IEnumerable<Finding> Curvature(Moment moment, Asked asked)
    {
        var (probes, batch) = (asked.Whole("probes"), 0);
        var scores = moment.PerExample((images, labels) =>
        {
            var sums = new double[labels.shape[0]];
            for (var probe = 0; probe < probes; probe++)
            {
                var direction = Probes.Rademacher(moment.Seeds, Probes.Curvature, images.shape, images.dtype, moment.Epoch, batch, probe);
                var squares = InputCurvature.Exact(moment.Function, moment.Loss, moment.Parameters, images, labels, direction);
                for (var i = 0; i < sums.Length; i++)
                {
                    sums[i] += squares[i] / probes;
                }
            }

            batch++;
            return sums;
        });
        return WithMean(moment, "curvature", scores);
    }

    private static IEnumerable<Finding> Membership(Moment moment, Asked asked)
    {
        var (inside, outside) = (Scoring.Of(moment.Network, moment.Train, moment.Stop), Scoring.Of(moment.Network, moment.Validation, moment.Stop));
        yield return Finding.OfNumber(
            moment.Epoch, "membership_auroc", inside.Losses.Length > 0 && outside.Losses.Length > 0 ? Auroc.OfMembership(inside.Losses, outside.Losses) : Absences.NotDefined);
    }

    private static IEnumerable<Finding> WithMean(Moment moment, string name, double[] scores)
    {
        yield return Finding.OfNumber(moment.Epoch, name + "_mean", scores.Average());
        yield return Finding.OfSingles(moment.Epoch, name, scores);
    }
}
