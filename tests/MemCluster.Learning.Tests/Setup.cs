using System.Runtime.CompilerServices;
using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

internal static class Setup
{
    // Before any test loads libtorch.
    [ModuleInitializer]
    internal static void PinNumerics()
    {
        if (NumericsPin.Pin(NumericsSettings.Avx2) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }
}
