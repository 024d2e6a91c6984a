namespace MemCluster.Learning;

/// <summary>The constants of the unrolled loss-sensitivity.</summary>
/// <param name="Window">Losses are taken in the last so many steps before T; the script behind figure 3: 500.</param>
/// <param name="Every">At every so many of those steps; there 2 (250 losses). 10 (50 losses) moves the Gini by at most .008; fewer raise it.</param>
/// <param name="FullSet">Whether L_t is the loss of all examples; else of the minibatch that step t is about to learn (the script).</param>
/// <param name="KeepDirect">Whether an example's own place in L_t counts; the script cuts it.</param>
/// <param name="ColumnsAtOnce">Losses in one reverse sweep; see <see cref="ReverseSweep.Run"/>.</param>
public sealed record LossSensitivityConstants(int Window = 500, int Every = 10, bool FullSet = false, bool KeepDirect = false, int ColumnsAtOnce = 50)
{
    /// <summary>T − Window, then every so many, below T; from 0 where T is less than the window.</summary>
    public int[] Times(int steps)
    {
        var first = Math.Max(0, steps - Window);
        return [.. Enumerable.Range(0, (steps - first + Every - 1) / Every).Select(k => first + k * Every)];
    }
}

/// <summary>
/// How much the loss late in training depends on each training input, through all the updates: Arpit et al. 2017, section 3.2. Spread evenly over
/// examples if all had to be memorized, unevenly if few carry the task: see its Gini coefficient.
/// </summary>
/// <param name="Losses">L_t per time.</param>
/// <param name="ByTime">[time][example]: mean absolute derivative over the input's numbers (the script's g; the paper's 1-norm over their count).</param>
/// <param name="Mean">ḡ per example: the mean over times.</param>
/// <param name="MeanL2">The same with the 2-norm.</param>
/// <param name="MeanMax">The same with the largest absolute value.</param>
public sealed record LossSensitivity(double[] Losses, double[][] ByTime, double[] Mean, double[] MeanL2, double[] MeanMax)
{
    /// <param name="times">Steps before each loss; null: as the constants say.</param>
    /// <exception cref="OperationCanceledException">Stopped between steps.</exception>
    public static LossSensitivity Of(UnrolledRun run, LossSensitivityConstants constants, IReadOnlyList<int>? times = null, CancellationToken stop = default)
    {
        times ??= constants.Times(run.Steps);
        var columns = times.Select(time => LossColumn.Mean(time, Evaluated(time))).ToArray();
        var losses = new double[columns.Length];
        var byTime = new double[columns.Length][];
        var (mean, meanL2, meanMax) = (new double[run.Examples], new double[run.Examples], new double[run.Examples]);
        ReverseSweep.Run(run, columns, constants.KeepDirect, constants.ColumnsAtOnce, Note, stop);
        return new(losses, byTime, mean, meanL2, meanMax);

        IReadOnlyList<int> Evaluated(int time) => constants.FullSet ? [.. Enumerable.Range(0, run.Examples)] : run.Minibatches[time];

        void Note(SweptColumns swept)
        {
            for (var k = 0; k < swept.Columns.Count; k++)
            {
                using var scope = TorchSharp.torch.NewDisposeScope();
                var norms = InputGradients.Norms(swept.Derivatives.select(1, k));
                losses[swept.Columns[k]] = swept.Losses[k];
                byTime[swept.Columns[k]] = norms.MeanAbsolute;
                Add(mean, norms.MeanAbsolute);
                Add(meanL2, norms.L2);
                Add(meanMax, norms.Max);
            }
        }

        void Add(double[] means, double[] norms)
        {
            for (var i = 0; i < means.Length; i++)
            {
                means[i] += norms[i] / columns.Length;
            }
        }
    }
}
