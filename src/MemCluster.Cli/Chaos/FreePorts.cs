using System.Net;
using System.Net.Sockets;
using MemCluster.Operations;

namespace MemCluster.Cli.Chaos;

/// <summary>
/// Ports for nodes that are started again and again. Below those that the system gives to who dials: such a one could take the port of a node that is down for a
/// moment, and a relay that dials a port where nobody listens could even be connected to itself.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <exception cref="UserError">There are not so many.</exception>
    public static IReadOnlyList<int> Find(int count)
    {
        // Two that run at once should not look at the same ones first.
        var begin = First + (Environment.ProcessId * 16 % (Last - First));
        var free = Enumerable.Range(0, Last - First).Select(step => First + ((begin - First + step) % (Last - First))).Where(IsFree).Take(count).ToArray();
        return free.Length == count ? free : throw new UserError($"There are no {count} free ports from {First} to {Last} on this machine.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var trial = new TcpListener(IPAddress.Loopback, port);
            trial.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
