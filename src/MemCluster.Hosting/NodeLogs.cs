using Akka.Actor;
using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemCluster.Hosting;

/// <summary>Travels with an actor system, so that whatever lives in it finds its logger.</summary>
public sealed class NodeLogs(ILoggerFactory factory) : Setup
{
    public ILoggerFactory Factory { get; } = factory;
}

public static class NodeLogsOfSystem
{
    /// <summary>The system's own factory; one that says nothing where none was given.</summary>
    public static ILoggerFactory Logs(this ActorSystem system)
    {
        var setup = system.Settings.Setup.Get<NodeLogs>();
        return setup.HasValue ? setup.Value.Factory : NullLoggerFactory.Instance;
    }

    /// <summary>A logger under the name of a type.</summary>
    public static ILogger LogOf<T>(this ActorSystem system) => system.Logs().CreateLogger<T>();
}
