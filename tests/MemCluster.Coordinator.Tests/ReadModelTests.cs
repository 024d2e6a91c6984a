using System.Globalization;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Tests;

/// <summary>Events of one eventful sweep, as two streams, and what the rows must then say.</summary>
internal static class Story
{
    public static readonly SweepSpec Spec =
        SpecFile.FromCanonical("sweep: s\nnetwork: { kind: sleep, seconds: 0 }\ntraining: { epochs: 4 }\nseeds: 4\n");

    private static readonly Grid Grid = new(Spec);

    /// <summary>
    /// Trial 1 is lost after 3 epochs and finished by a second attempt of 2, trial 2 fails after 1 epoch, trial 3 runs, trial 4 is pending.
    /// </summary>
    public static IReadOnlyList<IMessage> InOrder { get; } =
    [
        new SweepEvent.SweepSubmitted(Spec.Name, Spec.Canonical, Spec.Digest, Grid.ExpansionVersion, NumericsSettings.Version, 4, At(0)),
        new SweepEvent.TrialAssigned(Key(1, 1), 1, "lab-1", At(1)),
        Outcomes.Measured(Key(1, 1), 1, 1, 3),
        new SweepEvent.TrialLost(Key(1, 1), 1, "lab-1 left", 3, At(2)),
        new SweepEvent.TrialAssigned(Key(1, 2), 1, "lab-2", At(3)),
        new SweepEvent.TrialAssigned(Key(2, 1), 2, "lab-2", At(3)),
        Outcomes.Measured(Key(1, 2), 1, 1, 2),
        Outcomes.Measured(Key(2, 1), 2, 1, 1),
        new SweepEvent.TrialFailed(Key(2, 1), 2, "it threw", TimeSpan.FromSeconds(1), At(4)),
        new SweepEvent.TrialFinished(Key(1, 2), 1, Outcomes.Finished(2), TimeSpan.FromSeconds(6), At(5)),
        new SweepEvent.TrialAssigned(Key(3, 1), 3, "lab-2", At(6)),
        Outcomes.Measured(Key(3, 1), 3, 1, 1),
    ];

    public static IReadOnlyList<IMessage> Control { get; } = [.. InOrder.Where(happened => happened is SweepEvent)];

    public static IReadOnlyList<IMessage> Metrics { get; } = [.. InOrder.Where(happened => happened is TrialMeasured)];

    /// <summary>As they are told live.</summary>
    public static IReadOnlyList<Written> Told { get; } = [.. InOrder.Select(happened => happened is SweepEvent
        ? new Written("sweep-s", Control.ToList().IndexOf(happened) + 1, happened)
        : new Written("metrics-s-0", Metrics.ToList().IndexOf(happened) + 1, happened))];

    /// <summary>Every row there is, as text.</summary>
    public static string Rows(string file)
    {
        var reader = new ReadModelReader(file);
        var lines = new List<string>();
        foreach (var sweep in reader.Sweeps())
        {
            lines.Add($"{sweep.Sweep} {sweep.NumericsVersion} {sweep.Counts}");
            lines.AddRange(reader.Trials(sweep).Select(row =>
                $"{row.Trial} {row.Seed} {row.State} {row.Epochs} {string.Join(' ', row.Measures)} {row.Weights} {row.Cell}"));
            lines.AddRange(reader.Measured.Rows(sweep).Select(row => row.ToString()));
            lines.AddRange(reader.Attempts(sweep).Select(row => row.ToString()));
        }

        lines.AddRange(reader.Timings().Select(timing => timing.ToString()));
        return string.Join('\n', lines);
    }

    public static TrialKey Key(int trial, int attempt) => new(Spec.Name, Grid.CellAt(trial - 1), attempt);

    private static DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}

