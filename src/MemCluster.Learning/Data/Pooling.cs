using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Smaller images: the mean of each square of pixels.</summary>
internal static class Pooling
{
    /// <summary>Pixels in [0, 1], channel by channel, row by row. Bytes are summed as whole numbers, so that neither order nor machine matters.</summary>
    /// <param name="card">Of the images as they are stored; its height and width are multiples of <paramref name="side"/>.</param>
    /// <param name="side">Pixels a side of a square.</param>
    public static float[] Means(DataPart part, DataSetCard card, int side)
    {
        var bytes = part.Pixels.Span;
        var (rows, columns) = (card.Height / side, card.Width / side);
        var means = new float[part.Count * card.Channels * rows * columns];
        for (var i = 0; i < means.Length; i++)
        {
            var (plane, row, column) = (i / (rows * columns), i / columns % rows, i % columns);
            var corner = (plane * card.Height * card.Width) + (row * side * card.Width) + (column * side);
            var sum = 0;
            for (var line = 0; line < side; line++)
            {
                foreach (var pixel in bytes.Slice(corner + (line * card.Width), side))
                {
                    sum += pixel;
                }
            }

            means[i] = sum / (255f * side * side);
        }

        return means;
    }
}
