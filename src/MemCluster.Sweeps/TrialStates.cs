using System.IO.Compression;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// The state of every trial of a sweep, a byte each, as an immutable value: a change copies one block, so ten million trials cost ten
/// megabytes and a change some kilobytes. A block that was never touched (all pending) takes no memory.
/// </summary>
public sealed class TrialStates
{
    private const int BlockSize = 4096;
    private static readonly int Kinds = Enum.GetValues<TrialState>().Length;

    private readonly byte[]?[] _blocks;
    private readonly int[] _counts;

    private TrialStates(int count, byte[]?[] blocks, int[] counts) => (Count, _blocks, _counts) = (count, blocks, counts);

    public int Count { get; }

    public TrialState this[int place] => _blocks[place / BlockSize] is { } block ? (TrialState)block[place % BlockSize] : TrialState.Pending;

    public static TrialStates AllPending(int count)
    {
        var counts = new int[Kinds];
        counts[(int)TrialState.Pending] = count;
        return new(count, new byte[]?[(count + BlockSize - 1) / BlockSize], counts);
    }

    /// <summary>How many trials are in this state.</summary>
    public int CountOf(TrialState state) => _counts[(int)state];

    public TrialCounts Counts() => new(
        Count, CountOf(TrialState.Pending) + CountOf(TrialState.Waiting), CountOf(TrialState.Running), CountOf(TrialState.Finished),
        CountOf(TrialState.Diverged), CountOf(TrialState.Failed), CountOf(TrialState.Cancelled), CountOf(TrialState.Waiting));

    public TrialStates With(int place, TrialState state)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, (uint)Count);
        var blocks = (byte[]?[])_blocks.Clone();
        var block = blocks[place / BlockSize] is { } old ? (byte[])old.Clone() : new byte[BlockSize];
        var counts = (int[])_counts.Clone();
        counts[block[place % BlockSize]]--;
        counts[(int)state]++;
        block[place % BlockSize] = (byte)state;
        blocks[place / BlockSize] = block;
        return new(Count, blocks, counts);
    }

    /// <summary>Each block of them is copied once.</summary>
    public TrialStates With(ReadOnlySpan<int> places, TrialState state)
    {
        var blocks = (byte[]?[])_blocks.Clone();
        var counts = (int[])_counts.Clone();
        var copied = new HashSet<int>();
        foreach (var place in places)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, (uint)Count);
            var at = place / BlockSize;
            if (copied.Add(at))
            {
                blocks[at] = blocks[at] is { } old ? (byte[])old.Clone() : new byte[BlockSize];
            }

            counts[blocks[at]![place % BlockSize]]--;
            counts[(int)state]++;
            blocks[at]![place % BlockSize] = (byte)state;
        }

        return new(Count, blocks, counts);
    }

    /// <summary>Every trial in one of these states goes to another; the cost is that of the sweep, once.</summary>
    public TrialStates WithAll(TrialState to, params ReadOnlySpan<TrialState> from)
    {
        var blocks = (byte[]?[])_blocks.Clone();
        for (var index = 0; index < blocks.Length; index++)
        {
            var block = blocks[index] is { } old ? (byte[])old.Clone() : new byte[BlockSize];
            var used = block.AsSpan(0, Math.Min(BlockSize, Count - (index * BlockSize)));
            foreach (var state in from)
            {
                used.Replace((byte)state, (byte)to);
            }

            blocks[index] = block;
        }

        var counts = (int[])_counts.Clone();
        foreach (var state in from)
        {
            (counts[(int)state], counts[(int)to]) = (0, counts[(int)to] + counts[(int)state]);
        }

        return new(Count, blocks, counts);
    }

    /// <summary>The first pending place at or after this one; <see cref="Count"/> if there is none.</summary>
    public int NextPending(int from)
    {
        for (var place = from; place < Count; place++)
        {
            if (_blocks[place / BlockSize] is not { } block)
            {
                return place;
            }

            var start = place % BlockSize;
            var found = block.AsSpan(start).IndexOf((byte)TrialState.Pending);
            if (found >= 0)
            {
                return Math.Min(Count, place + found);
            }

            place += BlockSize - start - 1;
        }

        return Count;
    }

    /// <summary>One byte per trial in grid order, deflated: a snapshot of a million finished trials is about a kilobyte.</summary>
    public byte[] Pack()
    {
        var empty = new byte[BlockSize];
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var index = 0; index < _blocks.Length; index++)
            {
                deflate.Write(_blocks[index] ?? empty, 0, Math.Min(BlockSize, Count - (index * BlockSize)));
            }
        }

        return packed.ToArray();
    }

    public static TrialStates Unpack(int count, byte[] packed)
    {
        var states = AllPending(count);
        var counts = new int[Kinds];
        using var inflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        for (var index = 0; index < states._blocks.Length; index++)
        {
            var length = Math.Min(BlockSize, count - (index * BlockSize));
            var block = new byte[BlockSize];
            inflate.ReadExactly(block, 0, length);
            foreach (var state in block.AsSpan(0, length))
            {
                counts[state]++;
            }

            states._blocks[index] = block;
        }

        return new(count, states._blocks, counts);
    }
}
