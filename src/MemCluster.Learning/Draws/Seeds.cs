using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MemCluster.Learning;

/// <summary>
/// Every draw of a trial comes from a generator keyed by SHA-256 over (trial seed, purpose, numbers such as the epoch). So a draw depends on
/// nothing drawn before it, nor on which thread draws: trials share a process, and a resumed epoch needs no saved random state. Keys are
/// hashed, never shifted or added: seed 1 of one purpose is then never seed 2 of another.
/// </summary>
/// <param name="Seed">The trial's seed; or one that settings give (<c>data.seed</c>, <c>noise-seed</c>), for what they draw.</param>
public readonly record struct Seeds(ulong Seed)
{
    // The purposes. They stand in every result's bits: one that is renamed changes them.
    public const string TrainExamples = "train-examples";
    public const string ScoredExamples = "scored-examples";
    public const string NoiseWhich = "noise-which";
    public const string NoiseLabel = "noise-label";
    public const string NoiseInput = "noise-input";
    public const string NoisePixels = "noise-pixels";
    public const string Prune = "prune";
    public const string SecondSplit = "second-split";
    public const string Order = "order";
    public const string OrderWithReplacement = "order-with-replacement";
    public const string Dropout = "dropout";
    public const string InputDropout = "input-dropout";
    public const string InputNoise = "input-noise";
    public const string HiddenNoise = "hidden-noise";
    public const string Adversarial = "adversarial";

    /// <summary>The purpose of one parameter's initial values: equal names and shapes get equal weights in every network.</summary>
    public static string Weights(string parameter) => "weights/" + parameter;

    /// <summary>A generator of its own for this purpose and these numbers.</summary>
    public Philox Generator(string purpose, params ReadOnlySpan<long> numbers)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(purpose, numbers, digest);
        return new Philox(BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }

    /// <summary>A seed for a torch generator, of which torch uses only these 32 bits.</summary>
    public uint TorchSeed(string purpose, params ReadOnlySpan<long> numbers)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(purpose, numbers, digest);
        return BinaryPrimitives.ReadUInt32LittleEndian(digest);
    }

    private void Hash(string purpose, ReadOnlySpan<long> numbers, Span<byte> digest)
    {
        // Seed, length of the word, the word, the numbers: no two askings give the same bytes.
        var length = Encoding.UTF8.GetByteCount(purpose);
        Span<byte> key = stackalloc byte[512];
        key = key[..(8 + 4 + length + 8 * numbers.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(key, Seed);
        BinaryPrimitives.WriteInt32LittleEndian(key[8..], length);
        Encoding.UTF8.GetBytes(purpose, key[12..]);
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(key[(12 + length + 8 * i)..], numbers[i]);
        }

        SHA256.HashData(key, digest);
    }
}
