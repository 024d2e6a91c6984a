using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace MemCluster.Coordinator.Tests;

/// <summary>An in-memory journal that fails when it is told to.</summary>
public sealed class TestJournal : MemoryJournal
{
    private TaskCompletionSource _released = new();
    private Behave _behave = new(Mode.Write);

    /// <summary>What the next writes to streams of this name's beginning do; answered with itself.</summary>
    public sealed record Behave(Mode Mode, string Streams = "") : INoSerializationVerificationNeeded;

    public enum Mode
    {
        Write,

        /// <summary>The database is gone.</summary>
        Fail,

        /// <summary>The write happened and its answer did not arrive.</summary>
        WriteThenFail,

        /// <summary>The event can't be written, the database is well.</summary>
        Reject,

        /// <summary>Writes wait until another behaviour is set.</summary>
        Hold,
    }

    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not Behave behave)
        {
            return base.ReceivePluginInternal(message);
        }

        _behave = behave;
        _released.TrySetResult();
        _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        Sender.Tell(behave);
        return true;
    }

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToArray();
        if (!writes[0].PersistenceId.StartsWith(_behave.Streams, StringComparison.Ordinal))
        {
            return await base.WriteMessagesAsync(writes, cancellationToken);
        }

        switch (_behave.Mode)
        {
            case Mode.Fail:
                throw new IOException("The disk is full.");
            case Mode.WriteThenFail:
                await base.WriteMessagesAsync(writes, cancellationToken);
                throw new IOException("The line was cut.");
            case Mode.Reject:
                return [.. writes.Select(_ => new ArgumentException("It can't be written."))];
            case Mode.Hold:
                await _released.Task.WaitAsync(cancellationToken);
                return await base.WriteMessagesAsync(writes, cancellationToken);
            default:
                return await base.WriteMessagesAsync(writes, cancellationToken);
        }
    }
}
