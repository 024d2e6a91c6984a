using System.Reflection;

namespace MemCluster.Golden;

/// <summary>
/// Where the golden cases are: reference numbers for every measure that were computed outside this project. Read by two test projects: those
/// without tensors run where libtorch does not.
/// </summary>
internal static class GoldenFolder
{
    public const string Variable = "MEMCLUSTER_GOLDEN";

    /// <summary>Which test project answers for which file. A file in the folder that is not here fails a test.</summary>
    public static readonly IReadOnlyDictionary<string, string> AnsweredBy = new Dictionary<string, string>
    {
        ["class-sensitivity"] = "MemCluster.Learning.Tests",
        ["curvature"] = "MemCluster.Learning.Tests",
        ["example-scores"] = "MemCluster.Learning.Tests",
        ["forward"] = "MemCluster.Learning.Tests",
        ["input-gradient"] = "MemCluster.Learning.Tests",
        ["lass-csr"] = "MemCluster.Learning.Tests",
        ["sgd-trajectories"] = "MemCluster.Learning.Tests",
        ["sharpness"] = "MemCluster.Learning.Tests",
        ["unrolled-sensitivity"] = "MemCluster.Learning.Tests",
        ["forgetting"] = "MemCluster.Statistics.Tests",
        ["gini"] = "MemCluster.Statistics.Tests",
        ["label-noise-and-dispersion"] = "MemCluster.Statistics.Tests",
        ["statistics"] = "MemCluster.Statistics.Tests",
        ["subset-training"] = "MemCluster.Statistics.Tests",
    };

    /// <summary>Null where there is none.</summary>
    public static string? Path { get; } = Places().FirstOrDefault(place => Directory.Exists(place) && Directory.EnumerateFiles(place, "*.json").Any());

    public static string Reason =>
        $"No golden cases on this machine. Looked in {string.Join(", ", Places())}. Set {Variable} to the folder that holds forward.json and the others.";

    /// <summary>The names of the files there, without .json.</summary>
    public static IEnumerable<string> Files => Directory.EnumerateFiles(Path!, "*.json").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order();

    /// <summary>The files that this assembly's theories run.</summary>
    public static IEnumerable<string> RunHere(Assembly tests) => tests.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetCustomAttribute<GoldenTheoryAttribute>() is { Skip: null })
        .SelectMany(method => method.GetCustomAttributes<GoldenCasesAttribute>())
        .Select(cases => cases.File)
        .Distinct()
        .Order();

    private static IEnumerable<string> Places()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            yield return named;
            yield break;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MemCluster.sln")))
            {
                yield return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", "golden"));
            }
        }
    }
}