public sealed class ReadModelTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private string File => _home.Home.ReadFile;

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Findings_are_read_as_numbers_among_the_epochs_and_as_whole_arrays_of_the_attempt_that_counts()
    {
        var whole = Finding.OfSingles(1, "el2n", Enumerable.Range(0, 20_000).Select(i => i / 2.0));
        var parts = FindingPart.Of(whole).ToArray();
        FindingPart[] numbers = [.. FindingPart.Of(Finding.OfNumber(0, "sharpness", 7)), .. FindingPart.Of(Finding.OfNumber(1, "sharpness", 0.5))];
        Written[] told =
        [
            .. Story.Told.Take(2),
            new("metrics-s-0", 1, new TrialFound(Story.Key(1, 1), 1, 1, [.. FindingPart.Of(Finding.OfNumber(3, "sharpness", 9))], default)),
            new("sweep-s", 3, new SweepEvent.TrialLost(Story.Key(1, 1), 1, "lab-1 left", 3, default)),
            new("sweep-s", 4, new SweepEvent.TrialAssigned(Story.Key(1, 2), 1, "lab-2", default)),
            new("metrics-s-0", 2, new TrialFound(Story.Key(1, 2), 1, 1, [.. numbers, parts[0]], default)),
            new("metrics-s-0", 3, Outcomes.Measured(Story.Key(1, 2), 1, 1, 1)),
        ];
        Assert.Equal(2, parts.Length);
        Fold(told);

        var reader = new ReadModelReader(File);
        var sweep = reader.Sweeps().Single();
        var rows = reader.Measured.Rows(sweep).ToArray();
        Assert.Equal([(0, "sharpness", 7.0), (1, "sharpness", 0.5)], rows.Where(row => row.Measure == "sharpness").Select(row => (row.Epoch, row.Measure, row.Value)));
        Assert.Equal(rows.Select(row => row.Epoch).Order(), rows.Select(row => row.Epoch));
        Assert.Empty(reader.Measured.Arrays(sweep, null));

        Fold([new("metrics-s-0", 4, new TrialFound(Story.Key(1, 2), 1, 4, [parts[1]], default))]);
        var array = Assert.Single(reader.Measured.Arrays(sweep, null));
        Assert.Equal((1, 1, "el2n"), (array.Trial, array.Found.Epoch, array.Found.Name));
        Assert.Equal(whole.Values, array.Found.Values);
        Assert.Empty(reader.Measured.Arrays(sweep, 2));
    }

    /// <summary>Asked anew for each row, the last attempt costs the square of what a trial found.</summary>
    [Fact]
    public void Which_attempt_counts_is_asked_once_for_all_findings()
    {
        Fold(Story.Told);
        using var connection = ReadModelSchema.OpenForReading(File)!;
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN SELECT trial, epoch, name, bytes FROM {MeasureReader.OfLastAttempt} WHERE sweep = $a ORDER BY trial, epoch, name";
        command.Parameters.AddWithValue("$a", 1);
        using var plan = command.ExecuteReader();
        var steps = new List<string>();
        while (plan.Read())
        {
            steps.Add(plan.GetString(3));
        }

        Assert.DoesNotContain(steps, step => step.Contains("CORRELATED", StringComparison.Ordinal));
    }

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

    private void Execute(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [Fact]
    public void An_event_that_nobody_thought_of_is_loud()
    {
        using var writer = new ReadModelWriter(File);
        var strange = new CoordinatorEvent.SweepEnded(new("s"), default);

        Assert.Throws<NotSupportedException>(() => writer.Apply(new("sweep-s", 1, strange)));
        Assert.Throws<NotSupportedException>(() => FeedHub.SweepOf(strange));
    }

    [Fact]
    public async Task Scoring_trials_have_rows_of_their_own_and_what_they_found_says_what_is_kept()
    {
        var spec = SpecFile.FromCanonical("sweep: s\ndata: { name: glyphs, train: 4, validation: 4 }\ntraining: { epochs: 2 }\naxes: { prune: [none, el2n highest 0.5, aum lowest 0.5] }\n");
        var grid = new Grid(spec);
        TrialKey Key(int trial) => new(spec.Name, grid.CellAt(trial - 1), 1);
        FindingPart[] Found(int epoch, params double[] scores) => [.. FindingPart.Of(Finding.OfSingles(epoch, "el2n", scores))];
        Fold(
        [
            new("sweep-s", 1, new SweepEvent.SweepSubmitted(spec.Name, spec.Canonical, spec.Digest, 1, "v", 3, default)),
            new("sweep-s", 2, new SweepEvent.TrialAssigned(Key(4), 4, "lab-1", default)),
            new("sweep-s", 3, new SweepEvent.TrialAssigned(Key(5), 5, "lab-1", default)),
            new("metrics-s-0", 1, new TrialFound(Key(4), 4, 1, [.. Found(1, 1, 9, 5, 2), .. Found(2, 3, 1, 4, 9)], default)),
            new("metrics-s-0", 2, Outcomes.Measured(Key(4), 4, 1, 2)),
            new("sweep-s", 4, new SweepEvent.TrialFinished(Key(4), 4, Outcomes.Finished(2), default, default)),
            new("sweep-s", 5, new SweepEvent.TrialFailed(Key(5), 5, "it threw", default, default)),
            new("sweep-s", 6, new SweepEvent.TrialFailed(Key(3), 3, "trial 5, which computes its scores, failed", default, default)),
        ]);
        var reader = new ReadModelReader(File);
        var sweep = reader.Sweeps().Single();

        Assert.Equal(new TrialCounts(3, 2, 0, 0, 0, 1, 0) { Scores = new(2, 0, 0, 1, 0, 1, 0) }, sweep.Counts);
        Assert.Equal([1, 2, 3], reader.Trials(sweep).Select(row => row.Trial));
        Assert.Equal([(4, TrialState.Finished), (5, TrialState.Failed)], reader.Scores(sweep).Select(row => (row.Trial, row.State)));
        Assert.Empty(reader.Measured.Rows(sweep));
        Assert.Equal(["failed: trial 5, which computes its scores, failed"], reader.Trial(sweep, 3).Attempts.Select(attempt => attempt.Ended));
        Assert.Null(reader.Trial(sweep, 2).Waiting);
        Assert.Equal([(0, 1), (0, 1), (1, 1)], reader.Progress(sweep).Single().Values.Select(value => (value.Ended, value.Trials)));

        // Means 2, 5, 4.5 and 5.5: the second and the fourth go.
        var scores = new ScoreReader(reader, _ => Task.CompletedTask);
        Assert.Equal([0b0101], Assert.IsType<Scored.Found>(await scores.Find(grid, 1)).Kept);
        Assert.Equal("trial 5, which computes its scores, ended before it measured them", Assert.IsType<Scored.Missing>(await scores.Find(grid, 2)).Why);
    }

    [Fact]
    public void An_attempt_that_was_handed_back_and_the_one_that_went_on_from_its_checkpoint_say_so()
    {
        using (var model = new ReadModelWriter(File))
        {
            Written[] told =
            [
                new("sweep-s", 1, Story.InOrder[0]), new("sweep-s", 2, Story.InOrder[1]),
                new("sweep-s", 3, new SweepEvent.TrialLost(Story.Key(1, 1), 1, "it was drained", 3, default, HandedBack: true)),
                new("sweep-s", 4, new SweepEvent.TrialAssigned(Story.Key(1, 2), 1, "lab-2", default)),
                new("metrics-s-0", 1, Outcomes.Measured(Story.Key(1, 2), 1, 1, 3) with { Checkpoint = 3 }),
                new("metrics-s-0", 2, Outcomes.Measured(Story.Key(1, 2), 1, 4, 5)),
            ];
            Array.ForEach(told, model.Apply);
        }

        var reader = new ReadModelReader(File);
        Assert.Equal(
            [("handed back: it was drained", 3, null), ("", 0, 3)],
            reader.Attempts(reader.Sweeps().Single()).Select(row => (row.Ended, row.Epoch, row.Checkpoint)));
    }

    [Fact]
    public void An_attempt_knows_its_longest_epoch_but_the_first_also_when_another_ended_the_trial()
    {
        Fold(Story.Told);

        var reader = new ReadModelReader(File);

        Assert.Equal([0.998, 0.998, null, null], reader.Attempts(reader.Sweeps()[0]).Select(row => row.LongestEpoch));
    }

    [Fact]
    public void Events_become_rows()
    {
        Fold(Story.Told);

        var reader = new ReadModelReader(File);
        var sweep = reader.Find(new("s"))!;
        Assert.Equal(new TrialCounts(4, 1, 1, 1, 0, 1, 0), sweep.Counts);
        Assert.Equal(
            [TrialState.Finished, TrialState.Failed, TrialState.Running, TrialState.Pending], reader.Trials(sweep).Select(row => row.State));
        Assert.Equal([0UL, 1, 2, 3], reader.Trials(sweep).Select(row => row.Seed));
        Assert.Equal(0.5, reader.Trials(sweep).First().Measures[MeasureNames.ValidationAccuracyBest]);
        Assert.Equal(
            ["1 1 lost: lab-1 left 3 ", "1 2 finished 2 6", "2 1 failed: it threw 1 1", "3 1  0 "],
            reader.Attempts(sweep).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Trial} {row.Attempt} {row.Ended} {row.Epoch} {row.Seconds}")));
        Assert.Equal((1, 2L, 6.0), reader.Timings().Select(timing => (timing.Trials, timing.Epochs, timing.Seconds)).Single());
        Assert.Equal(6, reader.MeanSeconds(sweep));
    }

    [Fact]
    public void Cancelled_and_retried_trials_are_rows_and_no_rows()
    {
        // Trial 1 finished, 2 failed, 3 runs, 4 is pending.
        Fold([.. Story.Told, new("sweep-s", Story.Control.Count + 1, new SweepEvent.SweepHeld(new("s"), Holds.Stopped, default)),
            new("sweep-s", Story.Control.Count + 2, new SweepEvent.PrioritySet(new("s"), 4, default))]);
        var reader = new ReadModelReader(File);
        Assert.Equal((Holds.Stopped, 4), (reader.Find(new("s"))!.Hold, reader.Find(new("s"))!.Priority));

        Fold([new("sweep-s", Story.Control.Count + 3, new SweepEvent.SweepCancelled(new("s"), DateTimeOffset.UnixEpoch.AddSeconds(9)))]);
        Assert.Equal(new TrialCounts(4, 0, 0, 1, 0, 1, 2), reader.Find(new("s"))!.Counts);
        Assert.Equal("", reader.Find(new("s"))!.Hold);
        var attempt = Assert.Single(reader.Trial(reader.Find(new("s"))!, 3).Attempts);
        Assert.Equal(("cancelled", 1, DateTimeOffset.UnixEpoch.AddSeconds(9)), (attempt.Ended, attempt.Epoch, attempt.EndedAt));

        Fold([new("sweep-s", Story.Control.Count + 4, new SweepEvent.TrialsRetried(new("s"), true, default))]);
        Assert.Equal(new TrialCounts(4, 1, 0, 1, 0, 0, 2), reader.Find(new("s"))!.Counts);
        Fold([new("sweep-s", Story.Control.Count + 5, new SweepEvent.TrialsRetried(new("s"), false, default))]);
        Assert.Equal(new TrialCounts(4, 3, 0, 1, 0, 0, 0), reader.Find(new("s"))!.Counts);
    }

    [Fact]
    public void Progress_counts_the_ended_trials_of_each_value_of_each_axis()
    {
        var spec = SpecFile.FromCanonical("sweep: s\nnetwork: { kind: sleep }\naxes: { seconds: [0, 1, 2], depth: [1, 2] }\nseeds: 2\n");
        var grid = new Grid(spec);
        SweepEvent Ended(int trial) => new SweepEvent.TrialFinished(new(spec.Name, grid.CellAt(trial - 1), 1), trial, Outcomes.Finished(), default, default);
        using (var model = new ReadModelWriter(File))
        {
            model.Apply(new("sweep-s", 1, new SweepEvent.SweepSubmitted(spec.Name, spec.Canonical, spec.Digest, 1, "v", 12, default)));
            // Grid order: seconds, depth, seed; these are (0, 1), (0, 2) and (2, 2).
            foreach (var (trial, number) in new[] { (1, 2), (3, 3), (12, 4) })
            {
                model.Apply(new("sweep-s", number, Ended(trial)));
            }
        }

        var reader = new ReadModelReader(File);
        Assert.Equal(
            ["seconds 0 2/4", "seconds 1 0/4", "seconds 2 1/4", "depth 1 1/6", "depth 2 2/6"],
            reader.Progress(reader.Find(new("s"))!).SelectMany(axis => axis.Values.Select(value => $"{axis.Axis} {value.Value} {value.Ended}/{value.Trials}")));
    }

    [Fact]
    public void Only_numbers_that_exist_are_rows_and_a_lost_attempts_epochs_do_not_survive_the_finishing_one()
    {
        Fold(Story.Told);

        var reader = new ReadModelReader(File);
        Assert.Equal(
            [
                new(1, 1, MeasureNames.TrainAccuracy, 2.01), new(1, 2, MeasureNames.TrainAccuracy, 2.02),
                new(2, 1, MeasureNames.TrainAccuracy, 1.01), new(3, 1, MeasureNames.TrainAccuracy, 1.01),
            ],
            reader.Measured.Rows(reader.Find(new("s"))!));
    }

    [Fact]
    public void The_control_stream_before_the_measures_gives_the_same_rows()
    {
        Fold(Story.Told);
        var live = Story.Rows(File);
        using var other = new TemporaryHome();

        using (var model = new ReadModelWriter(other.Home.ReadFile))
        {
            foreach (var told in Story.Told.OrderByDescending(told => told.Stream))
            {
                model.Apply(told);
            }
        }

        Assert.Equal(live, Story.Rows(other.Home.ReadFile));
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
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=false");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
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

    private void Fold(IEnumerable<Written> told)
    {
        using var model = new ReadModelWriter(File);
        foreach (var written in told)
        {
            model.Apply(written);
        }
    }
}
