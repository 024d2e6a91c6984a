using MemCluster.Reporting;

namespace MemCluster.Cli;

/// <summary>The program's own mistakes: one sentence for the person, the rest into a file where they asked for it.</summary>
internal static class Faults
{
    public static void Tell(Exception broken, Terminal terminal, bool verbose)
    {
        var what = Line.Fit(broken.Message.ReplaceLineEndings(" "), 300);
        if (!verbose)
        {
            terminal.Error($"memcluster itself went wrong: {what} The journal is safe; run the command again with --verbose to get a log file.");
            return;
        }

        var file = Path.Combine(Path.GetTempPath(), $"memcluster-{Environment.ProcessId}.log");
        try
        {
            File.AppendAllText(file, broken + "\n");
            terminal.Error($"memcluster itself went wrong: {what} The journal is safe; details are in {file}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            terminal.Error($"memcluster itself went wrong: {what} The journal is safe; details can't be written to {file}: {failure.Message}");
        }
    }
}
