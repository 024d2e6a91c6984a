using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace MemCluster.EndToEnd.Tests;

/// <summary>
/// A journal that lost the last of what it had acknowledged, as after a power cut on a disk that lies, while the trainers that were told of the write live
/// on and have forgotten what they sent.
/// </summary>
[Trait("Category", "Chaos")]
public sealed class LostTailTests(ITestOutputHelper output)
{
    private const string Sweep = "tail";
    private const int Trials = 4;
    private const int Cut = 6;

    private const string Spec = $$"""
        sweep: {{Sweep}}
        data: { name: glyphs, train: 1000, validation: 500 }
        network: { kind: mlp, depth: 2, width: 48 }
        training: { epochs: 300, batch: 64, momentum: 0.9 }
        noise: label 0.4
        axes: { rate: [0.05, 0.02] }
        seeds: 2
        """;

    private static readonly Lazy<Task<Results>> Undisturbed = new(async () =>
    {
        using var here = new Workplace();
        here.Write("tail.yaml", Spec);
        await here.Fine("run", "tail.yaml", "--slots", "2");
        return here.Results(Sweep);
    });

    /// <param name="trainers">With a slot each: so many trials, the last of the sweep, are under way when the coordinator dies.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Trials_of_which_the_journal_lost_what_it_had_acknowledged_are_trained_again_and_the_sweep_ends_as_undisturbed(int trainers)
    {
        using var here = new Workplace();
        here.Write("tail.yaml", Spec);
        using var first = await Cluster.Start(here);
        var alive = Enumerable.Range(1, trainers).Select(name => here.Start("trainer", "--join", first.Address, "--slots", "1", "--name", $"node{name}")).ToArray();
        await here.Fine("submit", "tail.yaml", "--at", first.Api);
        await first.Coordinator.Until(
            () => Number(here, "SELECT count(*) FROM journal WHERE manifest LIKE 'trial-finished:%'") >= Trials - trainers && Behind(here) >= 2 * Cut,
            "write epochs of the last trials");
        first.Coordinator.Send(Signal.Kill);
        await first.Coordinator.Ends();
        Assert.True(Behind(here) >= Cut, "The sweep went on too fast: the end of a trial names the events that are to be lost.");
        Assert.Equal(Cut, Do(here, $"""
            DELETE FROM journal WHERE ordering IN
            (SELECT ordering FROM journal WHERE persistence_id = 'metrics-{Sweep}-0' ORDER BY ordering DESC LIMIT {Cut})
            """));

        using var second = await Cluster.Start(here, first);
        await second.Finishes(Sweep);

        Assert.All(alive, trainer => Assert.False(trainer.HasEnded));
        Assert.Contains("the journal had lost what it had acknowledged of ", Words(await here.Fine("status", Sweep, "--at", second.Api)), StringComparison.Ordinal);
        await here.Fine("export", Sweep, "--at", second.Api, "--to", here.At("out"));
        var results = Results.In(here.At("out"));
        results.AssertSameScience(await Undisturbed.Value);
        var (finished, others) = (results.AttemptRows.Where(row => row["how"] == "finished").ToArray(), results.AttemptRows.Where(row => row["how"] != "finished").ToArray());
        output.WriteLine(string.Join('\n', others.Select(row => $"trial {row["trial"]}, attempt {row["attempt"]}: {row["how"]}")));
        Assert.Equal(["1", "2", "3", "4"], finished.Select(row => row["trial"]).Order());

        // Who had nothing acknowledged among what is gone tells it again, and goes on.
        Assert.InRange(others.Length, 1, trainers);
        Assert.All(others, row => Assert.Matches("^lost: the journal has no epochs [0-9]+ to [0-9]+ any more, which it had acknowledged", row["how"]));
        Assert.Contains("was given up, for the journal has no epochs", Words(await here.Fine("audit")), StringComparison.Ordinal);
        await here.Fine("verify", here.At("out"));
    }

    /// <summary>Metric events behind the last of the control stream: no other event names them.</summary>
    private static long Behind(Workplace here) => Number(here, $"""
        SELECT count(*) FROM journal WHERE persistence_id = 'metrics-{Sweep}-0'
        AND ordering > (SELECT max(ordering) FROM journal WHERE persistence_id = 'sweep-{Sweep}')
        """);

    private static long Number(Workplace here, string sql)
    {
        using var journal = Open(here, SqliteOpenMode.ReadOnly);
        using var command = journal.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static int Do(Workplace here, string sql)
    {
        using var journal = Open(here, SqliteOpenMode.ReadWrite);
        using var command = journal.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(Workplace here, SqliteOpenMode mode)
    {
        var journal = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(here.Home, "journal.db"), Mode = mode, Pooling = false }.ToString());
        journal.Open();
        return journal;
    }

    /// <summary>Lines are broken where the terminal ends.</summary>
    private static string Words(Ended ended) => string.Join(' ', ended.All.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
