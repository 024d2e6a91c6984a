using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Mean and standard deviation of each channel over a set of images, pixels in [0, 1].</summary>
internal static class ChannelMoments
{
    /// <summary>Of a trial's clean training images, as large as it sees them.</summary>
    /// <param name="data">Before any noise.</param>
    public static (double[] Means, double[] Deviations) OfClean(DataSelection clean, CorruptedData data) =>
        clean.Pool == 1 ? Of(clean.Train, data.Card) : Of(data.Images, data.Card);

    /// <summary>Summed as whole numbers, so that neither order nor machine matters; the variance is over n, not n − 1.</summary>
    public static (double[] Means, double[] Deviations) Of(DataPart part, DataSetCard card)
    {
        var (means, deviations) = (new double[card.Channels], new double[card.Channels]);
        var plane = card.Height * card.Width;
        var bytes = part.Pixels.Span;
        for (var channel = 0; channel < card.Channels; channel++)
        {
            long sum = 0, squares = 0;
            for (var image = 0; image < part.Count; image++)
            {
                foreach (var pixel in bytes.Slice(image * card.Pixels + channel * plane, plane))
                {
                    sum += pixel;
                    squares += pixel * pixel;
                }
            }

            var count = (double)part.Count * plane;
            var mean = sum / count;
            means[channel] = mean / 255;
            deviations[channel] = Math.Sqrt(Math.Max(0, squares / count - mean * mean)) / 255;
        }

        return (means, deviations);
    }

    /// <summary>Of images whose pixels are no bytes any more, summed in file order.</summary>
    public static (double[] Means, double[] Deviations) Of(float[] images, DataSetCard card)
    {
        var (means, deviations) = (new double[card.Channels], new double[card.Channels]);
        var plane = card.Height * card.Width;
        for (var channel = 0; channel < card.Channels; channel++)
        {
            double sum = 0, squares = 0;
            for (var start = channel * plane; start < images.Length; start += card.Pixels)
            {
                foreach (var pixel in images.AsSpan(start, plane))
                {
                    sum += pixel;
                    squares += (double)pixel * pixel;
                }
            }

            var count = (double)images.Length / card.Channels;
            means[channel] = sum / count;
            deviations[channel] = Math.Sqrt(Math.Max(0, squares / count - means[channel] * means[channel]));
        }

        return (means, deviations);
    }
}
