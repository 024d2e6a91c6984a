using MemCluster.Operations;
using MemCluster.Tests.Postgres;

namespace MemCluster.Coordinator.Tests.Postgres;

public sealed class PostgresJournalTests
{
    [PostgresFact]
    public async Task Tables_are_made_once_however_many_start_together()
    {
        var connection = PostgresServer.Shared.NewDatabase();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Journal(connection).Prepare(CancellationToken.None)));

        Assert.Equal(JournalSchema.Current, await Journal(connection).Version(CancellationToken.None));
        Assert.Equal("1", Sql(connection, "SELECT count(*) FROM memcluster_schema"));
    }

    [PostgresFact]
    public async Task A_stream_holds_one_event_of_a_number()
    {
        var connection = PostgresServer.Shared.NewDatabase();
        await Journal(connection).Prepare(CancellationToken.None);
        const string Event = "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) VALUES (0, false, 'sweep-s', 1, '')";
        Sql(connection, Event);

        Assert.Contains("journal_uq", Assert.Throws<InvalidOperationException>(() => Sql(connection, Event)).Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Two_databases_are_told_apart_and_one_stays_itself()
    {
        var (one, other) = (Journal(PostgresServer.Shared.NewDatabase()), Journal(PostgresServer.Shared.NewDatabase()));
        await one.Prepare(CancellationToken.None);
        await other.Prepare(CancellationToken.None);

        Assert.NotEqual(await one.Identity(CancellationToken.None), await other.Identity(CancellationToken.None));
        Assert.Equal(await one.Identity(CancellationToken.None), await one.Identity(CancellationToken.None));
    }

    [PostgresFact]
    public async Task Older_tables_are_to_be_migrated_and_newer_ones_are_left_alone()
    {
        var connection = PostgresServer.Shared.NewDatabase();
        await Journal(connection).Prepare(CancellationToken.None);

        Sql(connection, "UPDATE memcluster_schema SET version = 0");
        Assert.Contains("memcluster journal migrate", await Refusal(Journal(connection)), StringComparison.Ordinal);
        Sql(connection, "UPDATE memcluster_schema SET version = 99");
        Assert.Contains("newer", await Refusal(Journal(connection)), StringComparison.Ordinal);
        Assert.Equal("99", Sql(connection, "SELECT version FROM memcluster_schema"));
    }

    [PostgresFact]
    public async Task An_older_database_is_migrated_only_while_no_coordinator_works_on_it()
    {
        var connection = PostgresServer.Shared.NewDatabase();
        await Journal(connection).Prepare(CancellationToken.None);
        Sql(connection, "UPDATE memcluster_schema SET version = 1");
        Sql(connection, "INSERT INTO memcluster_lease VALUES ('node1:4053', now())");
        Assert.Contains("node1:4053", (await Assert.ThrowsAsync<UserError>(() => Journal(connection).Migrate(1, CancellationToken.None))).Message, StringComparison.Ordinal);

        Sql(connection, "UPDATE memcluster_lease SET seen_at = now() - interval '1 hour'");
        await Journal(connection).Migrate(1, CancellationToken.None);

        Assert.Equal(JournalSchema.Current, await Journal(connection).Version(CancellationToken.None));
        await Journal(connection).Prepare(CancellationToken.None);
    }

    [PostgresFact]
    public async Task A_look_finds_what_is_there_and_what_is_wrong()
    {
        var connection = PostgresServer.Shared.NewDatabase();
        Assert.Null((await Journal(connection).Inspect(CancellationToken.None)).Version);
        await Journal(connection).Prepare(CancellationToken.None);
        Sql(connection, "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier) VALUES "
            + "(0, false, 'sweep-s', 1, '', 'sweep-held:1', 4711), (0, false, 'sweep-s', 2, '', 'sweep-held:1', 4711), (0, false, 'coordinator', 1, '', 'term-began:1', 4711)");

        var facts = await Journal(connection).Inspect(CancellationToken.None);
        Assert.Equal((2, true, 3L, 2, 1, 0), (facts.Version, facts.HasUniqueKey, facts.Events, facts.Streams, facts.Sweeps, facts.Snapshots));
        Assert.Empty(JournalReport.Of("It", facts).Problems);

        Sql(connection, "DELETE FROM journal WHERE persistence_id = 'sweep-s' AND sequence_number = 1");
        Sql(connection, "UPDATE journal SET manifest = 'term-began:2' WHERE persistence_id = 'coordinator'");
        Sql(connection, "ALTER TABLE journal DROP CONSTRAINT journal_uq");
        var problems = JournalReport.Of("It", await Journal(connection).Inspect(CancellationToken.None)).Problems;

        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, problem => problem.Contains("unique key", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("missing in sweep-s", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("term-began:2", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task A_database_of_somebody_else_is_refused()
    {
        var connection = PostgresServer.Shared.NewDatabase();
        Sql(connection, "CREATE TABLE journal (entry text)");

        Assert.Contains("memcluster did not make", await Refusal(Journal(connection)), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_database_that_is_not_there_is_named_with_how_to_make_it() => Assert.Contains(
        "createdb", await Refusal(Journal(PostgresServer.Shared.Connection("nowhere"))), StringComparison.Ordinal);

    [PostgresFact]
    public async Task A_user_who_may_not_make_tables_is_told_who_may()
    {
        var connection = PostgresServer.Shared.NewDatabase();
        Sql(connection, $"CREATE ROLE guest{Database(connection)} LOGIN");

        var problem = await Refusal(Journal(connection.Replace("Username=memcluster", $"Username=guest{Database(connection)}", StringComparison.Ordinal)));

        Assert.Contains("memcluster journal init", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_in_one_sentence()
    {
        var problem = await Refusal(Journal("Host=127.0.0.1;Port=1;Database=sweeps;Username=m;Password=hush"));

        Assert.Contains("database sweeps at 127.0.0.1:1", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
        Assert.DoesNotContain("hush", problem, StringComparison.Ordinal);
    }

    private static PostgresJournal Journal(string connection) => new(JournalArgument.Parse(null, connection)!);

    private static async Task<string> Refusal(JournalPlace journal) =>
        (await Assert.ThrowsAsync<UserError>(() => journal.Prepare(CancellationToken.None))).Message;

    private static string Database(string connection) => connection.Split("Database=")[1].Split(';')[0];

    private static string Sql(string connection, string command) => PostgresServer.Shared.Sql(Database(connection), command);
}
