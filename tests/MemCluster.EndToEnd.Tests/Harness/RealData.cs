namespace MemCluster.EndToEnd.Tests;

/// <summary>The folder of published data sets: <c>MEMCLUSTER_DATA</c>, else a data folder shared by checkouts, beside this one.</summary>
internal static class RealData
{
    public const string Variable = "MEMCLUSTER_DATA";

    public static string Folder { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? given
        : Path.GetFullPath(Path.Combine(Executables.Repository, "..", "shared", "data"));

    public static string Mnist(string file) => Path.Combine(Folder, "mnist", file);

    public static IReadOnlyList<string> MnistFiles { get; } =
        ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];
}

/// <summary>A test on the published MNIST files, skipped with the reason where they are not on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealMnistFactAttribute : FactAttribute
{
    public RealMnistFactAttribute()
    {
        if (RealData.MnistFiles.FirstOrDefault(file => !File.Exists(RealData.Mnist(file))) is { } missing)
        {
            Skip = $"No {RealData.Mnist(missing)} on this machine. Set {RealData.Variable} to the folder that holds mnist/ with the four published .gz files.";
        }
    }
}
