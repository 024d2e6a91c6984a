namespace MemCluster.Cli.Tests;

/// <summary>A theory about a shell that need not be installed; where it isn't, it is skipped and says how to have it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShellTheoryAttribute : TheoryAttribute
{
    public ShellTheoryAttribute(string shell)
    {
        Shell = shell;
        if (IsMissing(shell))
        {
            Skip = $"{shell} is not installed, so its completion is NOT tested here; have it with: apt install {shell}";
        }
    }

    public string Shell { get; }

    public static bool IsMissing(string shell) =>
        !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, shell)));
}
