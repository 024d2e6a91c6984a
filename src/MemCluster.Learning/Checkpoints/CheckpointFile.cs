using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Whose a checkpoint is. A trial goes on only from one that is the same in all three: then its bits are what they would have been.</summary>
/// <param name="Cell">The digest of the trial's settings.</param>
/// <param name="Fingerprint">Of the arithmetic that trained it; empty for a workload without tensors.</param>
/// <param name="NumericsVersion"><see cref="NumericsSettings.Version"/> of the program that trained it.</param>
public sealed record CheckpointOwner(CellId Cell, string Fingerprint, string NumericsVersion);

/// <summary>
/// A checkpoint as bytes: a magic word, owner and memory, and the SHA-256 of all before it. It is read only where that is right, so a torn or
/// damaged file is never half believed.
/// </summary>
public static class CheckpointFile
{
    private const string Magic = "memcluster checkpoint 1";
    private const int MostItems = 100_000_000;

    public static byte[] Write(CheckpointOwner owner, TrialMemory memory)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(memory);
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(owner.Cell.ToString());
        writer.Write(owner.Fingerprint);
        writer.Write(owner.NumericsVersion);
        writer.Write(memory.Spent.Ticks);
        writer.Write(memory.Epochs.Count);
        foreach (var epoch in memory.Epochs)
        {
            writer.Write(epoch.Epoch);
            WriteDoubles(writer, epoch.Values.AsSpan());
            writer.Write(epoch.Weights);
            writer.Write(epoch.Findings.Count);
            foreach (var found in epoch.Findings)
            {
                writer.Write(found.Epoch);
                writer.Write(found.Name);
                writer.Write(found.Form);
                WriteBytes(writer, found.Values);
            }
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

        writer.Flush();
        return [.. bytes.ToArray(), .. SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length))];
    }

    /// <summary>What the file holds, or why it is of no use, in a few words.</summary>
    public static (TrialMemory? Memory, string Problem) Read(byte[] file, CheckpointOwner wanted)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(wanted);
        var content = file.AsSpan(0, Math.Max(0, file.Length - SHA256.HashSizeInBytes));
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(file.AsSpan(content.Length)))
        {
            return (null, "it is damaged");
        }

        using var reader = new BinaryReader(new MemoryStream(file, 0, content.Length), Encoding.UTF8);
        if (reader.ReadString() != Magic)
        {
            return (null, "another version of this program wrote it");
        }

        var owner = new CheckpointOwner(CellId.Parse(reader.ReadString()), reader.ReadString(), reader.ReadString());
        return owner.Cell != wanted.Cell ? (null, $"it belongs to cell {owner.Cell}")
            : owner.NumericsVersion != wanted.NumericsVersion ? (null, $"it was trained with {owner.NumericsVersion}")
            : owner.Fingerprint != wanted.Fingerprint ? (null, $"it was trained on a machine of other arithmetic ({owner.Fingerprint})")
            : (ReadMemory(reader), "");
    }

    private static TrialMemory ReadMemory(BinaryReader reader)
    {
        var spent = TimeSpan.FromTicks(reader.ReadInt64());
        var epochs = ReadList(reader, () => new EpochMeasures(reader.ReadInt32(), [.. ReadDoubles(reader)], reader.ReadString())
        {
            Findings = ReadList(reader, () => new Finding(reader.ReadInt32(), reader.ReadString(), reader.ReadString(), ReadBytes(reader))),
        });
        var tensors = ReadList(reader, () => ReadBytes(reader));
        var hasTally = reader.ReadBoolean();
        var tally = ReadList(reader, () => (Name: reader.ReadString(), Values: ReadDoubles(reader))).ToDictionary(entry => entry.Name, entry => entry.Values);
        return new(epochs, tensors, hasTally ? tally : null, spent);
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
