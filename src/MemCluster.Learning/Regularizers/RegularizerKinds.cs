using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>
/// From settings to what acts in training, in the order in which they act: noise before dropout, so that what is dropped is zero. To add one:
/// a file beside the others, a line here, its setting in Messages' <c>Regularizer</c>, and its test.
/// </summary>
internal static class RegularizerKinds
{
    public static IReadOnlyList<IRegularizer> From(Regularizer settings)
    {
        var all = new List<IRegularizer>();
        if (settings.InputNoise > 0)
        {
            all.Add(new InputNoise(settings.InputNoise));
        }

        if (settings.InputDropout > 0)
        {
            all.Add(new InputDropout(settings.InputDropout));
        }

        if (settings.HiddenNoise > 0)
        {
            all.Add(new HiddenNoise(settings.HiddenNoise));
        }

        if (settings.Dropout > 0)
        {
            all.Add(new Dropout(settings.Dropout));
        }

        if (settings.WeightDecay > 0)
        {
            all.Add(new WeightDecay(settings.WeightDecay, settings.DecayOn == "all"));
        }

        return all;
    }
}
