using System.Security.Cryptography;
using MemCluster.Messages;
using Microsoft.Data.Sqlite;

namespace MemCluster.Cli.Tests;

/// <summary><c>replay</c> of sweeps that were really trained, with everything real behind the doors.</summary>
public sealed class RealReplayTests : IDisposable
{
    private const string Glyphs = """
        sweep: first
        data: { name: glyphs, train: 500, validation: 200 }
        network: { kind: mlp, depth: 1, width: 24 }
        training: { epochs: 6, batch: 64, momentum: 0.9 }
        measures: { el2n: every 2, learning: last, norms: every 3 }
        axes: { noise: [none, label 0.4], regularizer: [none, dropout 0.3] }
        seeds: [5]
        """;

    private const string Pruned = """
        sweep: pruned
        data: { name: glyphs, train: 300, validation: 100 }
        network: { kind: mlp, depth: 1, width: 16 }
        training: { epochs: 4, batch: 32 }
        axes: { prune: [none, random 0.2, { score: el2n, drop: window, fraction: 0.4, from: 0.2, runs: 2, every: 2 }] }
        seeds: 1
        """;

    private readonly Session _session = new() { Doors = RealDoors.Open() };

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task Trials_come_out_the_same_until_the_record_is_changed_and_then_both_values_are_shown()
    {
        await Run(Glyphs);

        Assert.Equal((0, "trial 1 of first, attempt 1: 6 epochs trained again, every weight and number the same\n"), await Replay("first", "1"));
        Assert.Equal((0, "trial 4 of first, attempt 1: 6 epochs trained again, every weight and number the same\n"), await Replay("4"));

        var weights = Changed("SELECT weights FROM epochs WHERE trial = 4 AND epoch = 3", "UPDATE epochs SET weights = '0123456789abcdef' WHERE trial = 4 AND epoch = 3");
        var (code, said) = await Replay("first", "4");

        Assert.Equal(2, code);
        Assert.StartsWith("FORKED  trial 4 of first, attempt 1: ", said, StringComparison.Ordinal);
        Assert.Contains($"\n    3  weights  {weights} (journal), 0123456789abcdef (rows)  {weights}\n", said, StringComparison.Ordinal);
        Assert.Equal(5, said.TrimEnd('\n').Split('\n').Length);
        Assert.Contains("\"epochs\":3,\"same\":false", (await Replay("first", "4", "--json")).Said, StringComparison.Ordinal);
        Assert.Equal(0, (await Replay("first", "2")).Code);
    }

    [Fact]
    public async Task A_number_that_was_changed_is_the_only_difference()
    {
        await Run(Glyphs);
        Changed("SELECT form FROM findings WHERE trial = 2 AND epoch = 2 AND name = 'el2n_mean'", "UPDATE findings SET bytes = zeroblob(8) WHERE trial = 2 AND epoch = 2 AND name = 'el2n_mean'");

        var (code, said) = await Replay("first", "2");

        Assert.Equal(2, code);
        Assert.Matches(@"\n    2  el2n_mean  0         0\.\d+\nEither", said);
    }

    /// <summary>Whoever knows the format can write a journal that holds together: all four trials are proved, and the audit knows only that the file was changed. Training knows where.</summary>
    [Fact]
    public async Task A_digest_that_was_altered_in_the_journal_and_linked_anew_is_called_forked_with_both_values()
    {
        await Run(Glyphs);

        var weights = Forged(trial: 4, epoch: 3, "0123456789abcdef");
        var (code, said) = await Replay("first", "4");

        Assert.Equal(2, code);
        Assert.StartsWith("FORKED  trial 4 of first, attempt 1: ", said, StringComparison.Ordinal);
        Assert.Contains($"\n    3  weights  0123456789abcdef  {weights}\n", said, StringComparison.Ordinal);
        Assert.Equal(0, (await Replay("first", "2")).Code);
        Assert.Equal(2, await _session.Run("audit", "--home", _session.Home));
        Assert.Matches("(?m)^first +4 +4 +4 +24 ", _session.Out);
        Assert.Contains("The file is not as memcluster closed it: something else has changed it since.", _session.Out, StringComparison.Ordinal);
    }

