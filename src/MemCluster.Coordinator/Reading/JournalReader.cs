using Akka;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>Reads for an actor, beside it, what is in the journal and not in the rows, and tells it what came of it.</summary>
/// <param name="actor">Hears the words below; a <see cref="Batch"/> it answers with <see cref="Folded"/>.</param>
internal sealed class JournalReader(ActorSystem system, IMaterializer materializer, IActorRef actor)
{
    private const int BatchSize = 1000;
    private const long End = -1;

    private readonly SqlReadJournal _journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);

    /// <summary>The list of sweeps; told as <see cref="KnownSweeps"/>.</summary>
    /// <param name="known">What was found before.</param>
    public void Find(KnownSweeps known) => Proved(Streams.Coordinator, known.Head)
        .RunWith(Sink.Seq<Written>(), materializer)
        .PipeTo(
            actor,
            success: events => events.Aggregate(known, (sofar, written) => sofar.With(written)),
            failure: problem => new Unreadable("the list of sweeps", Innermost(problem).Message, FindSweeps.Instance));

    /// <summary>What a sweep's streams have after these positions, in batches, and at the end <see cref="CaughtUp"/>.</summary>
    /// <param name="streams">One is begun only when those before it are read to their end.</param>
    public void Read(SweepId sweep, IReadOnlyList<(string Stream, StreamHead Head)> streams) => Source.From(streams)
        .ConcatMany(from => Proved(from.Stream, from.Head).Grouped(BatchSize).SelectAsync(1, events => actor.Ask<Folded>(new Batch([.. events]))))
        .RunWith(Sink.Ignore<Folded>(), materializer)
        .PipeTo(
            actor,
            success: _ => new CaughtUp(sweep),
            failure: problem => Innermost(problem) is RowsOutran outran ? new OtherJournal(outran.Message)
                : Events.Undecodable(problem) is { } why ? new CantBeRead(sweep, why)
                : new Unreadable(sweep.Name, problem.Message, new ReadAgain(sweep)));

    /// <summary>What a stream has behind a place. It must still have the event of that place: rows that were made of another are not of this journal.</summary>
    private Source<Written, NotUsed> Proved(string stream, StreamHead head)
    {
        var proof = new StreamProof(stream, head);
        return _journal.CurrentEventsByPersistenceId(stream, Math.Max(1, head.Number), long.MaxValue)
            .Select(envelope => (Number: envelope.SequenceNr, Stored: envelope.Event))
            .Concat(Source.Single((Number: End, Stored: (object)"")))
            .StatefulSelectMany<(long Number, object Stored), Written, NotUsed>(() =>
            {
                var found = head.Number == 0;
                return next =>
                {
                    if (found)
                    {
                        return next.Number == End ? [] : [new(stream, next.Number, proof.Next(next.Number, next.Stored), proof.Head.Link)];
                    }

                    found = next.Number == head.Number && ((next.Stored as JournalEntry)?.Link ?? Chain.Begin) == head.Link;
                    return found ? [] : throw new RowsOutran(stream, head.Number);
                };
            });
    }

    private static Exception Innermost(Exception problem) => problem.InnerException is { } inner ? Innermost(inner) : problem;

    /// <summary>The journal has not got an event that was read from it before.</summary>
    private sealed class RowsOutran(string stream, long number) : Exception($"event {number} of {stream}, which it had, is not there any more");

    public sealed record Batch(IReadOnlyList<Written> Events) : INoSerializationVerificationNeeded;

    public sealed record Folded : INoSerializationVerificationNeeded
    {
        public static readonly Folded Instance = new();
    }

    public sealed record CaughtUp(SweepId Sweep) : INoSerializationVerificationNeeded;

    /// <param name="Again">What to do about it.</param>
    public sealed record Unreadable(string What, string Why, object Again) : INoSerializationVerificationNeeded;

    /// <summary>It has an event that no second try will make sense of.</summary>
    public sealed record CantBeRead(SweepId Sweep, string Why) : INoSerializationVerificationNeeded;

    /// <summary>It has lost events, or is another one: the rows are not of it.</summary>
    /// <param name="Why">Half a sentence.</param>
    public sealed record OtherJournal(string Why) : INoSerializationVerificationNeeded;

    public sealed record FindSweeps : INoSerializationVerificationNeeded
    {
        public static readonly FindSweeps Instance = new();
    }

    public sealed record ReadAgain(SweepId Sweep) : INoSerializationVerificationNeeded;
}
