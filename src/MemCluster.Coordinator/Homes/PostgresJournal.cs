using System.Data.Common;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using MemCluster.Operations;
using Npgsql;

namespace MemCluster.Coordinator;

/// <summary>The journal that several coordinator hosts share: a PostgreSQL database of its own, through pooled connections.</summary>
internal sealed class PostgresJournal(JournalConnection connection) : JournalPlace
{
    /// <summary>Any number that nobody else locks: coordinators that start at once make the tables one after the other.</summary>
    private const long SchemaLock = 0x6d656d636c757374;

    public override string Name => $"The journal ({connection})";

    public override bool IsShared => true;

    internal override IReadOnlyList<string> Profiles => ["postgres"];

    /// <summary>HOCON may be printed, so that the connection itself is in <see cref="Setups"/>; its place must not be empty.</summary>
    internal override Config Config => ConfigurationFactory.ParseString("""
        akka.persistence.journal.sql.connection-string = "from code"
        akka.persistence.snapshot-store.sql.connection-string = "from code"
        akka.persistence.query.journal.sql.connection-string = "from code"
        """);

    internal override IReadOnlyList<Setup> Setups => [new DataOptionsSetup(new DataOptions().UseConnectionString("PostgreSQL.15", connection.Secret))];

    public override Task<int?> Version(CancellationToken cancel) => On(async open =>
    {
        var tables = await Scalar(open, "SELECT coalesce(to_regclass('memcluster_schema')::text, '') || ' ' || coalesce(to_regclass('journal')::text, '')", cancel).ConfigureAwait(false);
        return (string)tables! switch
        {
            " " => (int?)null,
            ['m', ..] => (int)(await Scalar(open, "SELECT version FROM memcluster_schema", cancel).ConfigureAwait(false))!,
            _ => throw new UserError($"The {connection} has a table 'journal' that memcluster did not make; name a database of memcluster's own."),
        };
    }, cancel);

    public override Task Create(CancellationToken cancel) => On(async open =>
    {
        await using var all = await open.BeginTransactionAsync(cancel).ConfigureAwait(false);
        await Scalar(open, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancel).ConfigureAwait(false);
        // By the rows of the catalogue: to_regclass may remember, from before the lock, that there is none.
        if (await Scalar(open, "SELECT 1 FROM pg_catalog.pg_tables WHERE tablename = 'memcluster_schema' AND schemaname = current_schema()", cancel).ConfigureAwait(false) is null)
        {
            await Scalar(open, PostgresTables.Current, cancel).ConfigureAwait(false);
        }

        await all.CommitAsync(cancel).ConfigureAwait(false);
        return true;
    }, cancel);

    /// <summary>Version 2 changes nothing here: it counts what SQLite lost.</summary>
    public override Task<string?> Migrate(int from, CancellationToken cancel) => On<string?>(async open =>
    {
        await using var all = await open.BeginTransactionAsync(cancel).ConfigureAwait(false);
        await Alone(open, cancel).ConfigureAwait(false);
        await Scalar(open, $"UPDATE memcluster_schema SET version = {JournalSchema.Current} WHERE version = {from}", cancel).ConfigureAwait(false);
        await all.CommitAsync(cancel).ConfigureAwait(false);
        return null;
    }, cancel);

