using System.Globalization;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace MemCluster.Hosting;

/// <summary>One line per event, to the file that <c>memcluster.log-file</c> names or to standard error: never to standard output, which is the user's.</summary>
public sealed class LineLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly TextWriter _lines;
    private readonly bool _toPerson;

    public LineLogger()
    {
        var file = Context.System.Settings.Config.GetString("memcluster.log-file", "");
        _toPerson = string.IsNullOrEmpty(file);
        _lines = _toPerson
            ? Console.Error
            : new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Write);
    }

    protected override void PostStop()
    {
        if (_lines != Console.Error)
        {
            _lines.Dispose();
        }
    }

    private void Write(LogEvent said)
    {
        if (_toPerson && said is not Error && said.LogClass.Namespace?.StartsWith("Akka", StringComparison.Ordinal) == true)
        {
            return; // How a node joins, step by step, is for a file; a person is told by whoever started the node.
        }

        var time = said.Timestamp.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        _lines.WriteLine($"{time} {Level(said),-5} {said.Message}{(said.Cause is { } cause ? $" | {cause}" : "")} [{said.LogSource}]");
    }

    private static string Level(LogEvent said) => said switch
    {
        Error => "error",
        Warning => "warn",
        Info => "info",
        _ => "debug",
    };
}
