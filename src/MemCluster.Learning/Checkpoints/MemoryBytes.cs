using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Epochs and whole memories of trials as bytes and back, to the bit; for files and for other processes of this machine.</summary>
public static class MemoryBytes
{
    private const int MostItems = 100_000_000;

    public static void Write(BinaryWriter writer, TrialMemory memory)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(memory);
        writer.Write(memory.Spent.Ticks);
        writer.Write(memory.Epochs.Count);
        foreach (var epoch in memory.Epochs)
        {
            WriteEpoch(writer, epoch);
        }

        writer.Write(memory.Tensors.Count);
        foreach (var tensor in memory.Tensors)
        {
            WriteBytes(writer, tensor);
        }

        writer.Write(memory.Tally is not null);
        writer.Write(memory.Tally?.Count ?? 0);
        foreach (var (name, values) in memory.Tally ?? ImmutableDictionary<string, double[]>.Empty)
        {
            writer.Write(name);
            WriteDoubles(writer, values);
        }

        writer.Write(memory.Best is not null);
        if (memory.Best is { } best)
        {
            WriteFinding(writer, best);
        }
    }

    /// <exception cref="FormatException">It holds a count that none has.</exception>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public static TrialMemory Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var spent = TimeSpan.FromTicks(reader.ReadInt64());
        var epochs = ReadList(reader, () => ReadEpoch(reader));
        var tensors = ReadList(reader, () => ReadBytes(reader));
        var hasTally = reader.ReadBoolean();
        var tally = ReadList(reader, () => (Name: reader.ReadString(), Values: ReadDoubles(reader))).ToDictionary(entry => entry.Name, entry => entry.Values);
        return new(epochs, tensors, hasTally ? tally : null, spent) { Best = reader.ReadBoolean() ? ReadFinding(reader) : null };
    }

    public static void WriteEpoch(BinaryWriter writer, EpochMeasures epoch)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(epoch);
        writer.Write(epoch.Epoch);
        WriteDoubles(writer, epoch.Values.AsSpan());
        writer.Write(epoch.Weights);
        writer.Write(epoch.Findings.Count);
        foreach (var found in epoch.Findings)
        {
            WriteFinding(writer, found);
        }
    }

    public static void WriteFinding(BinaryWriter writer, Finding found)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(found);
        writer.Write(found.Epoch);
        writer.Write(found.Name);
        writer.Write(found.Form);
        WriteBytes(writer, found.Values);
    }

    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public static Finding ReadFinding(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new(reader.ReadInt32(), reader.ReadString(), reader.ReadString(), ReadBytes(reader));
    }

    /// <exception cref="FormatException">It holds a count that none has.</exception>
    /// <exception cref="EndOfStreamException">It is cut short.</exception>
    public static EpochMeasures ReadEpoch(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new(reader.ReadInt32(), [.. ReadDoubles(reader)], reader.ReadString())
        {
            Findings = ReadList(reader, () => ReadFinding(reader)),
        };
    }

    private static List<T> ReadList<T>(BinaryReader reader, Func<T> read) => [.. Enumerable.Range(0, Count(reader)).Select(_ => read())];

    private static int Count(BinaryReader reader) => reader.ReadInt32() is >= 0 and <= MostItems and var count
        ? count
        : throw new FormatException("A checkpoint holds a count that none has.");

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());

    private static void WriteDoubles(BinaryWriter writer, ReadOnlySpan<double> values)
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    private static double[] ReadDoubles(BinaryReader reader) =>
        MemoryMarshal.Cast<byte, double>(reader.ReadBytes(sizeof(double) * reader.ReadInt32())).ToArray();
}
