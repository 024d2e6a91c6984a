using MemCluster.Coordinator.Auditing;
using MemCluster.Operations;
using MemCluster.Tests.Postgres;
using Npgsql;

namespace MemCluster.Coordinator.Tests.Postgres;

/// <summary>Rows of a database that somebody changed are named, and what is proved goes on in a table beside them.</summary>
public sealed class PostgresSalvageTests : IDisposable
{
    private const int Trials = 10;

    private readonly TemporaryHome _home = new();
    private readonly string _connection = PostgresServer.Shared.NewDatabase();

    [PostgresTheory]
    [InlineData("UPDATE journal SET message = set_byte(message, 90, 90) WHERE persistence_id = 'sweep-s' AND sequence_number = 8", 1)]
    [InlineData("UPDATE journal SET manifest = 'trial-failed:1' WHERE persistence_id = 'sweep-s' AND sequence_number = 8", 1)]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'metrics-s-0' AND sequence_number > 15", 3)]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'metrics-s-0' AND sequence_number = 4", 1)]
    [InlineData("UPDATE journal SET sequence_number = 1001 - sequence_number WHERE persistence_id = 'metrics-s-0' AND sequence_number IN (3, 4)", 1)]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'coordinator'", 0)]
    public async Task Changed_rows_are_named_and_only_their_trials_are_trained_again(string sql, int atLeast)
    {
        await Write();
        Sql(sql);

        var named = await Audit();
        var report = await Salvage.Run(_home.Home, _connection, default);
        var again = await Audit();

        Assert.NotEmpty(named.Findings);
        var sweep = Assert.Single(report.Sweeps);
        Assert.InRange(sweep.Again, atLeast, atLeast + 2);
        Assert.Equal("table journal_unreadable_1", report.SetAside);
        Assert.Empty(again.Findings);
        Assert.Equal((sweep.Kept, sweep.Again), (Assert.Single(again.Sweeps).Whole, again.Sweeps[0].Counts.Pending));
    }

    [PostgresFact]
    public async Task Rows_made_from_the_old_table_are_not_taken_for_the_new_ones_and_a_second_salvage_keeps_both()
    {
        await Write();
        var before = await Journal.Identity(default);
        Sql("DELETE FROM journal WHERE persistence_id = 'metrics-s-0' AND sequence_number = 4");
        await Salvage.Run(_home.Home, _connection, default);
        Sql("DELETE FROM journal WHERE persistence_id = 'metrics-s-0' AND sequence_number = 2");

        var second = await Salvage.Run(_home.Home, _connection, default);

        Assert.Equal("table journal_unreadable_2", second.SetAside);
        Assert.NotEqual(before, await Journal.Identity(default));
        Assert.NotEqual("0", Sql("SELECT count(*) FROM journal_unreadable_1"));
        Assert.Null((await Salvage.Run(_home.Home, _connection, default)).SetAside);
    }

    [PostgresFact]
    public async Task Nothing_is_changed_while_a_coordinator_is_at_work()
    {
        await Write();
        Sql("DELETE FROM journal WHERE persistence_id = 'metrics-s-0' AND sequence_number = 4");
        Sql("INSERT INTO memcluster_lease VALUES ('node1:4053', now())");

        var refused = await Assert.ThrowsAsync<UserError>(() => Salvage.Run(_home.Home, _connection, default));

        Assert.Contains("node1:4053", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty((await Audit()).Findings);
    }

    public void Dispose() => _home.Dispose();

    private PostgresJournal Journal => new(JournalArgument.Parse(null, _connection)!);

    private async Task Write()
    {
        await Journal.Prepare(default);
        await using var open = new NpgsqlConnection(_connection);
        await open.OpenAsync();
        WrittenHome.Write(open, Trials, 6);
    }

    private Task<AuditReport> Audit() => JournalAudit.Run(_home.Home, _connection, null, null, default);

    private string Sql(string command) => PostgresServer.Shared.Sql(_connection.Split("Database=")[1].Split(';')[0], command);
}
