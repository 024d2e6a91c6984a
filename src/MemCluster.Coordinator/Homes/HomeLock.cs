using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Coordinator;

/// <summary>Where the process that works on a home is reached.</summary>
/// <param name="Api">Where this machine asks its HTTP API, <c>127.0.0.1:PORT</c>, or <c>https://HOST:PORT</c>.</param>
/// <param name="Cluster">The address that trainers join, <c>HOST:PORT</c>.</param>
/// <param name="Certificate">SHA-256 of the certificate that the API shows; null with plain HTTP.</param>
public sealed record RunningProcess(int ProcessId, string Api, string Cluster, string? Certificate = null);

/// <summary>
/// The right to write in a home: one process at a time. The operating system gives it back when the process ends, however it ends.
/// </summary>
public sealed class HomeLock : IDisposable
{
    private readonly Home _home;
    private readonly FileStream _file;

    /// <summary>Nobody holds the lock there; it can't be taken.</summary>
    private const int ReadOnlyFileSystem = 30;

    private HomeLock(Home home, FileStream file) => (_home, _file) = (home, file);

    /// <exception cref="UserError">Another process writes there, or the folder can't be used.</exception>
    public static HomeLock Take(Home home)
    {
        try
        {
            Directory.CreateDirectory(home.Folder);
            var file = Open(home);
            try
            {
                Probe(home);
                File.Delete(home.RunningFile); // Of a process that died without tidying up.
                return new(home, file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or IOException)
        {
            var looking = problem is UnauthorizedAccessException || problem.HResult == ReadOnlyFileSystem ? "Looking (status, trials, list) needs no more than reading; for this, copy the home. " : "";
            throw new UserError($"The home {home.Folder} can't be used: {problem.Message} {looking}Name another folder with --home.");
        }
    }

    private static FileStream Open(Home home)
    {
        try
        {
            return new FileStream(home.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (File.Exists(home.LockFile) && problem is not FileNotFoundException && problem is not DirectoryNotFoundException
            && problem.HResult != ReadOnlyFileSystem)
        {
            var who = Running(home) is { } other ? $"process {other.ProcessId}" : "another process";
            throw new UserError(
                $"{home.Folder} is in use by {who}. Wait for it or stop it, or use another --home; "
                + "status, trials, list and export work beside it.");
        }
    }

    /// <summary>Tells other processes where this one is reached.</summary>
    public void Announce(RunningProcess running) =>
        File.WriteAllText(_home.RunningFile, JsonSerializer.Serialize(running, MessageJson.Options));

    /// <summary>The process that works on the home, by its own announcement; null if there is none. It may have died since.</summary>
    public static RunningProcess? Running(Home home)
    {
        try
        {
            return JsonSerializer.Deserialize<RunningProcess>(File.ReadAllText(home.RunningFile), MessageJson.Options);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_home.RunningFile);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The home itself is gone, or may not be written any more: there is nothing to tidy up, and something worse to be told.
        }

        _file.Dispose();
    }

    /// <summary>A folder that can be opened but not written in must be found out now, not at the first event.</summary>
    private static void Probe(Home home)
    {
        var probe = Path.Combine(home.Folder, $"probe-{Environment.ProcessId}");
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }
}
