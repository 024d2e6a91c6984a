using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// What each kind of regularizer of Messages' <see cref="RegularizerKind.All"/> does in training. To add one: a file beside the others, a line
/// here, its word there, and its test.
/// </summary>
internal static class RegularizerKinds
{
    /// <summary>In the order in which they act: noise before dropout, so that what is dropped is zero.</summary>
    public static readonly IReadOnlyList<(string Kind, Func<double, Regularizer, Tensor?, IRegularizer> Create)> InOrder =
    [
        ("input-noise", (sd, _, units) => new InputNoise(sd, units)),
        ("input-dropout", (rate, _, _) => new InputDropout(rate)),
        ("hidden-noise", (sd, _, _) => new HiddenNoise(sd)),
        ("dropout", (rate, _, _) => new Dropout(rate)),
        ("adversarial", (weight, all, units) => new Adversarial(weight, new(
            all.AdversarialAlpha / 255, all.AdversarialBeta / 255, all.AdversarialRadius / 255, (int)all.AdversarialIterations, PixelUnits: units))),
        ("weight-decay", (decay, all, _) => new WeightDecay(decay, all.DecayOn == "all")),
    ];

    /// <summary>Those that the settings ask for.</summary>
    /// <param name="pixelUnits">How much of the inputs one pixel unit is; null: they are pixels.</param>
    public static IReadOnlyList<IRegularizer> From(Regularizer settings, Tensor? pixelUnits = null) =>
    [
        .. InOrder
            .Select(entry => (entry.Create, Amount: RegularizerKind.All.First(kind => kind.Name == entry.Kind).Get(settings)))
            .Where(entry => entry.Amount > 0)
            .Select(entry => entry.Create(entry.Amount, settings, pixelUnits)),
    ];
}
