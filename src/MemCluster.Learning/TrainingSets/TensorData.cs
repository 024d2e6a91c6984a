using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>Images (examples × channels × height × width) and labels as tensors: one for all, from which a batch is picked by index.</summary>
internal sealed record TensorData(Tensor Images, Tensor Labels)
{
    /// <summary>How much of the images' numbers one pixel unit is, 1 × channels × 1 × 1; null: they are pixels.</summary>
    public Tensor? PixelUnits { get; init; }

    public int Count => (int)Labels.shape[0];

    public static TensorData Train(CorruptedData data, ScalarType type) => Of(data, data.Images, data.Given, type);

    public static TensorData Validation(CorruptedData data, ScalarType type) => Of(data, data.ValidationImages, data.ValidationLabels, type);

    /// <param name="indices">A tensor of 64-bit indices.</param>
    public TensorData Take(Tensor indices) => this with { Images = Images.index_select(0, indices), Labels = Labels.index_select(0, indices) };

    public TensorData Slice(int from, int count) => this with { Images = Images.narrow(0, from, count), Labels = Labels.narrow(0, from, count) };

    private static TensorData Of(CorruptedData data, float[] images, int[] labels, ScalarType type)
    {
        using var floats = tensor(images, [labels.Length, data.Card.Channels, data.Card.Height, data.Card.Width]);
        return new TensorData(
            floats.to(type, ComputeDevice.Torch, copy: true), tensor(Array.ConvertAll(labels, label => (long)label), device: ComputeDevice.Torch))
        {
            PixelUnits = data.PixelUnits is { } units ? tensor(units.ToArray(), [1, units.Count, 1, 1]).to(type, ComputeDevice.Torch) : null,
        };
    }
}
