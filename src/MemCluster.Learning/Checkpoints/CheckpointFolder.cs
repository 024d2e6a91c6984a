using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>
/// Checkpoints in a folder, one a cell, which machines may share. Nothing depends on them: a file that is missing, damaged or another's costs
/// the epochs that it would have saved. Two attempts at one cell may write by turns; whichever was last, the file is whole.
/// </summary>
/// <param name="ignored">Told, in a sentence, why a file was not used or could not be written.</param>
public sealed class CheckpointFolder(string folder, Action<string> ignored)
{
    public string PathOf(CellId cell) => Path.Combine(folder, $"{cell}.checkpoint");

    /// <summary>Makes the folder and tries it.</summary>
    /// <exception cref="IOException">Nothing can be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing can be written there.</exception>
    public void Prepare()
    {
        Directory.CreateDirectory(folder);
        var trial = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        File.WriteAllBytes(trial, [0]);
        File.Delete(trial);
    }

    /// <summary>What the trial may go on from; null if there is nothing.</summary>
    public TrialMemory? Find(CheckpointOwner owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var path = PathOf(owner.Cell);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            var (memory, problem) = CheckpointFile.Read(File.ReadAllBytes(path), owner);
            if (memory is null)
            {
                ignored($"The checkpoint {path} is not used: {problem}.");
            }

            return memory;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            ignored($"The checkpoint {path} is not used: {problem.Message}");
            return null;
        }
    }

    /// <summary>Written beside, flushed, then renamed: at every moment there is the old one or the new one.</summary>
    /// <returns>False if it could not be written; the training goes on all the same.</returns>
    public bool Keep(CheckpointOwner owner, TrialMemory memory)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var beside = Path.Combine(folder, $".{owner.Cell}.{Path.GetRandomFileName()}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            using (var stream = File.Create(beside))
            {
                stream.Write(CheckpointFile.Write(owner, memory));
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, PathOf(owner.Cell), overwrite: true);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            ignored($"No checkpoint in {folder}: {problem.Message}");
            Remove(beside);
            return false;
        }
    }

    /// <summary>The trial has ended.</summary>
    public void Forget(CellId cell) => Remove(PathOf(cell));

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // It is of no more use and does no harm.
        }
    }
}