    /// <summary>Sets the tables of events aside and writes others in their place, all or nothing.</summary>
    /// <param name="read">Takes what is wanted of the old ones.</param>
    /// <param name="write">Into the new ones, which are empty.</param>
    /// <returns>Name of the table that holds the old events.</returns>
    /// <exception cref="UserError">A coordinator is at work on it, or the user may not.</exception>
    internal Task<string> Replace(Func<DbConnection, Task> read, Action<DbConnection> write, CancellationToken cancel) => On(async open =>
    {
        await using var all = await open.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel).ConfigureAwait(false);
        await Alone(open, cancel).ConfigureAwait(false);
        await read(open).ConfigureAwait(false);
        var tables = await Rows(open, "SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = current_schema()", row => row.GetString(0), cancel).ConfigureAwait(false);
        var aside = Enumerable.Range(1, int.MaxValue).Select(number => $"journal_unreadable_{number}").First(name => !tables.Contains(name));
        await Scalar(open, PostgresTables.SetAside(aside), cancel).ConfigureAwait(false);
        write(open);
        await all.CommitAsync(cancel).ConfigureAwait(false);
        return aside;
    }, cancel);

    public override async Task<JournalFacts> Inspect(CancellationToken cancel) => await Version(cancel).ConfigureAwait(false) is not { } version
        ? JournalFacts.Empty
        : await On(async open =>
        {
            // One view of it all, while others write.
            await using var view = await open.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel).ConfigureAwait(false);
            async Task<long> Count(string sql) => (long)(await Scalar(open, sql, cancel).ConfigureAwait(false))!;
            return new JournalFacts(
                version,
                await Count("""
                    SELECT count(*) FROM pg_index WHERE indrelid = 'journal'::regclass AND indisunique AND indisvalid AND (
                        SELECT array_agg(attname::text ORDER BY place) FROM unnest(indkey) WITH ORDINALITY AS keys (number, place)
                        JOIN pg_attribute ON attrelid = indrelid AND attnum = number) = ARRAY['persistence_id', 'sequence_number']
                    """).ConfigureAwait(false) > 0,
                await Count("SELECT count(*) FROM journal").ConfigureAwait(false),
                (int)await Count("SELECT count(DISTINCT persistence_id) FROM journal").ConfigureAwait(false),
                (int)await Count("SELECT count(DISTINCT persistence_id) FROM journal WHERE persistence_id LIKE 'sweep-%'").ConfigureAwait(false),
                (int)await Count("SELECT count(*) FROM snapshot").ConfigureAwait(false),
                await Count("SELECT pg_total_relation_size('journal') + pg_total_relation_size('snapshot')").ConfigureAwait(false),
                [],
                await Rows(open, JournalQuestions.Holes, row => row.GetString(0), cancel).ConfigureAwait(false),
                await Rows(open, JournalQuestions.Kinds, row => (row.GetString(0), row.GetInt32(1)), cancel).ConfigureAwait(false));
        }, cancel).ConfigureAwait(false);

    internal override Task<T> Read<T>(Func<DbConnection, Task<T>> work, CancellationToken cancel) => On(async open =>
    {
        await using var view = await open.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel).ConfigureAwait(false);
        await Scalar(open, "SET TRANSACTION READ ONLY", cancel).ConfigureAwait(false);
        return await work(open).ConfigureAwait(false);
    }, cancel);

    public override Task<string> Identity(CancellationToken cancel) => On(
        async open => ((Guid)(await Scalar(open, "SELECT journal FROM memcluster_schema", cancel).ConfigureAwait(false))!).ToString(), cancel);

    /// <summary>Says that the coordinator of this node is at work; to be said again well within <see cref="JournalLease.Lasts"/>.</summary>
    /// <exception cref="UserError">The server can't be reached.</exception>
    public Task Hold(string node, CancellationToken cancel) => On(
        open => Scalar(open, "WITH earlier AS (DELETE FROM memcluster_lease) INSERT INTO memcluster_lease VALUES ($1, now())", cancel, node), cancel);

    /// <summary>It stopped in order: another need not wait.</summary>
    /// <exception cref="UserError">The server can't be reached.</exception>
    public Task Release(string node, CancellationToken cancel) => On(
        open => Scalar(open, "DELETE FROM memcluster_lease WHERE node = $1", cancel, node), cancel);

    /// <summary>The node whose coordinator is at work, by the database's clock alone; null if none is.</summary>
    /// <exception cref="UserError">The server can't be reached.</exception>
    public Task<string?> Holder(CancellationToken cancel) => On(async open => await Scalar(
        open, "SELECT node FROM memcluster_lease WHERE seen_at > now() - $1 ORDER BY seen_at DESC LIMIT 1", cancel, JournalLease.Lasts).ConfigureAwait(false) as string, cancel);

    /// <summary>Work on a connection of its own; what goes wrong there is a sentence.</summary>
    /// <exception cref="UserError">The server can't be reached, or refuses.</exception>
    internal async Task<T> On<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            var open = new NpgsqlConnection(connection.Secret);
            await using (open.ConfigureAwait(false))
            {
                await open.OpenAsync(cancel).ConfigureAwait(false);
                return await work(open).ConfigureAwait(false);
            }
        }
        catch (PostgresException problem)
        {
            throw new UserError($"The {connection} can't be used as journal: {problem.MessageText}.{Advice(problem.SqlState)}");
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException or ArgumentException || (problem is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new UserError($"The {connection} can't be reached: {Innermost(problem)}. Is PostgreSQL running there?");
        }
    }

    internal static async Task<object?> Scalar(NpgsqlConnection open, string sql, CancellationToken cancel, params object[] values)
    {
        var command = new NpgsqlCommand(sql, open);
        await using (command.ConfigureAwait(false))
        {
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            return await command.ExecuteScalarAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Until the transaction's end; a coordinator that starts waits for it.</summary>
    /// <exception cref="UserError">One is at work already.</exception>
    private async Task Alone(NpgsqlConnection open, CancellationToken cancel)
    {
        await Scalar(open, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancel).ConfigureAwait(false);
        if (await Scalar(open, "SELECT node FROM memcluster_lease WHERE seen_at > now() - $1", cancel, JournalLease.Lasts).ConfigureAwait(false) is string node)
        {
            throw new UserError($"A coordinator is at work on the {connection}: {node}. Stop every coordinator, then say it again.");
        }
    }

    private static async Task<T[]> Rows<T>(NpgsqlConnection open, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        var command = new NpgsqlCommand(sql, open);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var rows = new List<T>();
                while (await reader.ReadAsync(cancel).ConfigureAwait(false))
                {
                    rows.Add(read(reader));
                }

                return [.. rows];
            }
        }
    }

    private static string Advice(string state) => state switch
    {
        PostgresErrorCodes.InvalidCatalogName => " Make it with: createdb memcluster",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $" Say the password in PGPASSWORD, in a file that PGPASSFILE names, or in {JournalArgument.Variable}.",
        PostgresErrorCodes.InsufficientPrivilege => " Its user must own the database, or its owner prepare it with: memcluster journal init",
        _ => "",
    };

    private static string Innermost(Exception problem) => (problem.InnerException is { } inner ? Innermost(inner) : problem.Message).TrimEnd('.');
}
