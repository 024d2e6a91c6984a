using MemCluster.Messages;

namespace MemCluster.Cli;

/// <summary>Data sets on this machine.</summary>
public interface IDataDoor
{
    /// <summary>Folders that are searched, in order.</summary>
    IReadOnlyList<string> Places(string? given);

    /// <summary>Path of the file, or of the archive that holds it; null where there is neither.</summary>
    string? Locate(DataSetCard card, DataFile file, string? given);

    /// <summary>Fetches what is missing, goes on where a broken download ended, and checks digests.</summary>
    /// <param name="to">Folder of all sets; null: the user's cache.</param>
    /// <param name="from">A mirror instead of the published address; below it, a folder for each set.</param>
    /// <returns>The folder in which the set now lies.</returns>
    /// <exception cref="Operations.UserError">It could not be fetched, or what came is not it.</exception>
    Task<string> Get(DataSetCard card, string? to, string? from, IProgress<Fetched> progress, CancellationToken cancel);
}

/// <summary>How far the download of one file is.</summary>
/// <param name="Total">0 when the server didn't say.</param>
public readonly record struct Fetched(string File, long Bytes, long Total);
