using System.Diagnostics;
using System.Globalization;

namespace MemCluster.Trainer;

/// <summary>How a worker process is started.</summary>
/// <param name="Program">An executable.</param>
/// <param name="Arguments">Before the worker's own.</param>
public sealed record WorkerCommand(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>This program once more, however it was started itself.</summary>
    public static WorkerCommand OfThisProgram()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("This system does not tell which program this process runs.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? new(program, Environment.GetCommandLineArgs()[0]) : new(program);
    }

    internal ProcessStartInfo ToStart()
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (IEnumerable<string>)[.. Arguments, WorkerProgram.Verb, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        // What is killed would leave the sockets behind by which debuggers find a process.
        start.Environment.TryAdd("DOTNET_EnableDiagnostics", "0");
        return start;
    }
}
