using MemCluster.Coordinator.Auditing;
using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>Whatever is not as it was written is found and named.</summary>
public sealed class JournalAuditTests
{
    private const int Trials = 10;
    private const int Epochs = 6;

    [Fact]
    public async Task A_journal_that_is_whole_is_proved_trial_by_trial()
    {
        using var home = WrittenHome.With(Trials, Epochs);

        var report = await Audit(home);

        Assert.Empty(report.Findings);
        var sweep = Assert.Single(report.Sweeps);
        Assert.Equal((Trials, Trials, 0L), (sweep.Counts.Finished, sweep.Whole, sweep.Unchained));
        Assert.Equal((Trials * Epochs) + (2 * Epochs / 2), sweep.Epochs);
    }

    [Fact]
    public async Task What_the_journal_had_lost_and_was_trained_again_is_told_and_is_no_finding()
    {
        using var home = WrittenHome.With(Trials, Epochs, happened => happened is SweepEvent.TrialLost lost
            ? lost with { Why = "the journal has no epochs 3 to 5 any more, which it had acknowledged", JournalLost = true } : happened);

        var report = await Audit(home);

        Assert.Empty(report.Findings);
        Assert.NotEmpty(report.Notes);
        Assert.All(report.Notes, note => Assert.Matches(@"^s, trial \d+: attempt 1 was given up, for the journal has no epochs 3 to 5 any more, which it had acknowledged \(sweep-s \d+\). It was trained again\.$", note));
    }

    [Fact]
    public async Task A_flipped_bit_in_any_column_that_is_read_is_named()
    {
        var chance = new Random(12);
        using var home = WrittenHome.With(Trials, Epochs);
        home.Settle();
        var whole = await File.ReadAllBytesAsync(home.Home.JournalFile);
        for (var round = 0; round < 60; round++)
        {
            await File.WriteAllBytesAsync(home.Home.JournalFile, whole);
            var (ordering, column) = (chance.Next(1, 50), (string[])["message", "message", "manifest", "persistence_id"]);
            var (name, place, bit) = (column[chance.Next(4)], chance.NextDouble(), 1 << chance.Next(8));
            using (var open = home.Open())
            {
                var type = name == "message" ? "BLOB" : "TEXT";
                using var read = open.CreateCommand();
                read.CommandText = $"SELECT CAST({name} AS BLOB) FROM journal WHERE ordering = {ordering}";
                var bytes = (byte[])read.ExecuteScalar()!;
                bytes[(int)(place * bytes.Length)] ^= (byte)bit;
                using var write = open.CreateCommand();
                write.CommandText = $"UPDATE journal SET {name} = CAST($bytes AS {type}) WHERE ordering = {ordering}";
                write.Parameters.AddWithValue("$bytes", bytes);
                write.ExecuteNonQuery();
            }

            var report = await Audit(home);
            Assert.True(report.Findings.Count > 0, $"{name} of row {ordering} at {place:0.000}, bit {bit}");
            Assert.All(report.Findings, finding => Assert.NotEmpty(finding.Remedy));
        }
    }

