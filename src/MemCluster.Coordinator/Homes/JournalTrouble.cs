using Akka.Actor;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MemCluster.Coordinator;

/// <summary>Why nothing can be written to the journal at this moment, for every door to say. It passes by itself: writes are tried again and again.</summary>
internal sealed class JournalTrouble : IExtension
{
    /// <summary>Codes of SQLite.</summary>
    public const int Full = 13;

    /// <inheritdoc cref="Full"/>
    public const int Busy = 5;

    /// <inheritdoc cref="Full"/>
    public const int Locked = 6;

    private volatile string? _sentence;

    public static JournalTrouble Of(ActorSystem system) => system.WithExtension<JournalTrouble, Provider>();

    /// <summary>Half a sentence; null while it can be written.</summary>
    public string? Sentence => _sentence;

    public void Failed(Exception cause) => _sentence = Words(cause) ?? _sentence ?? $"the journal can't be written: {Line(cause)}; it is tried again";

    public void Wrote()
    {
        if (_sentence is not null)
        {
            _sentence = null;
        }
    }

    /// <returns>What it is and what to do; null where nothing better is known than the exception itself.</returns>
    public static string? Words(Exception cause)
    {
        for (var inner = cause; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case AggregateException several:
                    return several.InnerExceptions.Select(Words).FirstOrDefault(words => words is not null);
                case SqliteException { SqliteErrorCode: Full } or PostgresException { SqlState: PostgresErrorCodes.DiskFull }:
                case IOException when inner.Message.Contains("No space left", StringComparison.Ordinal):
                    return "the disk of the journal is full: training waits, and goes on by itself when there is room again";
                case SqliteException { SqliteErrorCode: Busy or Locked }:
                    return "another program holds the journal locked: it is tried again until it lets go";
                case PostgresException or NpgsqlException:
                    return $"the journal's database can't be written to ({Line(inner)}): it is tried again until it can";
            }
        }

        return null;
    }

    private static string Line(Exception problem) => problem.Message.ReplaceLineEndings("\n").Split('\n', 2)[0].TrimEnd('.');

    private sealed class Provider : ExtensionIdProvider<JournalTrouble>
    {
        public override JournalTrouble CreateExtension(ExtendedActorSystem system) => new();
    }
}
