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
        var level = IsLostConnection(said) ? Level.Information : IsForeignWord(said) || IsVainDialling(said) ? Level.Debug : LevelOf(said.LogLevel());
        if (log.IsEnabled(level))
        {
            var (text, cause) = Said(said);
            log.Log(level, default, Values(said), cause, (_, _) => text);
        }
    }

    /// <summary>
    /// Remoting tells of every line that breaks and every handshake that fails with stack traces and advice for programmers, in the text itself; that
    /// a peer is gone, or was refused, is one line with the innermost reason.
    /// </summary>
    private static (string Text, Exception? Cause) Said(LogEvent said)
    {
        var text = said.Message.ToString() ?? "";
        if (!IsOfRemoting(said.LogClass) && !IsOfRemoting(said.Cause?.GetType()))
        {
            return (text, said.Cause);
        }

        var cause = said.Cause;
        while (cause?.InnerException is { } inner)
        {
            cause = inner;
        }

        return (FirstLine(text) + (cause is null || text.Contains(cause.Message, StringComparison.Ordinal) ? "" : $": {FirstLine(cause.Message)}"), null);
    }

    private static bool IsOfRemoting(Type? type) => type?.Namespace is { } name
        && (name.StartsWith("Akka.Remote", StringComparison.Ordinal) || name.StartsWith("DotNetty", StringComparison.Ordinal));

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();

    /// <summary>Connections come and go with their nodes, of which our own lines tell; a refused frame or a failed handshake is another matter.</summary>
    private static bool IsLostConnection(LogEvent said) => said.Cause?.GetType().Name is "EndpointDisassociatedException" or "EndpointAssociationException";

    /// <summary>A line for each word, of which <see cref="LineWatch"/> says the first.</summary>
    private static bool IsForeignWord(LogEvent said) =>
        IsOfRemoting(said.LogClass) && said.Message.ToString()?.StartsWith("Deserialization failed for message", StringComparison.Ordinal) == true;

    /// <summary>Three lines for each try, five tries a second, of a trainer that looks for its coordinator, which says in a line of its own that it does, and why.</summary>
    private static bool IsVainDialling(LogEvent said)
    {
        var text = said.Message.ToString() ?? "";
        return text.StartsWith("Tried to associate with unreachable remote address", StringComparison.Ordinal)
            || text.StartsWith("Removing receive buffers for", StringComparison.Ordinal)
            || (text.StartsWith("AssociationError [", StringComparison.Ordinal) && text.Contains("] -> ", StringComparison.Ordinal));
    }

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
