using System.Text;
using System.Text.Json;
using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>What a frame is. The numbers are seen by the two processes of one program only.</summary>
internal enum WorkerWord : byte
{
    /// <summary>To the worker, first: <see cref="WorkerOrders"/>.</summary>
    Orders = 1,

    /// <summary>To the worker: <see cref="WorkerTask"/>.</summary>
    Train,

    /// <summary>To the worker, in answer to <see cref="Between"/>: the task's number; train on.</summary>
    GoOn,

    /// <summary>To the worker, in answer to <see cref="Between"/>: the task's number; send <see cref="Memory"/>, and wait on.</summary>
    Take,

    /// <summary>To the worker, at any time: the task's number.</summary>
    Stop,

    /// <summary>From the worker, when it can compute or has found that it can't: <see cref="WorkerReady"/>.</summary>
    Ready,

    /// <summary>From the worker: <see cref="EpochMeasures"/>, as <see cref="MemoryBytes"/> writes them.</summary>
    Epoch,

    /// <summary>From the worker, after an epoch that is not the last, and it waits for an answer.</summary>
    Between,

    /// <summary>From the worker: a <see cref="TrialMemory"/>, or nothing where it is too much to be kept.</summary>
    Memory,

    /// <summary>From the worker, the last about a task: <see cref="WorkerEnd"/>.</summary>
    End,

    /// <summary>From the worker, after the last epoch: a <see cref="Finding"/> that was not told with it, as <see cref="MemoryBytes"/> writes it.</summary>
    Found,
}

/// <summary>How a worker computes: as its trainer was told to.</summary>
/// <param name="IsFirst">It is to show that this machine's arithmetic can be trusted; later ones are the same program on the same machine.</param>
internal sealed record WorkerOrders(string? Data, string InstructionSet, string Device, bool IsFirst = true);

/// <summary>What a worker's arithmetic is like. Exactly one of the three is there, none where it is untried.</summary>
/// <param name="Unsteady">What was seen that makes it untrustworthy.</param>
/// <param name="Problem">Why it can compute nothing.</param>
internal sealed record WorkerReady(string? Fingerprint, string? Unsteady = null, string? Problem = null)
{
    /// <summary>It has computed nothing yet, nor loaded what it would compute with.</summary>
    public bool IsUntried { get; init; }

    /// <summary>Of the code that says it: a program may be replaced on disk while it runs, and its workers begin later.</summary>
    public string Build { get; init; } = ThisBuild;

    public static readonly string ThisBuild = string.Join('-', ((Type[])[typeof(WorkerReady), typeof(TrialRun), typeof(TrialSettings)]).Select(type => $"{type.Module.ModuleVersionId:n}"));
}

/// <summary>How a task ended. Exactly one is there; where all are null it was told to stop.</summary>
/// <param name="Unable">What this machine lacks, for the user.</param>
internal sealed record WorkerEnd(TrialOutcome? Outcome = null, string? Unable = null, FaultKind? Fault = null, string? Error = null);

/// <summary>A trial to be trained by a worker.</summary>
/// <param name="Number">Counts a worker's tasks, so that a late word about one is not taken for one about the next.</param>
/// <param name="Keeps">As in <see cref="TrialCourse"/>.</param>
/// <param name="Keep">Likewise.</param>
internal sealed record WorkerTask(long Number, TrialSettings Settings, byte[]? Kept, bool Keeps, WeightsPlan Keep, TrialMemory? From)
{
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Number);
        writer.Write(Keeps);
        writer.Write(Keep.Text);
        WriteBlock(writer, JsonSerializer.SerializeToUtf8Bytes(Settings, MessageJson.Options));
        writer.Write(Kept is not null);
        WriteBlock(writer, Kept ?? []);
        writer.Write(From is not null);
        if (From is not null)
        {
            MemoryBytes.Write(writer, From);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    public static WorkerTask Read(byte[] content)
    {
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        var (number, keeps, keep) = (reader.ReadInt64(), reader.ReadBoolean(), reader.ReadString());
        var settings = JsonSerializer.Deserialize<TrialSettings>(ReadBlock(reader), MessageJson.Options)!;
        var hasKept = reader.ReadBoolean();
        var kept = ReadBlock(reader);
        return new(number, settings, hasKept ? kept : null, keeps, new(keep), reader.ReadBoolean() ? MemoryBytes.Read(reader) : null);
    }

    private static void WriteBlock(BinaryWriter writer, byte[] block)
    {
        writer.Write(block.Length);
        writer.Write(block);
    }

    private static byte[] ReadBlock(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());
}

/// <summary>The smaller words as bytes.</summary>
internal static class WorkerBytes
{
    public static byte[] OfJson<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, MessageJson.Options);

    public static T Json<T>(this Frame frame) => JsonSerializer.Deserialize<T>(frame.Content, MessageJson.Options)!;

    public static byte[] OfNumber(long number) => BitConverter.GetBytes(number);

    public static long Number(this Frame frame) => BitConverter.ToInt64(frame.Content);

    public static byte[] Of(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        write(writer);
        writer.Flush();
        return bytes.ToArray();
    }

    public static T Read<T>(this Frame frame, Func<BinaryReader, T> read)
    {
        using var reader = new BinaryReader(new MemoryStream(frame.Content), Encoding.UTF8);
        return read(reader);
    }
}
