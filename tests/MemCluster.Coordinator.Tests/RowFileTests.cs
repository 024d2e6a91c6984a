using MemCluster.Coordinator.Reading;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>The file of the rows outlives its writer, other versions, and events that fail.</summary>
public sealed class RowFileTests : RowTests
{
    [Fact]
    public async Task A_sweep_whose_spec_is_another_versions_folds_what_needs_no_spec_and_says_why_it_shows_no_more()
    {
        var unknown = (SweepEvent.SweepSubmitted)Story.InOrder[0];
        Fold(Story.Told.Select(told => ReferenceEquals(told.Event, unknown) ? told with { Event = unknown with { Spec = unknown.Spec + "tomorrow: yes\n" } } : told));

        var reader = new ReadModelReader(File);
        var row = reader.Sweeps().Single();
        Assert.Equal(new TrialCounts(4, 1, 1, 1, 0, 1, 0), row.Counts);
        Assert.Contains("tomorrow", row.Unreadable, StringComparison.Ordinal);
        Assert.Throws<UnreadableSweep>(() => reader.Trials(row).Count());
        Assert.Empty(reader.Timings());
        await using var attempts = new ReadingOperator(reader).Attempts(row.Sweep).GetAsyncEnumerator();
        await Assert.ThrowsAsync<UnreadableSweep>(async () => await attempts.MoveNextAsync());

        Fold([new("sweep-s", Story.Control.Count + 1, new SweepEvent.SweepCancelled(new("s"), default))]);
        Assert.Equal(new TrialCounts(4, 0, 0, 1, 0, 1, 2), reader.Sweeps().Single().Counts);
    }

    [Fact]
    public void Rows_that_were_made_without_the_spec_are_made_again_by_a_version_that_can_read_it()
    {
        Fold(Story.Told);
        Execute("UPDATE sweeps SET blind = 1, spec = spec || 'tomorrow: yes'");
        using (var model = new ReadModelWriter(File))
        {
            Assert.Equal(Story.Control.Count, model.PositionOf("sweep-s"));
        }

        Execute("UPDATE sweeps SET spec = replace(spec, 'tomorrow: yes', '')");
        using (var model = new ReadModelWriter(File))
        {
            Assert.Equal(0, model.PositionOf("sweep-s"));
        }

        Assert.Equal("", Story.Rows(File));
    }

    [Fact]
    public void Positions_outlive_the_process_with_their_rows()
    {
        Fold(Story.Told.Take(5));

        using var model = new ReadModelWriter(File);

        Assert.Equal((4, 1, 0), (model.PositionOf("sweep-s"), model.PositionOf("metrics-s-0"), model.PositionOf("sweep-other")));
    }

    [Fact]
    public void An_event_that_fails_half_way_leaves_nothing_behind()
    {
        Fold(Story.Told.Take(3));
        var before = Story.Rows(File);
        using (var model = new ReadModelWriter(File))
        {
            model.Apply(Story.Told[3]);
            var unknown = new SweepEvent.TrialFailed(new(new("other"), default, 1), 1, "x", TimeSpan.Zero, default);
            Assert.ThrowsAny<Exception>(() => model.Apply(new("sweep-other", 1, unknown)));
        }

        Assert.Equal(before, Story.Rows(File));
    }

    [Theory]
    [InlineData("PRAGMA user_version=99")]
    [InlineData(null)]
    public void A_file_of_another_version_or_no_database_at_all_is_begun_anew(string? sql)
    {
        Fold(Story.Told);
        if (sql is null)
        {
            System.IO.File.Delete(File + "-wal");
            System.IO.File.WriteAllText(File, new string('x', 5000));
        }
        else
        {
            Execute(sql);
        }

        Assert.Empty(new ReadModelReader(File).Sweeps());
        using (var model = new ReadModelWriter(File))
        {
            Assert.Equal(0, model.PositionOf("sweep-s"));
        }

        Assert.Equal("", Story.Rows(File));
    }

    [Fact]
    public void Without_a_file_there_are_no_sweeps()
    {
        Assert.Empty(new ReadModelReader(File).Sweeps());
        Assert.Empty(new ReadModelReader(File).Timings());
        Assert.Null(new ReadModelReader(File).Find(new("s")));
    }
}
