using Akka.Event;

namespace MemCluster.Hosting;

/// <summary>What Akka falls back on before its loggers start and after they stop: standard output is the user's, so it says nothing.</summary>
public sealed class SilentLogger : MinimalLogger
{
    protected override void Log(object message)
    {
    }
}
