using System.Globalization;
using System.Runtime.InteropServices;

namespace MemCluster.EndToEnd.Tests;

internal enum Signal
{
    CtrlC = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>Signals to processes, as a terminal or an operating system sends them.</summary>
internal static partial class Signals
{
    /// <summary>
    /// A shell starts its background jobs with SIGINT ignored, children inherit that, and then no Ctrl-C reaches what is tested. True where
    /// this process was started so.
    /// </summary>
    public static bool CtrlCIsIgnoredHere { get; } = OperatingSystem.IsLinux() && File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
        .Select(line => ulong.Parse(line["SigIgn:".Length..], NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture))
        .Any(mask => (mask & (1UL << ((int)Signal.CtrlC - 1))) != 0);

    public static void Send(int process, Signal signal)
    {
        if (Kill(process, (int)signal) != 0)
        {
            throw new InvalidOperationException($"Process {process} could not be sent {signal}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
