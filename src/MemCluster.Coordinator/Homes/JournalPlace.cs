using System.Data.Common;
using Akka.Actor.Setup;
using Akka.Configuration;
using MemCluster.Operations;

namespace MemCluster.Coordinator;

/// <summary>Where the events are kept: a SQLite file in the home for one coordinator host, or a PostgreSQL database for several.</summary>
public abstract class JournalPlace
{
    /// <summary>For people; never with a password in it.</summary>
    public abstract string Name { get; }

    /// <summary>Several coordinator nodes can reach it.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Files of hocon/ on top of the coordinator's.</summary>
    internal abstract IReadOnlyList<string> Profiles { get; }

    /// <summary>HOCON that puts journal, snapshots and queries there.</summary>
    internal abstract Config Config { get; }

    /// <summary>What of it can't stand in HOCON.</summary>
    internal abstract IReadOnlyList<Setup> Setups { get; }

    /// <param name="connection">From <see cref="JournalArgument"/>; null for the SQLite file of the home.</param>
    public static JournalPlace Of(Home home, JournalConnection? connection) =>
        connection is null ? new SqliteJournal(home.JournalFile) : new PostgresJournal(connection);

    /// <summary>The version of the tables that are there; null where there are none.</summary>
    /// <exception cref="UserError">It can't be opened, or holds something else.</exception>
    public abstract Task<int?> Version(CancellationToken cancel);

    /// <summary>Makes the tables where there are none. Several nodes may do so at once.</summary>
    /// <exception cref="UserError">It can't be opened, or may not be changed.</exception>
    public abstract Task Create(CancellationToken cancel);

    /// <summary>Brings older tables forward, all or nothing.</summary>
    /// <returns>The copy that was made first; null where none was (PostgreSQL's are made with pg_dump).</returns>
    /// <exception cref="UserError">It can't be opened, may not be changed, or somebody is at work on it.</exception>
    public abstract Task<string?> Migrate(int from, CancellationToken cancel);

    /// <summary>A look at all of it; reads every row once.</summary>
    /// <exception cref="UserError">It can't be opened, or holds something else.</exception>
    public abstract Task<JournalFacts> Inspect(CancellationToken cancel);

    /// <summary>Work on one view of it, while others write; nothing can be changed.</summary>
    /// <exception cref="UserError">It can't be opened.</exception>
    internal abstract Task<T> Read<T>(Func<DbConnection, Task<T>> work, CancellationToken cancel);

    /// <summary>Tells this journal from any other: rows made from one are no good for another.</summary>
    public abstract Task<string> Identity(CancellationToken cancel);

    /// <summary>Ready to be written: there, and of this program's version.</summary>
    /// <exception cref="UserError">A sentence that says what is wrong with it.</exception>
    public async Task Prepare(CancellationToken cancel)
    {
        if (await Version(cancel).ConfigureAwait(false) is null)
        {
            await Create(cancel).ConfigureAwait(false);
        }

        if (await Version(cancel).ConfigureAwait(false) is { } version && JournalSchema.Problem(version, Name) is { } problem)
        {
            throw new UserError(problem);
        }
    }
}
