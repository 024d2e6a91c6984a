using System.Reflection;
using MemCluster.Golden;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

/// <summary>The convolutional network and its measures at fixed weights.</summary>
public sealed class GoldenCnnTests
{
    private static readonly string[] Losses = ["cross_entropy", "smoothed_log"];

    [Fact]
    public void Every_part_of_every_case_is_run()
    {
        var run = typeof(GoldenCnnTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<CnnCasesAttribute>()?.Part)
            .OfType<string>();
        Assert.Equal(CnnCase.All.Values.SelectMany(CnnCase.Parts).Distinct().Order(), run.Order());
    }

    [Fact]
    public void Every_padding_stride_and_normalization_has_a_case_of_all_measures()
    {
        var parts = CnnCase.All.Values.SelectMany(CnnCase.Parts).Distinct().Count();
        Assert.Equal(
            from padding in (string[])["same", "valid"] from stride in (int[])[1, 2, 3] from norm in (bool[])[false, true] select (padding, stride, norm),
            CnnCase.All.Values.Where(given => CnnCase.Parts(given).Count() == parts).Select(given => given.Child("settings"))
                .Select(settings => (settings.Text("padding"), settings.Whole("pool_stride"), settings.Flag("batch_norm"))).Order());
    }

    [Theory]
    [CnnCases("forward")]
    public void Forward_passes_of_a_cnn_agree(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var its = CnnCase.Of(name, type);
        foreach (var (mode, function, pass) in new[]
        {
            ("evaluation", NetworkFunction.Of(its.Network), ForwardPass.Scoring),
            ("training", NetworkFunction.InTraining(its.Network), ForwardPass.Training([], new Seeds(1), 1, 0)),
        })
        {
            var expected = its.Given.Expected.Child("forward").Child(mode);
            var logits = its.Network.Forward(its.Inputs, pass);
            its.TensorAgrees(expected, "logits", logits);
            its.TensorAgrees(expected, "logits", function.Logits(its.Parameters, its.Inputs));
            Assert.All(Losses, loss => its.TensorAgrees(expected, loss, GoldenTensors.Loss(loss).PerExample(logits, its.Labels)));
            if (expected.Has("statistics"))
            {
                its.StatisticsAgree(expected, "statistics");
            }
        }
    }

    [Theory]
    [CnnCases("input_gradient")]
    public void Input_gradients_of_a_cnn_agree(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var its = CnnCase.Of(name, type);
        foreach (var loss in Losses)
        {
            var expected = its.Given.Expected.Child("input_gradient").Child(loss);
            var found = InputGradients.Of(its.Function, GoldenTensors.Loss(loss), its.Parameters, its.Inputs, its.Labels);
            its.Agrees(expected, "l1", found.L1);
            its.Agrees(expected, "l2", found.L2);
            its.Agrees(expected, "linf", found.Max);
            its.Agrees(expected, "mean_abs", found.MeanAbsolute);
            if (expected.Has("gradient"))
            {
                its.TensorAgrees(expected, "gradient", InputGradients.Gradient(its.Function, GoldenTensors.Loss(loss), its.Parameters, its.Inputs, its.Labels));
            }
        }
    }

    [Theory]
    [CnnCases("grand")]
    public void Norms_of_a_cnns_parameter_gradients_agree(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var its = CnnCase.Of(name, type);
        foreach (var loss in Losses)
        {
            var expected = its.Given.Expected.Child("grand").Child(loss);
            its.Agrees(expected, "per_example", GradientNorms.PerExample(its.Function, GoldenTensors.Loss(loss), its.Parameters, its.Inputs, its.Labels));
            its.Agrees(expected, "of_mean_loss", [GradientNorms.OfMeanLoss(its.Function, GoldenTensors.Loss(loss), its.Parameters, its.Inputs, its.Labels, batch: 2)]);
        }
    }

    [Theory]
    [CnnCases("curvature")]
    public void Input_curvature_of_a_cnn_agrees(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var its = CnnCase.Of(name, type);
        var (expected, loss) = (its.Given.Expected.Child("curvature"), new ExampleLoss.CrossEntropy());
        var directions = its.Repeated("signs", [expected.Whole("probes"), .. its.Inputs.shape]).unbind(0);
        its.Agrees(
            expected, "hv_squared_norm",
            directions.SelectMany(v => InputCurvature.Exact(its.Function, loss, its.Parameters, its.Inputs, its.Labels, v)));
        if (type == ScalarType.Float64)
        {
            // In single precision so small a step leaves few digits of the difference.
            its.Agrees(
                expected, "gradient_difference_norm",
                directions.SelectMany(v => CurvatureByDifferences.Norms(
                    its.Function, loss, its.Parameters, its.Inputs, its.Labels, v, expected.Number("step"))));
        }
    }

    [Theory]
    [CnnCases("hessian")]
    public void Products_with_a_cnns_hessian_agree(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var its = CnnCase.Of(name, type);
        var expected = its.Given.Expected.Child("hessian");
        var direction = its.LikeParameters(its.Repeated("noise", its.Parameters.Sum(parameter => parameter.numel())));
        its.TensorAgrees(expected, "product", cat([.. Hessian().Product(direction).Select(part => part.flatten())]));
        its.Agrees(expected, "quotient", [Hessian().Quotient(direction)]);
        var quotients = expected.Numbers("quotients_of_power_steps");
        its.Agrees(expected, "quotients_of_power_steps", Hessian(quotients.Length).Largest(direction).RayleighQuotients);
        if (expected.Has("largest"))
        {
            var largest = expected.Child("largest");
            its.Agrees(largest, "eigenvalue", [Hessian(largest.Whole("after_steps")).Largest(direction).Eigenvalue]);
        }

        LossHessian Hessian(int steps = 1) => new(
            its.Function, new ExampleLoss.CrossEntropy(), its.Parameters, its.Inputs, its.Labels, new SharpnessConstants(steps, Batch: 2));
    }

    [Theory]
    [CnnCases("lass")]
    public void Critical_samples_of_a_cnn_agree(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var its = CnnCase.Of(name, type);
        var expected = its.Given.Expected.Child("lass");
        var (constants, noise) = its.Search(expected);
        var found = Lass.Search(its.Function, its.Parameters, its.Inputs, constants, noise(its.Inputs));
        Assert.Equal(expected.Wholes("predicted"), found.Predicted);
        Assert.Equal(expected.Wholes("success_iteration"), found.SuccessIteration);
        GoldenAssert.Agrees(expected.Number("csr"), found.CriticalSampleRatio, "CSR");
        var moved = (found.FinalInputs - its.Inputs).abs().flatten(1);
        its.TensorAgrees(expected, "moved_l1", moved.sum(1));
        its.TensorAgrees(expected, "moved_linf", moved.amax([1]));
        if (expected.Has("final_inputs"))
        {
            its.TensorAgrees(expected, "final_inputs", found.FinalInputs);
        }
    }
}