    /// <summary>Its link tells, and rows that were made of the journal before still say what was recorded; but the journal has the last word.</summary>
    [Fact]
    public async Task A_digest_that_was_altered_in_the_journal_alone_is_called_forked_with_both_values_and_named_by_the_audit()
    {
        await Run(Glyphs);

        var weights = Forged(trial: 4, epoch: 3, "0123456789abcdef", linked: false);
        var (code, said) = await Replay("first", "4");

        Assert.Equal(2, code);
        Assert.Contains($"\n    3  weights  0123456789abcdef (journal), {weights} (rows)  {weights}\n", said, StringComparison.Ordinal);
        Assert.Equal(0, (await Replay("first", "2")).Code);
        Assert.Equal(2, await _session.Run("audit", "--home", _session.Home));
        Assert.Contains("trial 4", _session.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_whose_pages_are_damaged_is_a_sentence()
    {
        await Run(Glyphs);
        var file = Path.Combine(_session.Home, "journal.db");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes.AsSpan(4096, bytes.Length - 4096).Fill(0xa5);
        await File.WriteAllBytesAsync(file, bytes);

        Assert.Equal(2, await _session.Run("replay", "first", "4", "--home", _session.Home));

        Assert.Contains("memcluster audit", _session.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _session.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_a_sweep_began_that_cant_be_read_is_not_known()
    {
        await Run(Glyphs);
        using (var journal = new SqliteConnection($"Data Source={Path.Combine(_session.Home, "journal.db")};Pooling=False"))
        {
            journal.Open();
            using var command = journal.CreateCommand();
            command.CommandText = "UPDATE journal SET manifest = 'word-of-tomorrow' WHERE persistence_id = 'sweep-first' AND sequence_number = 1";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        File.Delete(Path.Combine(_session.Home, "read.db"));
        var before = _session.Out.Length;

        Assert.Equal(0, await _session.Run("list", "--home", _session.Home));

        Assert.Matches("(?m)^first +unreadable +0/0 +–", _session.Out[before..]);
    }

    [Fact]
    public async Task A_trial_that_leaves_examples_out_by_scores_is_replayed_by_what_is_recorded_of_them_and_so_are_those_that_score()
    {
        await Run(Pruned);

        foreach (var trial in new[] { "2", "3", "4", "5" })
        {
            Assert.Equal((0, $"trial {trial} of pruned, attempt 1: 4 epochs trained again, every weight and number the same\n"), await Replay("pruned", trial));
        }
    }

    [Fact]
    public async Task A_workload_that_only_waits_has_no_weights_and_is_the_same()
    {
        await Run("sweep: waiting\nnetwork: sleep 0\ntraining: { epochs: 2 }\n");

        Assert.Equal((0, "trial 1 of waiting, attempt 1: 2 epochs trained again, every weight and number the same\n"), await Replay("1"));
    }

    private async Task Run(string spec) => Assert.True(0 == await _session.Run("run", _session.File(spec), "--home", _session.Home, "--slots", "2"), _session.Error);

    private async Task<(int Code, string Said)> Replay(params string[] what)
    {
        var before = _session.Out.Length;
        var code = await _session.Run(["replay", .. what, "--home", _session.Home]);
        Assert.Equal("", _session.Error);
        return (code, _session.Out[before..]);
    }

    /// <summary>Somebody's hand in the rows, who also made their seal anew: else they would not be believed, but made again from the journal.</summary>
    /// <returns>What <paramref name="look"/> found before it.</returns>
    private string Changed(string look, string change)
    {
        var rows = Path.Combine(_session.Home, "read.db");
        string before;
        using (var connection = new SqliteConnection($"Data Source={rows};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = look;
            before = (string)command.ExecuteScalar()!;
            command.CommandText = change;
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        File.WriteAllText(Path.ChangeExtension(rows, "seal"), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(rows))));
        return before;
    }

    /// <summary>Alters what stands in the journal of the weights after an epoch.</summary>
    /// <param name="linked">All that comes behind is linked anew, the ends of trials and of the sweep too, which name the head of another stream.</param>
    /// <returns>What stood there.</returns>
    private string Forged(int trial, int epoch, string weights, bool linked = true)
    {
        using var journal = new SqliteConnection($"Data Source={Path.Combine(_session.Home, "journal.db")};Pooling=False");
        journal.Open();
        var (before, heads) = ("", new Dictionary<string, string[]>());
        foreach (var (ordering, stream, number, kind, bytes) in Rows(journal))
        {
            var links = heads.GetValueOrDefault(stream, [Chain.Begin]);
            var stored = JournalEntry.Parse(bytes, kind);
            var happened = stored.Event switch
            {
                TrialMeasured batch when batch.Trial == trial && batch.FirstEpoch <= epoch && epoch <= batch.LastEpoch => Altered(batch),
                SweepEvent.TrialFinished { Measured: { } head } end => end with { Measured = head with { Link = heads[Coordinator.Streams.Metrics(end.Key.Sweep)][head.Number] } },
                CoordinatorEvent.SweepEnded { Control: { } head } end => end with { Control = head with { Link = heads[Coordinator.Streams.Control(end.Sweep)][head.Number] } },
                var other => other,
            };
            var entry = JournalEntry.Of(happened, links[^1], stream, number);
            heads[stream] = [.. links, entry.Link];
            if (linked || happened is TrialMeasured { Trial: var whose } && whose == trial)
            {
                using var write = journal.CreateCommand();
                write.CommandText = "UPDATE journal SET message = $message WHERE ordering = $ordering";
                write.Parameters.AddWithValue("$message", linked ? entry.ToBytes() : (entry with { Link = stored.Link }).ToBytes());
                write.Parameters.AddWithValue("$ordering", ordering);
                write.ExecuteNonQuery();
            }
        }

        Assert.NotEmpty(before);
        return before;

        TrialMeasured Altered(TrialMeasured batch)
        {
            before = batch.Weights[epoch - batch.FirstEpoch];
            return batch with { Weights = [.. batch.Weights.Select((each, at) => at == epoch - batch.FirstEpoch ? weights : each)] };
        }
    }

    private static List<(long Ordering, string Stream, long Number, string Kind, byte[] Bytes)> Rows(SqliteConnection journal)
    {
        using var command = journal.CreateCommand();
        command.CommandText = "SELECT ordering, persistence_id, sequence_number, manifest, message FROM journal ORDER BY ordering";
        using var row = command.ExecuteReader();
        var rows = new List<(long Ordering, string Stream, long Number, string Kind, byte[] Bytes)>();
        while (row.Read())
        {
            rows.Add((row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetFieldValue<byte[]>(4)));
        }

        return rows;
    }
}
