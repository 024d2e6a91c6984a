using System.Globalization;
using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using MemCluster.Messages;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace MemCluster.Hosting;

/// <summary>
/// What goes wrong on the line between nodes, in our words. A word that is too large for a frame is dropped where it is sent, and Akka tells only the
/// sender's log, by a type's name: here both sides' logs say it, since whoever waits for the word at the other end looks there. (A frame that
/// arrives too large is logged by Akka at both ends, which then connect anew.) And who was turned away at the door.
/// </summary>
public sealed partial class LineWatch : ReceiveActor
{
    /// <summary>Every node has one, at /user/.</summary>
    public const string Name = "line-watch";

    /// <summary>Akka.Remote's own, which it keeps to itself.</summary>
    private const string Oversize = "OversizedPayloadException";

    private const string Rejected = "Rejected incoming connection from ";

    /// <summary>Peers take new ports at will; after so many the log has said enough.</summary>
    private const int MostForeign = 1000;

    private readonly HashSet<(string Peer, string Serializer)> _foreign = [];
    private readonly ILogger _log = Context.System.LogOf<LineWatch>();

    public LineWatch()
    {
        Receive<Error>(error => error.Cause?.GetType().Name == Oversize, error => Refused(error.Cause.Message));
        Receive<Warning>(warning =>
        {
            var said = warning.Message.ToString() ?? "";
            TurnedAway(said);
            NotRead(said, warning.LogSource);
        });
        Receive<Error>(_ => { });
        Receive<NodeWord.WordTooLarge>(word => DidNotArrive(Sender.Path.Address.ToString(), word.Kind, word.Bytes, word.Limit));
    }

    protected override void PreStart() => Array.ForEach([typeof(Error), typeof(Warning)], said => Context.System.EventStream.Subscribe(Self, said));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void Refused(string said)
    {
        var match = Oversized().Match(said);
        if (!match.Success)
        {
            return; // Another version of Akka words it otherwise; its own line is in the log.
        }

        var kind = KindOf(match.Groups["type"].Value);
        var (bytes, limit) = (Number(match, "bytes"), Number(match, "limit"));
        WasNotSent(match.Groups["recipient"].Value, kind, bytes, limit);
        if (kind != MessageJson.KindOf(new NodeWord.WordTooLarge("", 0, 0)) && ActorPath.TryParse(match.Groups["recipient"].Value, out var recipient))
        {
            Context.ActorSelection(new RootActorPath(recipient.Address) / "user" / Name).Tell(new NodeWord.WordTooLarge(kind, bytes, limit));
        }
    }

    private void TurnedAway(string said)
    {
        if (said.StartsWith(Rejected, StringComparison.Ordinal))
        {
            WasTurnedAway(said[Rejected.Length..].Split(' ', 2)[0].Trim('[', ']').Replace("::ffff:", "", StringComparison.Ordinal).Replace("]:", ":", StringComparison.Ordinal));
        }
    }

    /// <summary>Once for each peer and serializer: who sends a thousand foreign words must not rotate the log's history away.</summary>
    private void NotRead(string said, string source)
    {
        var match = Undeserialized().Match(said);
        if (!match.Success)
        {
            return;
        }

        var peer = Endpoint().Match(source) is { Success: true } endpoint ? Uri.UnescapeDataString(Uri.UnescapeDataString(endpoint.Groups["peer"].Value)) : source;
        if (_foreign.Count < MostForeign && _foreign.Add((peer, match.Groups["id"].Value)))
        {
            WasNotRead(peer, match.Groups["id"].Value, match.Groups["manifest"].Value);
        }
    }

    private static string KindOf(string type) => MessageJson.Kinds.FirstOrDefault(kind => kind.Value.FullName == type).Key ?? type;

    private static long Number(Match match, string group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Error, "A word for {recipient} is too large and lost: '{kind}' of {bytes} bytes, a frame holds {limit}")]
    private partial void WasNotSent(string recipient, string kind, long bytes, long limit);

    [LoggerMessage(LogLevel.Error, "{node} had a word for this node that is too large and lost: '{kind}' of {bytes} bytes, a frame holds {limit}")]
    private partial void DidNotArrive(string node, string kind, long bytes, long limit);

    [LoggerMessage(LogLevel.Warning, "Turned away whoever called from {peer}: it does not speak TLS, or has no certificate of this cluster's CA")]
    private partial void WasTurnedAway(string peer);

    [LoggerMessage(LogLevel.Warning, "{peer} sends what is none of this cluster's words (serializer {id}, '{manifest}'): nothing is made of it, now or later")]
    private partial void WasNotRead(string peer, string id, string manifest);

    [GeneratedRegex(@"^Deserialization failed for message with serializer id \[(?<id>-?\d+)\] and manifest \[(?<manifest>[^\]]{0,100})")]
    private static partial Regex Undeserialized();

    [GeneratedRegex(@"(?:endpointWriter|EndpointWriter|endpointReader)-(?<peer>akka[^/#]*?)(?:-\d+)?(?:[/#]|$)")]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"sent to \[(?<recipient>[^\]]+)\].* size (?<limit>\d+) bytes, actual size of encoded (?<type>\S+) was (?<bytes>\d+) bytes")]
    private static partial Regex Oversized();
}
