using MemCluster.Coordinator;
using MemCluster.Operations;

namespace MemCluster.Cli.Chaos;

/// <summary>The folder of a run under faults: a home that is thrown away and begun anew each time, so it must never be one of somebody's own.</summary>
internal sealed class ChaosHome
{
    private const string Marker = "chaos";

    private readonly Home _home;

    private ChaosHome(Home home) => _home = home;

    public Home Home => _home;

    public string Checkpoints => Path.Combine(_home.Folder, "trial-checkpoints");

    public string OutputOf(string node) => Path.Combine(_home.Folder, $"{node}.out");

    /// <summary>Empty, and marked; what an earlier chaos left there is gone.</summary>
    /// <exception cref="UserError">It holds something else, somebody is at work on it, or it can't be written to.</exception>
    public static ChaosHome Begin(string folder)
    {
        var home = new Home(folder);
        try
        {
            var marker = Path.Combine(home.Folder, Marker);
            if (Directory.Exists(home.Folder) && Directory.EnumerateFileSystemEntries(home.Folder).Any())
            {
                if (!File.Exists(marker))
                {
                    throw new UserError($"{home.Folder} holds something that is not of an earlier chaos, which would be thrown away. Name an empty folder with --home DIR.");
                }

                HomeLock.Take(home).Dispose();
                Directory.Delete(home.Folder, recursive: true);
            }

            Directory.CreateDirectory(home.Folder);
            File.WriteAllText(marker, "memcluster chaos began this home, and may throw it away.\n");
            return new(home);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"The home {home.Folder} can't be begun anew: {problem.Message} Name another folder with --home DIR.", problem);
        }
    }
}
