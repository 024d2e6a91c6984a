using System.Runtime.InteropServices;

namespace MemCluster.Messages;

/// <summary>
/// What a measure found at an epoch: a number, or an array with an entry for each training example, in file order; or the weights by then. Little-endian,
/// as everything that runs here is.
/// </summary>
/// <param name="Epoch">After which it was measured; 0 is before training.</param>
/// <param name="Name">As in results: <c>csr_validation_r0.3</c>, <c>el2n</c>.</param>
/// <param name="Form">One of <see cref="FindingForms"/>.</param>
public sealed record Finding(int Epoch, string Name, string Form, byte[] Values)
{
    public static Finding OfNumber(int epoch, string name, double number) => new(epoch, name, FindingForms.Number, BitConverter.GetBytes(number));

    public static Finding OfSingles(int epoch, string name, IEnumerable<double> numbers) =>
        new(epoch, name, FindingForms.Singles, MemoryMarshal.AsBytes<float>(numbers.Select(number => (float)number).ToArray()).ToArray());

    /// <param name="labels">0 to 255.</param>
    public static Finding OfBytes(int epoch, string name, IEnumerable<int> labels) => new(epoch, name, FindingForms.Bytes, [.. labels.Select(label => checked((byte)label))]);

    /// <param name="matrix">Row by row.</param>
    public static Finding OfMatrix(int epoch, string name, double[][] matrix) =>
        new(epoch, name, FindingForms.Matrix, MemoryMarshal.AsBytes<double>(matrix.SelectMany(row => row).ToArray()).ToArray());

    /// <summary>The first in the lowest bit; the last byte is filled up with zeros.</summary>
    public static Finding OfBits(int epoch, string name, IReadOnlyList<bool> bits)
    {
        var bytes = new byte[(bits.Count + 7) / 8];
        for (var i = 0; i < bits.Count; i++)
        {
            bytes[i / 8] |= (byte)(bits[i] ? 1 << (i % 8) : 0);
        }

        return new(epoch, name, FindingForms.Bits, bytes);
    }

    /// <summary>The weights after an epoch, to be kept.</summary>
    public static Finding OfWeights(int epoch, Safetensors weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new(epoch, WeightsPlan.Word, FindingForms.Weights, weights.ToBytes());
    }

    /// <summary>All numbers; of bits 0 and 1, eight for each byte.</summary>
    public double[] ToNumbers() => Form switch
    {
        FindingForms.Singles => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(Values).ToArray(), number => (double)number),
        FindingForms.Bytes => Array.ConvertAll(Values, label => (double)label),
        FindingForms.Bits => [.. Values.SelectMany(pack => Enumerable.Range(0, 8).Select(bit => (double)((pack >> bit) & 1)))],
        FindingForms.Weights => throw new NotSupportedException("Weights are no list of numbers; read them as Safetensors."),
        _ => MemoryMarshal.Cast<byte, double>(Values).ToArray(),
    };
}

/// <summary>As much of a finding as fits into a frame.</summary>
/// <param name="Length">Bytes of the whole.</param>
/// <param name="From">Where in the whole this part begins.</param>
public sealed record FindingPart(int Epoch, string Name, string Form, int Length, int From, byte[] Values)
{
    /// <summary>Of a part, far below a frame even in base64.</summary>
    public const int MostBytes = 48 * 1024;

    public static IEnumerable<FindingPart> Of(Finding whole)
    {
        for (var from = 0; from == 0 || from < whole.Values.Length; from += MostBytes)
        {
            yield return new(
                whole.Epoch, whole.Name, whole.Form, whole.Values.Length, from, whole.Values[from..Math.Min(from + MostBytes, whole.Values.Length)]);
        }
    }
}

/// <summary>How a finding's bytes are to be read.</summary>
public static class FindingForms
{
    /// <summary>One float64, of the trial.</summary>
    public const string Number = "number";

    /// <summary>Float64, classes × classes, row by row.</summary>
    public const string Matrix = "matrix";

    /// <summary>A float32 for each training example.</summary>
    public const string Singles = "float32";

    /// <summary>A byte for each training example.</summary>
    public const string Bytes = "uint8";

    /// <summary>A bit for each training example.</summary>
    public const string Bits = "bits";

    /// <summary>A network's weights, as <see cref="Safetensors"/>.</summary>
    public const string Weights = "weights";
}

/// <summary>The arrays that tell a trial's examples apart; told once, as of epoch 0, by a trial that tells anything of its examples.</summary>
public static class ExampleNames
{
    /// <summary>The class trained on.</summary>
    public const string Given = "label_given";

    /// <summary>The class as published.</summary>
    public const string True = "label_true";

    /// <summary>Whether the noise chose it, also where a random label happens to be the true one.</summary>
    public const string Corrupted = "corrupted";

    /// <summary>
    /// Of a trial whose examples are drawn (<c>data.seed</c>): a bit for each example of the training file, set for those drawn. All its other arrays are of these, in file
    /// order, and <see cref="Kept"/> has a bit for each of them. A trial that takes the first ones does not tell it.
    /// </summary>
    public const string Drawn = "drawn";

    /// <summary>Whether the prediction is the label given.</summary>
    public const string Correct = "correct";

    /// <summary>
    /// Of a trial that leaves examples out: a bit for each example there was. All its other arrays are of those kept; but the labels of one that measures
    /// <see cref="CorrectAll"/> are of all.
    /// </summary>
    public const string Kept = "kept";

    /// <summary>As <see cref="Correct"/>, for each example that there was before any were left out.</summary>
    public const string CorrectAll = "correct_all";

    /// <summary>As <see cref="Correct"/>, for each validation example.</summary>
    public const string CorrectValidation = "correct_validation";
}
