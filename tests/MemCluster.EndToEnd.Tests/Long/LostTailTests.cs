using Microsoft.Data.Sqlite;

namespace MemCluster.EndToEnd.Tests;

/// <summary>
/// A journal may lose its last events after they were acknowledged: a disk that lied, a backup that was put back. A trainer that lives on has forgotten the epochs
/// that are gone, so its attempt can't be gone on with, and somebody must say so.
/// </summary>
[Trait("Category", "Chaos")]
[Collection(Alone.Name)]
public sealed class LostTailTests
{
    private const string Spec = """
        sweep: tail
        data: { name: glyphs, train: 2000, validation: 500 }
        network: { kind: mlp, depth: 2, width: 64 }
        training: { epochs: 120, batch: 32, momentum: 0.9 }
        axes: { noise: [none, label 0.4] }
        seeds: 2
        """;

    [Fact]
    public async Task A_trial_whose_last_epochs_the_journal_lost_is_told_of_and_trained_again_with_the_same_bytes()
    {
        using var undisturbed = new Workplace();
        undisturbed.Write("tail.yaml", Spec);
        await undisturbed.Fine("run", "tail.yaml", "--slots", "1");
        using var here = new Workplace();
        here.Write("tail.yaml", Spec);
        using var first = await Cluster.Start(here);
        here.Start("trainer", "--join", first.Address, "--slots", "1", "--name", "survivor");
        await here.Fine("submit", "tail.yaml", "--at", first.Api);
        await first.Reaches("tail", counts => counts is { Finished: 1, Running: 1 });

        // The second trial has told many epochs; the trainer forgets what was acknowledged.
        var journal = Path.Combine(here.Home, "journal.db");
        var before = Metrics(journal);
        await first.Reaches("tail", _ => Metrics(journal) >= before + 10);
        first.Coordinator.Send(Signal.Kill);
        await first.Coordinator.Ends();
        Cut(journal, 6);

        using var second = await Cluster.Start(here, first);
        await second.Finishes("tail");

        Assert.Contains(await second.Attempts("tail"), attempt => attempt.Ended.StartsWith("lost: ", StringComparison.Ordinal) && attempt.Ended.Contains("journal", StringComparison.Ordinal));
        Assert.Contains("journal had lost", string.Join(' ', (await here.Fine("status", "tail", "--at", second.Api)).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        await here.Fine("export", "tail", "--at", second.Api, "--to", here.At("out"));
        Results.In(here.At("out")).AssertSameScience(undisturbed.Results("tail"));
        second.Coordinator.Send(Signal.Terminate);
        await second.Coordinator.Ends();
        await here.Fine("audit");
    }

    private static long Metrics(string journal) => (long)Ask(journal, "SELECT count(*) FROM journal WHERE persistence_id LIKE 'metrics-tail%'")!;

    private static void Cut(string journal, int events)
    {
        Ask(journal, "DELETE FROM snapshot WHERE persistence_id LIKE 'metrics-tail%'");
        Ask(journal, $"DELETE FROM journal WHERE ordering IN (SELECT ordering FROM journal WHERE persistence_id LIKE 'metrics-tail%' ORDER BY sequence_number DESC LIMIT {events})");
    }

    private static object? Ask(string journal, string statement)
    {
        using var connection = new SqliteConnection($"Data Source={journal};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return command.ExecuteScalar();
    }
}
