using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;
using AkkaLevel = Akka.Event.LogLevel;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace MemCluster.Hosting;

/// <summary>Hands what Akka says (and whatever uses its adapter) to the node's loggers, with the named values of its templates.</summary>
public sealed class AkkaLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILoggerFactory _logs = Context.System.Logs();

    public AkkaLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Pass);
    }

    private void Pass(LogEvent said)
    {
        var log = _logs.CreateLogger(said.LogClass.FullName ?? said.LogClass.Name);
        var level = IsLostConnection(said) ? Level.Information : LevelOf(said.LogLevel());
        if (log.IsEnabled(level))
        {
            log.Log(level, default, Values(said), said.Cause, (_, _) => said.Message.ToString() ?? "");
        }
    }

    /// <summary>Connections come and go with their nodes, of which our own lines tell; a refused frame or a failed handshake is another matter.</summary>
    private static bool IsLostConnection(LogEvent said) => said.Cause?.GetType().Name is "EndpointDisassociatedException" or "EndpointAssociationException";

    /// <summary>The names are written small, as in our own lines; a template with numbers for names has nothing to tell.</summary>
    private static List<KeyValuePair<string, object?>> Values(LogEvent said)
    {
        var values = new List<KeyValuePair<string, object?>>();
        if (said.Message is LogMessage message)
        {
            foreach (var (name, value) in message.GetProperties())
            {
                if (name.Length > 0 && !char.IsAsciiDigit(name[0]))
                {
                    values.Add(new(char.ToLowerInvariant(name[0]) + name[1..], value));
                }
            }
        }

        values.Add(new("actor", said.LogSource));
        return values;
    }

    private static Level LevelOf(AkkaLevel level) => level switch
    {
        AkkaLevel.ErrorLevel => Level.Error,
        AkkaLevel.WarningLevel => Level.Warning,
        AkkaLevel.InfoLevel => Level.Information,
        _ => Level.Debug,
    };
}
