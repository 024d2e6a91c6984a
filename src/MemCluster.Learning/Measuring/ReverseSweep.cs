using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>One number to differentiate: Σ weight · loss of example at the weights after <paramref name="Time"/> steps.</summary>
/// <param name="Time">0 to the number of steps.</param>
/// <param name="Examples">An example may occur twice.</param>
public sealed record LossColumn(int Time, IReadOnlyList<int> Examples, IReadOnlyList<double> Weights)
{
    public static LossColumn Mean(int time, IReadOnlyList<int> examples) => new(time, examples, [.. examples.Select(_ => 1.0 / examples.Count)]);
}

/// <summary>Some columns' derivatives in all training inputs.</summary>
/// <param name="Columns">Their places in the list that was asked for.</param>
/// <param name="Losses">Their values.</param>
/// <param name="Derivatives">Examples × columns × input; disposed of when the visit ends.</param>
public sealed record SweptColumns(IReadOnlyList<int> Columns, IReadOnlyList<double> Losses, Tensor Derivatives);

/// <summary>
/// Derivatives of losses late in training in the inputs that were trained on, back through every update (Arpit et al. 2017, section 3.2, after
/// Maclaurin et al. 2015). For a column with adjoint λ = dL/dθ at its time, step s adds −rate · d⟨λ, gradient of minibatch s⟩/dx to each of its
/// inputs, then λ ← λ − rate · Hλ. All columns share one sweep. Weights are kept every √T steps and gone through again in between, so a run of
/// 10⁵ steps needs no more memory than one of a few hundred.
/// </summary>
public static class ReverseSweep
{
    /// <param name="keepDirect">Whether an example's own place in the loss counts too, or only what it did to the weights.</param>
    /// <param name="columnsAtOnce">Bounds memory (examples × columns × input size numbers). Moves last bits, so it belongs to a measure's constants.</param>
    /// <param name="visit">Called for some columns at a time.</param>
    /// <exception cref="OperationCanceledException">Stopped between steps.</exception>
    public static void Run(
        UnrolledRun run, IReadOnlyList<LossColumn> columns, bool keepDirect, int columnsAtOnce, Action<SweptColumns> visit, CancellationToken stop = default)
    {
        if (columns.FirstOrDefault(column => column.Time < 0 || column.Time > run.Steps) is { } outside)
        {
            throw new ArgumentOutOfRangeException(nameof(columns), outside.Time, $"The run has {run.Steps} steps; a loss can be taken after 0 to as many.");
        }

        // Latest first: a column joins the sweep when it comes to its time, behind those already in it.
        foreach (var chunk in Enumerable.Range(0, columns.Count).OrderByDescending(place => columns[place].Time).Chunk(columnsAtOnce))
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            visit(new Sweep(run, [.. chunk.Select(place => columns[place])], keepDirect).Go(chunk, stop));
        }
    }

    private sealed class Sweep
    {
        private readonly UnrolledRun _run;
        private readonly LossColumn[] _columns;
        private readonly bool _keepDirect;
        private readonly double[] _losses;
        private readonly Tensor[] _adjoints;
        private readonly Tensor _derivatives;
        private int _joined;

        public Sweep(UnrolledRun run, LossColumn[] columns, bool keepDirect)
        {
            (_run, _columns, _keepDirect, _losses) = (run, columns, keepDirect, new double[columns.Length]);
            var (type, inputs) = (run.Inputs.dtype, run.Inputs.shape);
            _adjoints = [.. run.Initial.Select(weight => zeros([columns.Length, .. weight.shape], dtype: type))];
            _derivatives = zeros([inputs[0], columns.Length, .. inputs[1..]], dtype: type);
        }

        public SweptColumns Go(int[] places, CancellationToken stop)
        {
            var last = _columns[0].Time;
            var stride = Math.Max(1, (int)Math.Sqrt(last));
            var kept = new List<IReadOnlyList<Tensor>> { _run.Initial };
            while ((kept.Count - 1) * stride + stride <= last)
            {
                kept.Add(_run.Advance(kept[^1], (kept.Count - 1) * stride, kept.Count * stride, stop));
            }

            for (var segment = kept.Count - 1; segment >= 0; segment--)
            {
                using var scope = NewDisposeScope();
                var from = segment * stride;
                var path = _run.Path(kept[segment], from, Math.Min(from + stride, last), stop);
                if (segment == kept.Count - 1)
                {
                    Join(last, path[last - from]);
                }

                for (var step = Math.Min(from + stride, last) - 1; step >= from; step--)
                {
                    stop.ThrowIfCancellationRequested();
                    using var _ = NewDisposeScope();
                    Back(step, path[step - from]);
                    Join(step, path[step - from]);
                }
            }

            return new(places, _losses, _derivatives);
        }

        private void Join(int time, IReadOnlyList<Tensor> weights)
        {
            for (; _joined < _columns.Length && _columns[_joined].Time == time; _joined++)
            {
                using var scope = NewDisposeScope();
                var column = _columns[_joined];
                var (inputs, labels) = _run.Take(column.Examples);
                using var on = enable_grad();
                var leaves = Tensors.Leaves([.. weights, inputs]);
                var losses = _run.Loss.PerExample(_run.Network.Logits(leaves[..^1], leaves[^1]), labels);
                var loss = (losses * tensor(column.Weights.ToArray()).to(losses.dtype)).sum();
                var gradient = autograd.grad([loss], leaves);
                using var off = no_grad();
                _losses[_joined] = loss.ToDouble();
                for (var i = 0; i < _adjoints.Length; i++)
                {
                    _adjoints[i][_joined].copy_(gradient[i]);
                }

                if (_keepDirect)
                {
                    _derivatives.select(1, _joined).AddRows(0, Tensors.Indices(column.Examples), gradient[^1]);
                }
            }
        }

        private void Back(int step, IReadOnlyList<Tensor> weights)
        {
            var (inputs, labels) = _run.Take(_run.Minibatches[step]);
            var adjoints = _adjoints.Select(all => all.narrow(0, 0, _joined)).ToArray();
            var products = HessianColumns.Of(_run.Network, _run.Loss, weights, inputs, labels, adjoints);
            _derivatives.narrow(1, 0, _joined).AddRows(0, Tensors.Indices(_run.Minibatches[step]), products.Inputs, -_run.Rate);
            foreach (var (adjoint, product) in adjoints.Zip(products.Parameters))
            {
                adjoint.Add(product, -_run.Rate);
            }
        }
    }
}
