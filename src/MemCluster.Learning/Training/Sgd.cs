using MemCluster.Messages;
using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Stochastic gradient descent with heavy-ball momentum, as torch defines it: v ← m·v + g, w ← w − rate·v. Written out because the steps are
/// few and in place.
/// </summary>
/// <remarks>
/// Its numbers are held by <c>using</c> over all parameters; elsewhere <see cref="Held"/> holds them for one operation.
/// </remarks>
internal sealed class Sgd
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly IReadOnlyList<IRegularizer> _regularizers;
    private readonly double _momentum;
    private readonly List<Tensor> _velocities;

    public Sgd(IReadOnlyList<Parameter> parameters, double momentum, IReadOnlyList<IRegularizer> regularizers)
    {
        _parameters = parameters;
        _regularizers = regularizers;
        _momentum = momentum;
        _velocities = momentum == 0 ? [] : [.. parameters.Select(parameter => zeros_like(parameter.Value, requires_grad: false))];
    }

    /// <summary>As the settings ask.</summary>
    public static Sgd Of(TrialSettings settings, INetwork network) =>
        new(network.Parameters, settings.Training.Momentum, RegularizerKinds.From(settings.Regularizer));

    /// <summary>One for each parameter; none without momentum.</summary>
    public IReadOnlyList<Tensor> Velocities => _velocities;

    /// <summary>rate · factor^⌊(epoch − 1)/every⌋, by multiplication alone: a power function's last bit differs between machines.</summary>
    public static double RateAt(int epoch, TrainingSettings settings)
    {
        var rate = settings.Rate;
        for (var step = settings.Schedule is { } schedule ? (epoch - 1) / schedule.Every : 0; step > 0; step--)
        {
            rate *= settings.Schedule!.Factor;
        }

        return rate;
    }

    /// <summary>Uses up the gradients that <c>backward</c> left.</summary>
    public void Step(double rate)
    {
        using var _ = no_grad();
        using Scalar step = -rate;
        using Scalar momentum = _momentum;
        using Scalar one = 1;
        for (var i = 0; i < _parameters.Count; i++)
        {
            var weights = _parameters[i].Value;
            var gradient = weights.grad ?? throw new InvalidOperationException($"{_parameters[i].Name} took no part in the loss.");
            foreach (var regularizer in _regularizers)
            {
                regularizer.Gradient(_parameters[i], gradient);
            }

            if (_momentum == 0)
            {
                weights.add_(gradient, alpha: step);
            }
            else
            {
                weights.add_(_velocities[i].mul_(momentum).add_(gradient, alpha: one), alpha: step);
            }

            // Not zeroed: backward then hands over its buffer instead of adding to this one.
            weights.grad = null;
        }
    }
}
