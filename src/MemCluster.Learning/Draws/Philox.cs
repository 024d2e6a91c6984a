namespace MemCluster.Learning;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
/// Integers only, so it draws the same numbers on every machine; no state is shared, so it draws them beside any other thread.
/// </summary>
public sealed class Philox
{
    internal const int Rounds = 10;
    internal const uint Left = 0xD2511F53, Right = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    private readonly ulong _key;
    private readonly ulong _stream;
    private ulong _block;
    private (uint A, uint B, uint C, uint D) _words;
    private int _used = 4;

    /// <param name="key">The 64-bit key.</param>
    /// <param name="stream">The upper 64 bits of the counter: streams with different ones never overlap.</param>
    public Philox(ulong key, ulong stream = 0)
    {
        _key = key;
        _stream = stream;
    }

    /// <summary>The bijection itself: ten rounds over one counter. Words are in the order of the published test vectors.</summary>
    public static (uint A, uint B, uint C, uint D) Block(uint a, uint b, uint c, uint d, uint key0, uint key1)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var left = (ulong)Left * a;
            var right = (ulong)Right * c;
            (a, b, c, d) = ((uint)(right >> 32) ^ b ^ key0, (uint)right, (uint)(left >> 32) ^ d ^ key1, (uint)left);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (a, b, c, d);
    }

    public uint NextUInt32()
    {
        if (_used == 4)
        {
            _words = NextBlock();
            _used = 0;
        }

        return _used++ switch { 0 => _words.A, 1 => _words.B, 2 => _words.C, _ => _words.D };
    }

    public ulong NextUInt64() => NextUInt32() | (ulong)NextUInt32() << 32;

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1), 24 bits.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1.0f / (1 << 24));

    /// <summary>Standard normal; one draw costs one 64-bit word, so the i-th draw never depends on earlier values.</summary>
    public double NextGaussian() => PortableMath.NormalQuantile(((NextUInt64() >> 12) + 0.5) * (1.0 / (1UL << 52)));

    /// <summary>Uniform in 0 … bound − 1, each equally likely (Lemire 2019: multiply, and draw again in the short remainder).</summary>
    /// <param name="bound">At least 1.</param>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var range = (uint)bound;
        var product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            var remainder = unchecked(0u - range) % range;
            while ((uint)product < remainder)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>The numbers 0 … count − 1 in a random order, every order equally likely (Fisher–Yates).</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            var j = Below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }

    /// <summary>
    /// Writes to each place <paramref name="drop"/> with probability rate (to 2⁻³²), else <paramref name="keep"/>. Begins at a fresh block, so
    /// that several can be computed at once; they are the same draws.
    /// </summary>
    public void Mask<T>(Span<T> mask, double rate, T drop, T keep)
    {
        var threshold = (ulong)(rate * (1UL << 32));
        Span<uint> words = stackalloc uint[PhiloxBlocks.Words];
        Span<T> choice = [keep, drop];
        _used = 4;
        for (var at = 0; at < mask.Length; at += words.Length)
        {
            PhiloxBlocks.Fill(words, _block, _stream, _key);
            var here = mask[at..Math.Min(at + words.Length, mask.Length)];
            _block += (ulong)(here.Length + 3) / 4;
            for (var i = 0; i < here.Length; i++)
            {
                // The sign of the difference picks: a branch would be guessed wrong every other time.
                here[i] = choice[(int)((words[i] - threshold) >> 63)];
            }
        }
    }

    private (uint A, uint B, uint C, uint D) NextBlock()
    {
        var block = _block++;
        return Block((uint)block, (uint)(block >> 32), (uint)_stream, (uint)(_stream >> 32), (uint)_key, (uint)(_key >> 32));
    }
}
