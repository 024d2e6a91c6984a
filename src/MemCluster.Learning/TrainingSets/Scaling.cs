namespace MemCluster.Learning;

/// <summary>Images as a network is to see them.</summary>
internal static class Scaling
{
    /// <summary>
    /// Every channel of all images, those that are scored too, less its mean and over its standard deviation. One that is the same everywhere is only
    /// moved.
    /// </summary>
    /// <param name="means">By channel, of the clean training images.</param>
    /// <param name="deviations">Likewise.</param>
    public static CorruptedData Standardize(CorruptedData data, double[] means, double[] deviations)
    {
        double[] units = Array.ConvertAll(deviations, deviation => deviation > 0 ? 1 / deviation : 1);
        var plane = data.Card.Height * data.Card.Width;
        foreach (var images in new[] { data.Images, data.ValidationImages })
        {
            for (var i = 0; i < images.Length; i++)
            {
                var channel = i / plane % data.Card.Channels;
                images[i] = (float)((images[i] - means[channel]) * units[channel]);
            }
        }

        return data with { PixelUnits = units };
    }
}
