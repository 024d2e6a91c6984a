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

    private readonly SqlReadJournal _journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);

    /// <summary>The list of sweeps; told as <see cref="KnownSweeps"/>.</summary>
    /// <param name="known">What was found before.</param>
    public void Find(KnownSweeps known) => _journal.CurrentEventsByPersistenceId("coordinator", known.Position + 1, long.MaxValue)
        .RunWith(Sink.Seq<EventEnvelope>(), materializer)
        .PipeTo(
            actor,
            success: events => events.Aggregate(known, (sofar, envelope) => sofar.With(envelope.Event, envelope.SequenceNr)),
            failure: problem => new Unreadable("the list of sweeps", problem.Message, FindSweeps.Instance));

    /// <summary>What a sweep's streams have after these positions, in batches, and at the end <see cref="CaughtUp"/>.</summary>
    /// <param name="streams">One is begun only when those before it are read to their end.</param>
    public void Read(SweepId sweep, IReadOnlyList<(string Stream, long Position)> streams) => Source.From(streams)
        .ConcatMany(from => Missing(from.Stream, from.Position))
        .RunWith(Sink.Ignore<Folded>(), materializer)
        .PipeTo(
            actor,
            success: _ => new CaughtUp(sweep),
            failure: problem => Events.Undecodable(problem) is { } why
                ? new CantBeRead(sweep, why)
                : new Unreadable(sweep.Name, problem.Message, new ReadAgain(sweep)));

    private Source<Folded, NotUsed> Missing(string stream, long position) => _journal.CurrentEventsByPersistenceId(stream, position + 1, long.MaxValue)
        .Select(envelope => new Written(envelope.PersistenceId, envelope.SequenceNr, (IMessage)envelope.Event))
        .Grouped(BatchSize)
        .SelectAsync(1, events => actor.Ask<Folded>(new Batch([.. events])));

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

    public sealed record FindSweeps : INoSerializationVerificationNeeded
    {
        public static readonly FindSweeps Instance = new();
    }

    public sealed record ReadAgain(SweepId Sweep) : INoSerializationVerificationNeeded;
}
