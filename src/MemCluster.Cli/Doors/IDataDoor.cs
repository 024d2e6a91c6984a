using MemCluster.Messages;
using MemCluster.Reporting.Pictures;

namespace MemCluster.Cli;

/// <summary>Data sets on this machine.</summary>
public interface IDataDoor
{
    /// <summary>Folders that are searched, in order.</summary>
    IReadOnlyList<string> Places(string? given);

    /// <summary>Path of the file, or of the archive that holds it; null where there is neither.</summary>
    string? Locate(DataSetCard card, DataFile file, string? given);

    /// <summary>What can be said of a located file without reading it.</summary>
    bool HasPublishedLength(DataFile file, string path);

    /// <summary>Fetches what is missing, goes on where a broken download ended, and checks digests.</summary>
    /// <param name="to">Folder of all sets; null: the user's cache.</param>
    /// <param name="from">A mirror instead of the published address; below it, a folder for each set.</param>
    /// <param name="force">A file in the way that is not the published one is kept as .bak; else it is refused.</param>
    /// <returns>The folder in which the set now lies.</returns>
    /// <exception cref="Operations.UserError">It could not be fetched, or what came is not it.</exception>
    Task<string> Get(DataSetCard card, string? to, string? from, bool force, IProgress<Fetched> progress, CancellationToken cancel);

    /// <summary>Training examples as a trial of these settings sees them: its noise is in them, what its regularizers do to each batch is not.</summary>
    /// <param name="examples">Their places in the training set, from 0.</param>
    /// <exception cref="Operations.UserError">The set is not on this machine, or is damaged.</exception>
    IReadOnlyList<Picture> Pictures(TrialSettings settings, IReadOnlyList<int> examples, string? given);
}
