using System.Runtime.CompilerServices;
using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Cli.Tests;

internal static class Setup
{
    // Before any test loads libtorch: those that run a whole sweep pin it as the executable does, and would come too late.
    [ModuleInitializer]
    internal static void PinNumerics()
    {
        if (NumericsPin.Pin(NumericsSettings.Avx2) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }
}
