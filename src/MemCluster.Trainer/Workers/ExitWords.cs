namespace MemCluster.Trainer;

/// <summary>What a process ended with, in words.</summary>
internal static class ExitWords
{
    private const int FirstOfSignals = 128;

    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [4] = "SIGILL",
        [6] = "SIGABRT",
        [7] = "SIGBUS",
        [8] = "SIGFPE",
        [9] = "SIGKILL",
        [11] = "SIGSEGV",
        [13] = "SIGPIPE",
        [15] = "SIGTERM",
        [24] = "SIGXCPU",
        [25] = "SIGXFSZ",
        [31] = "SIGSYS",
    };

    /// <param name="code">As .NET has it: 128 and the number where a signal ended it.</param>
    public static string Of(int code) => code <= FirstOfSignals ? $"exit code {code}"
        : Signals.GetValueOrDefault(code - FirstOfSignals) is { } name
            ? $"{name} (signal {code - FirstOfSignals}){(name == "SIGKILL" ? ", which the system also sends where memory runs out" : "")}"
            : $"signal {code - FirstOfSignals}";
}
