using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MemCluster.Messages;

/// <summary>
/// Tensors as the file format safetensors has them (huggingface.co/docs/safetensors): the length of a header (8 bytes, little-endian), the header
/// in JSON, padded with blanks to a multiple of 8, and the numbers of all tensors without a gap, each row by row, little-endian.
/// </summary>
/// <param name="Tensors">In the order of their numbers.</param>
/// <param name="About">What stands under <c>__metadata__</c>, in this order.</param>
/// <param name="Data">The numbers.</param>
public sealed record Safetensors(IReadOnlyList<SavedTensor> Tensors, IReadOnlyList<KeyValuePair<string, string>> About, ReadOnlyMemory<byte> Data)
{
    /// <summary>Of a file's name.</summary>
    public const string Extension = ".safetensors";

    public const string Float32 = "F32";
    public const string Float64 = "F64";

    private const string Metadata = "__metadata__";
    private const int Alignment = 8;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The first 16 hexadecimal digits of SHA-256 over the numbers: where the tensors are a network's parameters and buffers in its order, the digest
    /// of its weights that the journal has of the epoch.
    /// </summary>
    public string Digest => DigestOf(SHA256.HashData(Data.Span));

    public static string DigestOf(ReadOnlySpan<byte> sha256) => Convert.ToHexStringLower(sha256[..8]);

    /// <summary>Bytes from the beginning of a file to its numbers.</summary>
    /// <param name="begin">At least the first 8 bytes of the file.</param>
    public static long HeadBytes(ReadOnlySpan<byte> begin) => sizeof(ulong) + BinaryPrimitives.ReadInt64LittleEndian(begin);

    /// <summary>All that stands before the numbers.</summary>
    public byte[] Head()
    {
        using var bytes = new MemoryStream();
        bytes.Write(new byte[sizeof(ulong)]);
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            if (About.Count > 0)
            {
                json.WriteStartObject(Metadata);
                foreach (var (key, value) in About)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            var from = 0L;
            foreach (var tensor in Tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type);
                Numbers(json, "shape", tensor.Shape);
                Numbers(json, "data_offsets", [from, from += tensor.Bytes]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (bytes.Length % Alignment != 0)
        {
            bytes.WriteByte((byte)' ');
        }

        var head = bytes.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(head, head.Length - sizeof(ulong));
        return head;
    }

    public byte[] ToBytes() => [.. Head(), .. Data.Span];

    /// <exception cref="FormatException">It is no such file, or one with gaps between its tensors.</exception>
    public static Safetensors Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            var head = checked((int)HeadBytes(file.Span));
            using var json = JsonDocument.Parse(file[sizeof(ulong)..head]);
            var about = json.RootElement.TryGetProperty(Metadata, out var said)
                ? said.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, entry.Value.GetString()!)).ToArray()
                : [];
            var tensors = json.RootElement.EnumerateObject().Where(entry => entry.Name != Metadata).Select(entry => (
                entry.Name, Type: entry.Value.GetProperty("dtype").GetString()!,
                Shape: entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray(),
                Offsets: entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray())).OrderBy(entry => entry.Offsets[0]).ToArray();
            var data = file[head..];
            var ends = tensors.Select(entry => entry.Offsets[1]).Prepend(0).ToArray();
            return tensors.Index().All(entry => entry.Item.Offsets[0] == ends[entry.Index]) && ends[^1] == data.Length
                ? new([.. tensors.Select(entry => new SavedTensor(entry.Name, entry.Type, entry.Shape, entry.Offsets[1] - entry.Offsets[0]))], about, data)
                : throw new FormatException("Its tensors don't fill it.");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new FormatException($"It is no safetensors file: {problem.Message}", problem);
        }
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}

/// <param name="Type"><see cref="Safetensors.Float32"/> or <see cref="Safetensors.Float64"/>.</param>
/// <param name="Shape">Sizes, the slowest dimension first; none for a single number.</param>
/// <param name="Bytes">Of all its numbers.</param>
public sealed record SavedTensor(string Name, string Type, IReadOnlyList<long> Shape, long Bytes);
