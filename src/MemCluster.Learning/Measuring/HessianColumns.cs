using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// For one minibatch and many directions (columns) v at once: Hv, with H the Hessian of its mean loss in the parameters, and d⟨v, gradient⟩/dx
/// for each of its inputs. Columns come as the parameters' shapes with one dimension before; results for inputs as examples × columns × input.
/// </summary>
internal static class HessianColumns
{
    public sealed record Products(IReadOnlyList<Tensor> Parameters, Tensor Inputs);

    public static Products Of(
        IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels, IReadOnlyList<Tensor> columns) =>
        DenseLayers.Are(network)
            ? Dense(loss, parameters, inputs, labels, columns)
            : OneByOne(network, loss, parameters, inputs, labels, columns);

    /// <summary>Any network: one graph of the gradient, gone through backwards once for each column.</summary>
    public static Products OneByOne(
        IDifferentiableNetwork network, ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels, IReadOnlyList<Tensor> columns)
    {
        using var on = enable_grad();
        var leaves = Tensors.Leaves([.. parameters, inputs]);
        var weights = leaves[..^1];
        var mean = loss.PerExample(network.Logits(weights, leaves[^1]), labels).mean();

        // retain_graph does not follow create_graph in TorchSharp.
        var gradient = autograd.grad([mean], weights, retain_graph: true, create_graph: true);
        var products = Enumerable.Range(0, (int)columns[0].shape[0])
            .Select(column => autograd.grad([Tensors.Dot(gradient, columns.Select(all => all[column]))], leaves, retain_graph: true))
            .ToArray();
        return new(
            [.. weights.Select((_, place) => stack(products.Select(product => product[place])))],
            stack(products.Select(product => product[^1]), 1));
    }

    /// <summary>
    /// Dense layers: Pearlmutter's R-operator written out (Pearlmutter 1994). The pass itself is shared; only its derivative along the columns is
    /// carried per column, as rows of large matrix products. 50 columns cost about as much as a handful one by one.
    /// </summary>
    public static Products Dense(ExampleLoss loss, IReadOnlyList<Tensor> parameters, Tensor inputs, Tensor labels, IReadOnlyList<Tensor> columns)
    {
        var pass = DenseLayers.Differentiate(loss, parameters, inputs, labels);
        using var off = no_grad();
        var (layers, examples, count) = (pass.Deltas.Count, inputs.shape[0], columns[0].shape[0]);

        // Forward: how sums and activations move along each column; examples × columns × units.
        var entering = new Tensor?[layers];
        var slopes = pass.Entering.Select((activations, layer) => layer == 0 ? activations : DenseLayers.Slope(activations).unsqueeze(1)).ToArray();
        Tensor sums = null!;
        for (var layer = 0; layer < layers; layer++)
        {
            var moved = columns[2 * layer];
            sums = pass.Entering[layer].matmul(moved.flatten(0, 1).t()).view(examples, count, moved.shape[1]).Add(columns[2 * layer + 1]);
            if (entering[layer] is { } before)
            {
                sums.Add(before.matmul(parameters[2 * layer].t()));
            }

            if (layer + 1 < layers)
            {
                entering[layer + 1] = sums * slopes[layer + 1];
            }
        }

        // Backward: how the deltas move, and with them every gradient.
        var products = new Tensor[2 * layers];
        var deltas = LogitHessian(loss, pass.Logits, labels, sums);
        for (var layer = layers - 1; ; layer--)
        {
            var (weights, moved) = (parameters[2 * layer], columns[2 * layer]);
            var along = deltas.flatten(1).t().matmul(pass.Entering[layer]).view(moved.shape);
            if (entering[layer] is { } before)
            {
                along.Add(pass.Deltas[layer].t().matmul(before.flatten(1)).view(weights.shape[0], count, weights.shape[1]).transpose(0, 1));
            }

            products[2 * layer] = along.Divide(examples);

            // Not sum(0): a literal 0 turns into the enum, and the sum into bytes.
            products[2 * layer + 1] = deltas.sum([0L]).Divide(examples);
            deltas = deltas.matmul(weights).Add(pass.Deltas[layer].matmul(moved).transpose(0, 1));
            if (layer == 0)
            {
                return new(products, deltas.Divide(examples).view([examples, count, .. inputs.shape[1..]]));
            }

            deltas.mul_(slopes[layer]);
        }
    }

    // Per example, the loss's Hessian in the logits times each column: it is symmetric, so backwards is as good as forwards.
    private static Tensor LogitHessian(ExampleLoss loss, Tensor logits, Tensor labels, Tensor directions)
    {
        using var on = enable_grad();
        var leaf = logits.unsqueeze(1).expand(directions.shape).detach().requires_grad_();
        var total = loss.PerExample(leaf, labels.unsqueeze(1).expand(directions.shape[..2])).sum();
        var gradient = autograd.grad([total], [leaf], retain_graph: true, create_graph: true)[0];
        return autograd.grad([(gradient * directions).sum()], [leaf])[0];
    }
}
