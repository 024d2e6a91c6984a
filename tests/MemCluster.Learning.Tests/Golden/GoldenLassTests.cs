using MemCluster.Golden;
using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

public sealed class GoldenLassTests
{
    [GoldenTheory]
    [GoldenCases("lass-csr")]
    public void Critical_samples_agree(string name)
    {
        using var scope = NewDisposeScope();
        var given = GoldenCase.Get("lass-csr", name);
        var (expected, network) = (given.Expected, GoldenNetwork.Of(given.Child("network")));
        var found = Lass.Search(network.Function, network.Parameters, given.Tensor("inputs"), Constants(given), Noise(given));
        Assert.Equal(expected.Wholes("predicted"), found.Predicted);
        Assert.Equal(expected.Flags("critical"), found.Critical);
        Assert.Equal(expected.Wholes("success_iteration"), found.SuccessIteration);
        GoldenAssert.Agrees(expected.Number("csr"), found.CriticalSampleRatio, "CSR");
        if (expected.Has("final_inputs"))
        {
            GoldenTensors.Agrees(expected.Numbers("final_inputs"), found.FinalInputs, "final inputs");
        }

        if (expected.Has("new_hits_per_iteration"))
        {
            Assert.Equal(expected.Wholes("new_hits_per_iteration"), found.NewHits);
            Assert.Equal(expected.Whole("iterations_run"), found.NewHits.Length);
        }
    }

    [GoldenFact]
    public void Ratios_at_several_radii_are_those_of_each_alone()
    {
        using var scope = NewDisposeScope();
        var cases = GoldenCase.All("lass-csr").Where(item => item.Name.StartsWith("mlp-beta0-r", StringComparison.Ordinal)).ToArray();
        var network = GoldenNetwork.Of(cases[0].Child("network"));
        var ratios = Lass.CriticalSampleRatios(
            network.Function, network.Parameters, cases[0].Tensor("inputs"), Constants(cases[0]), [.. cases.Select(item => item.Number("radius"))],
            Noise(cases[0]));
        Assert.True(cases.Length > 3);
        GoldenAssert.Agrees([.. cases.Select(item => item.Expected.Number("csr"))], ratios, "CSR by radius");
    }

    internal static LassConstants Constants(GoldenCase given) => new(
        given.Number("alpha"), given.Number("beta"), given.Has("radius") ? given.Number("radius") : 0, given.Whole("max_iterations"),
        given.Has("valid_range") ? (given.Numbers("valid_range")[0], given.Numbers("valid_range")[1]) : null,
        given.Has("new_hits_below") ? given.Whole("new_hits_below") : null);

    internal static Func<int, Tensor> Noise(GoldenCase given)
    {
        var eta = given.Has("eta") ? given.Tensor("eta") : null;
        return iteration => eta?[iteration - 1] ?? throw new InvalidOperationException("Noise was asked for where beta is 0.");
    }
}
