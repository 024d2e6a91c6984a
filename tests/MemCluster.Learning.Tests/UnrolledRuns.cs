using static TorchSharp.torch;

namespace MemCluster.Learning.Tests;

internal static class UnrolledRuns
{
    /// <summary>θ after so many steps.</summary>
    public static IReadOnlyList<Tensor> WeightsAfter(this UnrolledRun run, int steps)
    {
        using var scope = NewDisposeScope();
        var weights = run.Advance(run.Initial, 0, steps, default);
        return [.. weights.Select(weight => weight.detach().clone().MoveToOuterDisposeScope())];
    }

    /// <summary>Minibatches drawn with replacement, as the script behind figures 3 and 4 of Arpit et al. 2017 does.</summary>
    public static int[][] DrawMinibatches(Seeds seeds, int steps, int batch, int examples)
    {
        var drawn = new int[steps][];
        for (var step = 0; step < steps; step++)
        {
            var draws = seeds.Generator(Seeds.OrderWithReplacement, step);
            drawn[step] = [.. Enumerable.Range(0, batch).Select(_ => draws.Below(examples))];
        }

        return drawn;
    }
}
