using System.Reflection;

namespace MemCluster.EndToEnd.Tests;

/// <summary>Where the build of this very configuration put the executables.</summary>
internal static class Executables
{
    public static string Repository { get; } = FindRepository();

    public static string Memcluster { get; } = Built("MemCluster.Cli", "memcluster");

    public static string Coordinator { get; } = Built("MemCluster.Coordinator", "MemCluster.Coordinator");

    public static string Trainer { get; } = Built("MemCluster.Trainer", "MemCluster.Trainer");

    public static string Spec(string name) => Path.Combine(Repository, "specs", name);

    private static string Built(string project, string name)
    {
        var configuration = typeof(Executables).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var path = Path.Combine(Repository, "src", project, "bin", configuration, "net10.0", OperatingSystem.IsWindows() ? name + ".exe" : name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there. Build it with: dotnet build -c {configuration}");
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MemCluster.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No MemCluster.sln above {AppContext.BaseDirectory}.");
    }
}
