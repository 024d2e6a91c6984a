namespace MemCluster.Messages;

/// <summary>What turns gradients into steps.</summary>
/// <param name="Kind"><c>sgd</c>: along the gradient, with momentum if there is one. <c>adam</c>: Kingma and Ba 2015.</param>
/// <param name="Beta1">Adam only: how much of the mean gradient is kept from step to step, 0 to below 1.</param>
/// <param name="Beta2">Adam only: likewise of the mean square.</param>
/// <param name="Epsilon">Adam only: what is added to the root of the mean square, above 0.</param>
public sealed record Optimizer(string Kind, double Beta1 = 0, double Beta2 = 0, double Epsilon = 0)
{
    public const string SgdKind = "sgd";
    public const string AdamKind = "adam";

    public static readonly Optimizer Sgd = new(SgdKind);

    /// <summary>With its authors' constants.</summary>
    public static readonly Optimizer Adam = new(AdamKind, 0.9, 0.999, 1e-8);

    public static readonly IReadOnlyList<string> Kinds = [SgdKind, AdamKind];
}
