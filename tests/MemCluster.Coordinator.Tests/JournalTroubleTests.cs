using MemCluster.Messages;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>A journal that can't be written to for a while says why, and what to do.</summary>
public sealed class JournalTroubleTests : CoordinatorTests
{
    [Fact]
    public void A_failed_write_is_told_until_the_next_one_succeeds()
    {
        Submit(Sleeps(2));
        var trainer = Trainer().Register();
        trainer.Want(1);
        var trial = trainer.Take()[0];
        Assert.Null(JournalTrouble.Of(Sys).Sentence);

        Behave(TestJournal.Mode.Fail, "metrics-");
        trainer.Measure(trial.Key, trial.Trial, 1, 1);
        Eventually(() => Assert.Equal("the journal can't be written: The disk is full; it is tried again", JournalTrouble.Of(Sys).Sentence));

        Behave(TestJournal.Mode.Write);
        trainer.Until<CoordinatorWord.MeasuresWritten>(() => trainer.Measure(trial.Key, trial.Trial, 1, 1));
        Assert.Null(JournalTrouble.Of(Sys).Sentence);
    }

    [Fact]
    public void The_fault_decides_what_is_advised()
    {
        Assert.Contains("disk of the journal is full", JournalTrouble.Words(new AggregateException(new IOException("No space left on device"))), StringComparison.Ordinal);
        Assert.Contains("holds the journal locked", JournalTrouble.Words(new InvalidOperationException("", new SqliteException("database is locked", JournalTrouble.Busy))), StringComparison.Ordinal);
        Assert.Contains("database can't be written to (no connection)", JournalTrouble.Words(new Npgsql.NpgsqlException("no connection\nDETAIL: …")), StringComparison.Ordinal);
        Assert.Null(JournalTrouble.Words(new TimeoutException()));
    }
}
