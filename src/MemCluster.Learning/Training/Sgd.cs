using System.Globalization;
using MemCluster.Messages;
using TorchSharp;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// Stochastic gradient descent with momentum, as torch defines it: v ← m·v + g, w ← w − rate·v, or in Nesterov's form w ← w − rate·(g + m·v).
/// Written out because the steps are few and in place.
/// </summary>
/// <remarks>
/// Its numbers are held by <c>using</c> over all parameters; elsewhere <see cref="ScalarOps"/> holds them for one operation.
/// </remarks>
internal sealed class Sgd : IOptimizer
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly IReadOnlyList<IRegularizer> _regularizers;
    private readonly double _momentum;
    private readonly bool _nesterov;
    private readonly List<Tensor> _velocities;

    public Sgd(IReadOnlyList<Parameter> parameters, double momentum, IReadOnlyList<IRegularizer> regularizers, bool nesterov = false)
    {
        _parameters = parameters;
        _regularizers = regularizers;
        _momentum = momentum;
        _nesterov = nesterov;
        _velocities = momentum == 0 ? [] : [.. parameters.Select(parameter => zeros_like(parameter.Value, requires_grad: false))];
    }

    /// <summary>A velocity for each parameter; none without momentum.</summary>
    public IReadOnlyList<Tensor> State => _velocities;

    /// <summary>As the schedule says, by multiplication and square roots alone: a power function's last bit differs between machines.</summary>
    public static double RateAt(int epoch, TrainingSettings settings)
    {
        if (settings.Schedule is not { } schedule)
        {
            return settings.Rate;
        }

        if (schedule.Kind == RateSchedule.InverseRoot)
        {
            return settings.Rate / Math.Sqrt(1 + (epoch - 1) / schedule.Every);
        }

        var falls = schedule.Kind == RateSchedule.After
            ? schedule.At.Split(',').Count(after => int.Parse(after, CultureInfo.InvariantCulture) < epoch)
            : (epoch - 1) / schedule.Every;
        return Enumerable.Repeat(schedule.Factor, falls).Aggregate(settings.Rate, (rate, factor) => rate * factor);
    }

    public void Step(double rate)
    {
        using var _ = no_grad();
        using Scalar step = -rate;
        using Scalar momentum = _momentum;
        using Scalar one = 1;
        for (var i = 0; i < _parameters.Count; i++)
        {
            var weights = _parameters[i].Value;
            var gradient = IOptimizer.TakeGradient(_parameters[i], _regularizers);
            if (_momentum == 0)
            {
                weights.add_(gradient, alpha: step);
            }
            else
            {
                var velocity = _velocities[i].mul_(momentum).add_(gradient, alpha: one);
                weights.add_(_nesterov ? gradient.add_(velocity, alpha: momentum) : velocity, alpha: step);
            }
        }
    }
}
