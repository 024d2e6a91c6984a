using System.Text.Json.Serialization;

namespace MemCluster.Messages;

/// <summary>What turns gradients into steps.</summary>
/// <param name="Kind">
/// <c>sgd</c>: along the gradient, with momentum if there is one. <c>adam</c>: Kingma and Ba 2015. <c>adamw</c>: with weight decay taken from the weights themselves instead of
/// added to the gradient (Loshchilov and Hutter 2019).
/// </param>
/// <param name="Beta1">Adam's two only: how much of the mean gradient is kept from step to step, 0 to below 1.</param>
/// <param name="Beta2">Adam's two only: likewise of the mean square.</param>
/// <param name="Epsilon">Adam's two only: what is added to the root of the mean square, above 0.</param>
public sealed record Optimizer(string Kind, double Beta1 = 0, double Beta2 = 0, double Epsilon = 0)
{
    public const string SgdKind = "sgd";
    public const string AdamKind = "adam";
    public const string AdamWKind = "adamw";

    public static readonly Optimizer Sgd = new(SgdKind);

    /// <summary>With its authors' constants.</summary>
    public static readonly Optimizer Adam = new(AdamKind, 0.9, 0.999, 1e-8);

    /// <summary>With the same constants.</summary>
    public static readonly Optimizer AdamW = Adam with { Kind = AdamWKind };

    public static readonly IReadOnlyList<string> Kinds = [SgdKind, AdamKind, AdamWKind];

    /// <summary>One of Adam's two: it has their constants, and its own momentum.</summary>
    [JsonIgnore]
    public bool IsAdam => Kind is AdamKind or AdamWKind;
}
