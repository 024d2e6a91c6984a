using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>
/// Names of the numbers that a sweep's own measures give, whether all its trials take them or those at some values of an axis, and of those that trials tell of
/// what they leave out.
/// </summary>
internal static class OwnMeasures
{
    /// <param name="shared">What all trials have in common.</param>
    public static IReadOnlyList<string> Of(TrialSettings shared, IReadOnlyList<ClaimAxis> axes) =>
    [
        .. MeasureKind.NumbersOf(shared.Measures).Concat(axes
            .Where(axis => axis.Setting.Section == SettingsSchema.Measures)
            .SelectMany(axis => axis.Values.SelectMany(text => MeasureKind.NumbersOf(SettingsSchema.ReadCanonical(axis.Setting, text).Put(new TrialSettings()).Measures))))
            .Distinct(),
        .. shared.Prune != Prune.None || axes.Any(axis => axis.Setting.Path == SettingsSchema.Prune) ? Prune.Numbers : [],
    ];
}
