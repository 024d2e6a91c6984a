using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>A training set before examples were left out of it, as <c>held-out</c> needs it: of the images, only those left out.</summary>
/// <param name="Kept">Which examples are trained on.</param>
/// <param name="Labels">Of all examples; its arrays of pixels are gone.</param>
/// <param name="LeftOut">In file order; null where nothing is left out.</param>
internal sealed record WholeSet(bool[] Kept, CorruptedData Labels, TensorData? LeftOut)
{
    /// <param name="told">What was told of leaving examples out.</param>
    public static WholeSet Of(CorruptedData all, IReadOnlyList<Finding> told, ScalarType type)
    {
        var labels = all with { Images = [], ValidationImages = [] };
        if (told.FirstOrDefault(found => found.Name == ExampleNames.Kept) is not { } bits)
        {
            return new([.. Enumerable.Repeat(true, all.Given.Length)], labels, null);
        }

        var kept = KeptBits.Unpack(bits.Values, all.Given.Length);
        return new(kept, labels, TensorData.Train(Pruning.Only(all, Array.ConvertAll(kept, one => !one)), type));
    }
}

/// <summary>
/// Who comes out right, trained on or not: one network of an ensemble, from which memorization, influence (Feldman and Zhang 2020) and the C-score
/// (Jiang et al. 2021) are estimated. Right means that the prediction is the label given, wrong as it may be.
/// </summary>
internal static class HeldOut
{
    public static IEnumerable<Finding> Take(Moment moment, Asked asked)
    {
        var whole = moment.Whole ?? throw new InvalidOperationException("held-out is asked for, and the training set before leaving out was not kept.");
        var kept = Right(moment, moment.Train, moment.Data.Given);
        var leftOut = whole.LeftOut is { } data ? Right(moment, data, [.. whole.Labels.Given.Where((_, example) => !whole.Kept[example])]) : [];
        yield return Finding.OfNumber(moment.Epoch, MeasureKind.KeptAccuracy, Share(kept));
        yield return Finding.OfNumber(moment.Epoch, MeasureKind.LeftOutAccuracy, Share(leftOut));

        var (nextKept, nextLeftOut) = (0, 0);
        yield return Finding.OfBits(moment.Epoch, ExampleNames.CorrectAll, Array.ConvertAll(whole.Kept, isKept => isKept ? kept[nextKept++] : leftOut[nextLeftOut++]));
        if (moment.Validation.Count > 0)
        {
            yield return Finding.OfBits(moment.Epoch, ExampleNames.CorrectValidation, Right(moment, moment.Validation, moment.Data.ValidationLabels));
        }
    }

    private static bool[] Right(Moment moment, TensorData data, int[] labels) =>
        [.. Scoring.Of(moment.Network, data, moment.Stop).Predictions.Zip(labels, (predicted, label) => predicted == label)];

    private static double Share(bool[] right) => Defined.Share(right.Count(one => one), right.Length);
}
