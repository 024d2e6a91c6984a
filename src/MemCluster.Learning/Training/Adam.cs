using MemCluster.Messages;
using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Adam (Kingma and Ba 2015), as torch defines it: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − rate · m̂ / (√v̂ + ε), with m̂ and v̂ divided by 1 − β₁ᵗ and
/// 1 − β₂ᵗ at step t. As AdamW (Loshchilov and Hutter 2019) it has weight decay λ of its own: w ← w − rate · λ · w before the step, as torch.optim.AdamW does, where Adam would have
/// λ · w in g and divide it by √v̂.
/// </summary>
internal sealed class Adam : IOptimizer
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly IReadOnlyList<IRegularizer> _regularizers;
    private readonly Optimizer _constants;
    private readonly WeightDecay? _decay;
    private readonly List<Tensor> _means;
    private readonly List<Tensor> _squares;

    // β₁ᵗ and β₂ᵗ by multiplication: a power function's last bit differs between machines. A tensor, so that it is kept with the others.
    private readonly Tensor _powers = ones([2], dtype: ScalarType.Float64);

    public Adam(IReadOnlyList<Parameter> parameters, Optimizer constants, IReadOnlyList<IRegularizer> regularizers)
    {
        _decay = constants.Kind == Optimizer.AdamWKind ? regularizers.OfType<WeightDecay>().SingleOrDefault() : null;
        (_parameters, _constants, _regularizers) = (parameters, constants, [.. regularizers.Where(regularizer => !ReferenceEquals(regularizer, _decay))]);
        _means = [.. parameters.Select(parameter => zeros_like(parameter.Value, requires_grad: false))];
        _squares = [.. parameters.Select(parameter => zeros_like(parameter.Value, requires_grad: false))];
    }

    public IReadOnlyList<Tensor> State => [.. _means, .. _squares, _powers];

    public void Step(double rate)
    {
        using var _ = no_grad();
        var (first, second) = NextPowers();
        using Scalar beta1 = _constants.Beta1;
        using Scalar rest1 = 1 - _constants.Beta1;
        using Scalar beta2 = _constants.Beta2;
        using Scalar rest2 = 1 - _constants.Beta2;
        using Scalar epsilon = _constants.Epsilon;
        using Scalar one = 1;
        using Scalar root = Math.Sqrt(1 - second);
        using Scalar step = -rate / (1 - first);
        for (var i = 0; i < _parameters.Count; i++)
        {
            using var scope = NewDisposeScope();
            var gradient = IOptimizer.TakeGradient(_parameters[i], _regularizers);
            var mean = _means[i].mul_(beta1).add_(gradient, alpha: rest1);
            _decay?.Shrink(_parameters[i], rate);
            var square = _squares[i].mul_(beta2).addcmul_(gradient, gradient, rest2);

            // 1/(1/√v): two operations that round alike everywhere, which libtorch's root does not (see ToRoots).
            _parameters[i].Value.addcdiv_(mean, square.rsqrt().reciprocal_().div_(root).add_(epsilon, one), step);
        }
    }

    private (double First, double Second) NextPowers()
    {
        using var accessor = _powers.data<double>();
        accessor[0] *= _constants.Beta1;
        accessor[1] *= _constants.Beta2;
        return (accessor[0], accessor[1]);
    }
}