    [Theory]
    [InlineData("UPDATE journal SET sequence_number = 1000 WHERE persistence_id = 'metrics-s-0' AND sequence_number = 3", "Event 3 of metrics-s-0 is gone.")]
    [InlineData("UPDATE journal SET deleted = 1 WHERE persistence_id = 'sweep-s' AND sequence_number = 4", "Event 4 of sweep-s is gone.")]
    [InlineData("UPDATE journal SET identifier = 1 WHERE persistence_id = 'sweep-s' AND sequence_number = 4", "serializer 1")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'metrics-s-0' AND sequence_number = 2", "Event 2 of metrics-s-0 is gone.")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'metrics-s-0'", "when trial 1 ended, and are gone")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'sweep-s'", "when s was over, and are gone")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'sweep-s' AND sequence_number > 10", "Events 11 to ")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'coordinator'", "No sweep is known whose stream")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'coordinator' AND sequence_number = 1", "Event 1 of coordinator is gone.")]
    public async Task A_row_that_is_gone_or_elsewhere_is_named(string sql, string what)
    {
        using var home = WrittenHome.With(Trials, Epochs);
        Assert.True(home.Do(sql) > 0);

        Assert.Contains((await Audit(home)).Findings, finding => finding.What.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_tail_of_the_measures_that_is_cut_names_the_trials_that_lost_epochs()
    {
        using var home = WrittenHome.With(Trials, Epochs);
        home.Do("DELETE FROM journal WHERE persistence_id = 'metrics-s-0' AND sequence_number > (SELECT max(sequence_number) - 1 FROM journal WHERE persistence_id = 'metrics-s-0')");

        var report = await Audit(home);

        Assert.Equal((WrittenHome.Sweep, Trials), (Assert.Single(report.Findings).Sweep, report.Findings[0].Trial));
        Assert.Equal(Trials - 1, Assert.Single(report.Sweeps).Whole);
    }

    [Fact]
    public async Task Two_rows_that_changed_places_are_both_named()
    {
        using var home = WrittenHome.With(Trials, Epochs);
        home.Do("""
            UPDATE journal SET message = (SELECT message FROM journal b WHERE b.persistence_id = 'sweep-s' AND b.sequence_number = 15 - journal.sequence_number)
            WHERE persistence_id = 'sweep-s' AND sequence_number IN (7, 8)
            """);

        var found = (await Audit(home)).Findings;

        Assert.Contains(found, finding => finding.Where == "sweep-s 7");
        Assert.Contains(found, finding => finding.Where == "sweep-s 8");
    }

    [Fact]
    public async Task A_result_that_does_not_follow_from_its_epochs_is_named_with_both_numbers()
    {
        using var home = WrittenHome.With(Trials, Epochs, told: happened => happened is SweepEvent.TrialFinished { Trial: 7 } finished
            ? finished with { Outcome = finished.Outcome with { Measures = finished.Outcome.Measures.SetItem(MeasureNames.ValidationAccuracyBest, 0.97) } }
            : happened);

        var finding = Assert.Single((await Audit(home)).Findings);

        Assert.Equal(7, finding.Trial);
        Assert.Contains($"its {MeasureNames.ValidationAccuracyBest} is 0.97; from its epochs it is 0.", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempts_of_a_trial_that_had_other_weights_are_a_fork()
    {
        using var home = WrittenHome.With(Trials, Epochs, told: happened => happened is TrialMeasured { Trial: 5, Key.Attempt: 1 } batch
            ? batch with { Weights = ["ffffffffffffffff", .. batch.Weights.Skip(1)] }
            : happened);

        var finding = Assert.Single((await Audit(home)).Findings);

        Assert.Equal(5, finding.Trial);
        Assert.Contains("forked: after epoch 1 an earlier attempt had weights ffffffffffffffff, attempt 2 has 0000000500000001", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_that_is_handed_out_twice_is_named()
    {
        var grid = new Grid(SpecFile.FromCanonical($"sweep: s\ndata: {{ name: glyphs, train: 100, validation: 100 }}\ntraining: {{ epochs: {Epochs} }}\nseeds: {Trials}\n"));
        using var home = WrittenHome.With(Trials, Epochs, told: happened => happened is SweepEvent.TrialAssigned { Trial: 3 } assigned
            ? assigned with { Trial = 2, Key = assigned.Key with { Cell = grid.CellAt(1) } }
            : happened);

        var found = (await Audit(home)).Findings;

        Assert.Contains(found, finding => finding.Trial == 2 && finding.What.Contains("rial 2 is handed out while it is finished", StringComparison.Ordinal));
        Assert.Contains(found, finding => finding.Trial == 3 && finding.What.Contains("ends without being under way", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE trials SET measures = replace(measures, '0.', '0.9') WHERE trial = 3", "trials", 3)]
    [InlineData("UPDATE epochs SET weights = 'ffffffffffffffff' WHERE trial = 4 AND epoch = 2", "epochs", 4)]
    [InlineData("UPDATE epochs SET numbers = zeroblob(56) WHERE trial = 4 AND epoch = 2", "epochs", 4)]
    [InlineData("DELETE FROM trials WHERE trial = 9", "trials", 9)]
    [InlineData("UPDATE attempts SET trainer = 'nobody' WHERE trial = 5 AND attempt = 1", "attempts", 5)]
    [InlineData("UPDATE sweeps SET numerics = 'memcluster-1'", "sweeps", null)]
    [InlineData("UPDATE streams SET number = number - 1", "streams", null)]
    public async Task A_row_made_from_the_journal_that_says_something_else_is_named(string sql, string table, int? trial)
    {
        using var home = WrittenHome.With(Trials, Epochs);
        await HomeAccess.CatchUp(home.Home, default);
        Assert.Empty((await Audit(home)).Findings);
        using (var open = new SqliteConnection($"Data Source={home.Home.ReadFile};Pooling=false"))
        {
            open.Open();
            using var command = open.CreateCommand();
            command.CommandText = sql;
            Assert.True(command.ExecuteNonQuery() > 0);
        }

        var found = (await Audit(home)).Findings;

        Assert.Contains(found, finding => finding.Where == $"read.db {table}" && finding.Trial == trial);
        Assert.All(found, finding => Assert.Equal(AuditRemedy.Rows, finding.Remedy));

        // And they are not believed: whoever asks next is answered from the journal.
        await HomeAccess.CatchUp(home.Home, default);
        Assert.Empty((await Audit(home)).Findings);
    }

    private static Task<AuditReport> Audit(WrittenHome home) => JournalAudit.Run(home.Home, null, null, null, default);
}
