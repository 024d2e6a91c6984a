using MemCluster.Golden;
using MemCluster.Statistics;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

public sealed class GoldenScoreTests
{
    [GoldenTheory]
    [GoldenCases("example-scores")]
    public void Example_scores_agree(string name)
    {
        using var scope = NewDisposeScope();
        var given = GoldenCase.Get("example-scores", name);
        (given.Has("logits") ? (Action<GoldenCase>)OverTraining : given.Has("logits_per_run") ? OverRuns : Grand)(given);
    }

    [GoldenTheory]
    [GoldenCases("curvature")]
    public void Input_curvature_agrees(string name)
    {
        using var scope = NewDisposeScope();
        var given = GoldenCase.Get("curvature", name);
        var (expected, inputs, labels, loss) = (given.Expected, given.Tensor("inputs"), given.Labels(), new ExampleLoss.CrossEntropy());
        var network = GoldenNetwork.Of(given.Child("network"));
        var directions = given.Tensor("rademacher").unbind(0);
        var exact = directions.Select(v => InputCurvature.Exact(network.Function, loss, network.Parameters, inputs, labels, v)).ToArray();
        GoldenAssert.Agrees(expected.Numbers("hv_squared_norm"), exact.SelectMany(row => row), "‖Hv‖²");
        GoldenAssert.Agrees(expected.Numbers("curvature_exact_hv"), OverEpochs.Mean(exact), "curvature");

        // Along each input in turn instead of along random signs: the trace itself.
        var units = eye(inputs.shape[1], dtype: ScalarType.Float64).unbind(0).Select(unit => unit.expand(inputs.shape));
        var columns = units.Select(unit => InputCurvature.Exact(network.Function, loss, network.Parameters, inputs, labels, unit)).ToArray();
        GoldenAssert.Agrees(expected.Numbers("trace_of_H_squared"), OverEpochs.Sum(columns), "tr H²");
        foreach (var part in expected.Children("finite_difference"))
        {
            var step = part.Number("h");
            var differences = directions
                .Select(v => CurvatureByDifferences.Norms(network.Function, loss, network.Parameters, inputs, labels, v, step)).ToArray();
            var squares = differences.Select(row => Array.ConvertAll(row, norm => norm * norm / (step * step))).ToArray();
            GoldenAssert.Agrees(part.Numbers("squared_norm"), squares.SelectMany(row => row), "squared norm", 1e-6);
            GoldenAssert.Agrees(part.Numbers("curvature"), OverEpochs.Mean(squares), "curvature by differences", 1e-6);
            GoldenAssert.Agrees(part.Numbers("unsquared_gradient_difference_norm"), differences.SelectMany(row => row), "unsquared norm", 1e-6);
            GoldenAssert.Agrees(part.Numbers("released_code_score"), OverEpochs.Mean(differences), "released code", 1e-6);
        }
    }

    [GoldenTheory]
    [GoldenCases("sharpness")]
    public void Sharpness_agrees(string name)
    {
        using var scope = NewDisposeScope();
        var given = GoldenCase.Get("sharpness", name);
        var expected = given.Expected;
        var network = GoldenNetwork.Of(given.Child("network"));
        var hessian = new LossHessian(network.Function, new ExampleLoss.CrossEntropy(), network.Parameters, given.Tensor("inputs"), given.Labels());
        var found = hessian.Largest(Split(given.Tensor("start_vector")));
        GoldenAssert.Agrees(expected.Number("sharpness"), found.Sharpness, "sharpness");
        GoldenAssert.Agrees(expected.Number("eigenvalue_of_largest_magnitude"), found.Eigenvalue, "eigenvalue");
        GoldenAssert.Agrees(expected.Number("rayleigh_after_50_power_steps"), found.Eigenvalue, "last quotient");
        GoldenAssert.Agrees(expected.Numbers("rayleigh_before_each_of_50_power_steps"), found.RayleighQuotients, "quotients");
        var terms = given.Tensor("rademacher").unbind(0).Select(row => hessian.Quotient(Split(row))).ToArray();
        GoldenAssert.Agrees(expected.Numbers("hutchinson_terms"), terms, "trace terms");
        GoldenAssert.Agrees(expected.Number("hutchinson_trace"), terms.Average(), "trace estimate");

        // Every product with a unit vector: the whole Hessian, and its trace.
        var units = eye(given.Shape("start_vector")[0], dtype: ScalarType.Float64).unbind(0);
        GoldenAssert.Agrees(expected.Number("trace"), units.Sum(unit => hessian.Quotient(Split(unit))), "trace");
        var whole = stack(units.Select(unit => cat([.. hessian.Product(Split(unit)).Select(part => part.flatten())])));
        GoldenTensors.Agrees(expected.Numbers("eigenvalues_ascending"), linalg.eigvalsh(whole), "spectrum");
        GoldenAssert.Agrees(
            expected.Number("mean_loss"), LogitScores.Of(network.Logits(given.Tensor("inputs")), given.Labels()).CrossEntropy.Average(), "mean loss");

        List<Tensor> Split(Tensor flat)
        {
            var (parts, at) = (new List<Tensor>(), 0L);
            foreach (var parameter in network.Parameters)
            {
                parts.Add(flat.narrow(0, at, parameter.numel()).view(parameter.shape));
                at += parameter.numel();
            }

            return parts;
        }
    }

