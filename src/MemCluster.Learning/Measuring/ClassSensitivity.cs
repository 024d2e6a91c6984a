namespace MemCluster.Learning;

/// <summary>The constants of the per-class loss-sensitivity.</summary>
/// <param name="KeepDirect">Whether an example's own place in its own loss counts. The script behind figure 4 keeps it, and much of the early diagonal is that.</param>
/// <param name="ColumnsAtOnce">Losses in one reverse sweep; see <see cref="ReverseSweep.Run"/>.</param>
public sealed record ClassSensitivityConstants(bool KeepDirect = true, int ColumnsAtOnce = 50);

/// <summary>
/// Whether training on class j moves the loss of class i: Arpit et al. 2017, section 3.3 and figure 4. Row i is the class of the loss, column j
/// that of the training input that moves. The figure's own rows are off by a bug in its script; these are means.
/// </summary>
/// <param name="Pairs">[i][j]: how many (loss example, training example) pairs a mean is over.</param>
/// <param name="PerExample">[time][i][j]: mean over the pairs of the mean absolute derivative over the input's numbers; not defined without pairs.</param>
/// <param name="ClassSum">[time][i][j]: the text's L_t(y = i), the sum over loss examples of class i over the number of all loss examples, in one
/// derivative; mean over the training examples of class j. Zero where no loss example has class i.</param>
public sealed record ClassSensitivity(int[][] Pairs, double[][][] PerExample, double[][][] ClassSum)
{
    /// <summary>Mean over times.</summary>
    public double[][] PerExampleMean => ClassMatrix.Mean(PerExample);

    /// <param name="times">Steps before the losses.</param>
    /// <param name="lossExamples">Whose own losses are differentiated; 256 or more for a stable matrix, or a minibatch as in the script.</param>
    /// <exception cref="OperationCanceledException">Stopped between steps.</exception>
    public static ClassSensitivity Of(
        UnrolledRun run, int classes, IReadOnlyList<int> times, IReadOnlyList<int> lossExamples, ClassSensitivityConstants constants,
        CancellationToken stop = default)
    {
        int[] labels = [.. run.Labels.data<long>().Select(label => (int)label)];
        int[][] byClass = [.. Enumerable.Range(0, classes).Select(label => Enumerable.Range(0, labels.Length).Where(b => labels[b] == label).ToArray())];
        int[] present = [.. lossExamples.Select(a => labels[a]).Distinct().Order()];
        int[][] pairs = [.. byClass.Select((_, i) => byClass.Select(of => lossExamples.Count(a => labels[a] == i) * of.Length).ToArray())];
        var perExample = times.Select(_ => ClassMatrix.Zeros(classes)).ToArray();
        var classSum = times.Select(_ => ClassMatrix.Zeros(classes)).ToArray();

        // A column and where its row belongs: first each loss example's own, then each class's sum.
        var asked = times.SelectMany((time, t) => lossExamples
            .Select(a => (Column: new LossColumn(time, [a], [1.0]), Row: perExample[t][labels[a]], IsSum: false))
            .Concat(present.Select(label => (Column: OfClass(time, label), Row: classSum[t][label], IsSum: true)))).ToArray();
        ReverseSweep.Run(run, [.. asked.Select(one => one.Column)], constants.KeepDirect, constants.ColumnsAtOnce, Note, stop);
        foreach (var matrix in perExample)
        {
            ClassMatrix.Divide(matrix, pairs);
        }

        return new(pairs, perExample, classSum);

        LossColumn OfClass(int time, int label)
        {
            int[] members = [.. lossExamples.Where(a => labels[a] == label)];
            return new(time, members, [.. members.Select(_ => 1.0 / lossExamples.Count)]);
        }

        void Note(SweptColumns swept)
        {
            for (var k = 0; k < swept.Columns.Count; k++)
            {
                using var scope = TorchSharp.torch.NewDisposeScope();
                var sensitivity = InputGradients.Norms(swept.Derivatives.select(1, k)).MeanAbsolute;
                var (_, row, isSum) = asked[swept.Columns[k]];
                for (var j = 0; j < classes; j++)
                {
                    var sum = byClass[j].Sum(b => sensitivity[b]);
                    row[j] += isSum ? sum / byClass[j].Length : sum;
                }
            }
        }
    }
}
