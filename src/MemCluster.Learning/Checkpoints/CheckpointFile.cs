using System.Security.Cryptography;
using System.Text;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Whose a checkpoint is. A trial goes on only from one that is the same in all of it: then its bits, and the weights that are kept of it, are what they would have been.</summary>
/// <param name="Cell">The digest of the trial's settings.</param>
/// <param name="Fingerprint">Of the arithmetic that trained it; empty for a workload without tensors.</param>
/// <param name="NumericsVersion"><see cref="NumericsSettings.Version"/> of the program that trained it.</param>
/// <param name="Keep">Which weights the trial keeps, as text: of a trial that kept others so far the best ones are not there.</param>
public sealed record CheckpointOwner(CellId Cell, string Fingerprint, string NumericsVersion, string Keep = "");

/// <summary>
/// A checkpoint as bytes: a magic word, owner and memory, and the SHA-256 of all before it. It is read only where that is right, so a torn or
/// damaged file is never half believed.
/// </summary>
public static class CheckpointFile
{
    private const string Magic = "memcluster checkpoint 2";

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
        writer.Write(owner.Keep);
        MemoryBytes.Write(writer, memory);
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

        var owner = new CheckpointOwner(CellId.Parse(reader.ReadString()), reader.ReadString(), reader.ReadString(), reader.ReadString());
        return owner.Cell != wanted.Cell ? (null, $"it belongs to cell {owner.Cell}")
            : owner.NumericsVersion != wanted.NumericsVersion ? (null, $"it was trained with {owner.NumericsVersion}")
            : owner.Fingerprint != wanted.Fingerprint ? (null, $"it was trained on a machine of other arithmetic ({owner.Fingerprint})")
            : owner.Keep != wanted.Keep ? (null, $"the sweep kept other weights then ({(owner.Keep.Length == 0 ? "none" : owner.Keep)})")
            : (MemoryBytes.Read(reader), "");
    }
}