    private static void OverTraining(GoldenCase given)
    {
        var expected = given.Expected;
        var epochs = given.Tensor("logits").unbind(0).Select(logits => LogitScores.Of(logits, given.Labels())).ToArray();
        GoldenAssert.Agrees(expected.Numbers("el2n"), epochs.SelectMany(epoch => epoch.El2n), "EL2N");
        GoldenAssert.Agrees(expected.Numbers("margin"), epochs.SelectMany(epoch => epoch.Margin), "margin");
        GoldenAssert.Agrees(expected.Numbers("cross_entropy"), epochs.SelectMany(epoch => epoch.CrossEntropy), "cross-entropy");
        GoldenAssert.Agrees(expected.Numbers("true_label_probability"), epochs.SelectMany(epoch => epoch.TrueProbability), "probability");
        Assert.Equal(expected.Flags("correct"), epochs.SelectMany(epoch => epoch.Correct));
        GoldenAssert.Agrees(expected.Numbers("aum"), OverEpochs.Mean([.. epochs.Select(epoch => epoch.Margin)]), "AUM");
        GoldenAssert.Agrees(expected.Numbers("cumulative_loss"), OverEpochs.Sum([.. epochs.Select(epoch => epoch.CrossEntropy)]), "cumulative loss");
        double[][] probabilities = [.. epochs.Select(epoch => epoch.TrueProbability)];
        GoldenAssert.Agrees(expected.Numbers("cartography_confidence"), OverEpochs.Mean(probabilities), "confidence");
        GoldenAssert.Agrees(expected.Numbers("cartography_variability_population"), OverEpochs.Deviation(probabilities), "variability");
        GoldenAssert.Agrees(expected.Numbers("cartography_variability_sample"), OverEpochs.Deviation(probabilities, sample: true), "variability, n − 1");
    }

    private static void OverRuns(GoldenCase given)
    {
        var runs = given.Tensor("logits_per_run").unbind(0).Select(logits => LogitScores.Of(logits, given.Labels()).El2n).ToArray();
        GoldenAssert.Agrees(given.Expected.Numbers("el2n_per_run"), runs.SelectMany(run => run), "EL2N per run");
        GoldenAssert.Agrees(given.Expected.Numbers("el2n"), OverEpochs.Mean(runs), "EL2N");
    }

    private static void Grand(GoldenCase given)
    {
        var (expected, inputs, labels, loss) = (given.Expected, given.Tensor("inputs"), given.Labels(), new ExampleLoss.CrossEntropy());
        var networks = given.Children("networks").Select(network => GoldenNetwork.Of(network)).ToArray();
        foreach (var plain in new[] { false, true })
        {
            var scores = networks.Select(network => Norms(network, plain, null)).ToArray();
            GoldenAssert.Agrees(expected.Numbers("grand"), OverEpochs.Mean(scores), "GraNd");
            if (expected.Has("grand_per_network"))
            {
                var weightsOnly = networks.SelectMany(network => Norms(network, plain, place => place % 2 == 0));
                GoldenAssert.Agrees(expected.Numbers("grand_per_network"), scores.SelectMany(score => score), "GraNd per network");
                GoldenAssert.Agrees(expected.Numbers("grand_weights_only_per_network"), weightsOnly, "GraNd of weights");
                var el2n = networks.Select(network => LogitScores.Of(network.Logits(inputs), labels).El2n).ToArray();
                GoldenAssert.Agrees(expected.Numbers("el2n_per_network"), el2n.SelectMany(score => score), "EL2N per network");
                GoldenAssert.Agrees(expected.Numbers("el2n"), OverEpochs.Mean(el2n), "EL2N");
            }
        }

        // A dense network in disguise takes the way of any network: one example after the other.
        double[] Norms(GoldenNetwork network, bool plain, Func<int, bool>? counts) => GradientNorms.PerExample(
            plain ? new AnyNetwork(network.Function) : network.Function, loss, network.Parameters, inputs, labels, counts);
    }
}

/// <summary>Hides what kind a network is.</summary>
internal sealed class AnyNetwork(IDifferentiableNetwork inner) : IDifferentiableNetwork
{
    public Tensor Logits(IReadOnlyList<Tensor> parameters, Tensor inputs) => inner.Logits(parameters, inputs);
}
