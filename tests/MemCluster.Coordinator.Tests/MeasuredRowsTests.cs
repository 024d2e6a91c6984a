using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Tests;

/// <summary>What trials measured, and what they found, as rows.</summary>
public sealed class MeasuredRowsTests : RowTests
{
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

    [Fact]
    public void Weights_that_are_kept_are_asked_for_by_themselves_and_are_no_scores_of_examples()
    {
        var weights = Finding.OfWeights(2, new([new("0.weight", Safetensors.Float32, [20_000], 80_000)], [], new byte[80_000]));
        FindingPart[] parts = [.. FindingPart.Of(Finding.OfSingles(1, "el2n", [1, 2])), .. FindingPart.Of(weights)];
        Fold([.. Story.Told.Take(6), new("metrics-s-0", 2, new TrialFound(Story.Key(1, 2), 1, 1, parts, default)), new("metrics-s-0", 3, Outcomes.Measured(Story.Key(1, 2), 1, 1, 2))]);

        var reader = new ReadModelReader(File);
        var sweep = reader.Sweeps().Single();
        var kept = Assert.Single(reader.Measured.Weights(sweep, 1));
        Assert.Equal((1, 2), (kept.Trial, kept.Found.Epoch));
        Assert.Equal(weights.Values, kept.Found.Values);
        Assert.Empty(reader.Measured.Weights(sweep, 3));
        Assert.Equal("el2n", Assert.Single(reader.Measured.Arrays(sweep, null)).Found.Name);
        Assert.Equal(["el2n"], reader.Measured.Epochs(sweep, 1).SelectMany(epoch => epoch.Findings).Select(found => found.Name));
    }

    [Fact]
    public void The_epochs_of_one_trial_are_there_to_the_last_bit_with_all_that_was_found()
    {
        FindingPart[] numbers = [.. FindingPart.Of(Finding.OfNumber(0, "sharpness", 7)), .. FindingPart.Of(Finding.OfNumber(2, "sharpness", Absences.NotDefined))];
        FindingPart[] parts = [.. FindingPart.Of(Finding.OfSingles(1, "el2n", Enumerable.Range(0, 20_000).Select(i => i / 2.0)))];
        Fold([.. Story.Told.Take(6), new("metrics-s-0", 2, new TrialFound(Story.Key(1, 2), 1, 1, [.. numbers, .. parts], default)), new("metrics-s-0", 3, Outcomes.Measured(Story.Key(1, 2), 1, 1, 2))]);

        var reader = new ReadModelReader(File);
        var told = Outcomes.Measured(Story.Key(1, 2), 1, 1, 2);
        var epochs = reader.Measured.Epochs(reader.Sweeps().Single(), 1).Where(epoch => epoch.Attempt == 2).ToArray();

        Assert.Equal([(1, told.Weights[0]), (2, told.Weights[1])], epochs.Select(epoch => (epoch.Epoch, epoch.Weights)));
        Assert.Equal(told.Values, epochs.SelectMany(epoch => epoch.Values));
        Assert.Equal(told.Measures, epochs[0].Measures);
        Assert.Equal([(0, "sharpness", 8), (1, "el2n", 80_000)], epochs[0].Findings.Select(found => (found.Epoch, found.Name, found.Values.Length)));
        Assert.Equal(Absences.NotDefinedBits, BitConverter.ToInt64(Assert.Single(epochs[1].Findings).Values));
        Assert.Empty(reader.Measured.Epochs(reader.Sweeps().Single(), 3));
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
    public void An_attempt_knows_its_longest_epoch_but_the_first_also_when_another_ended_the_trial()
    {
        Fold(Story.Told);

        var reader = new ReadModelReader(File);

        Assert.Equal([0.998, 0.998, null, null], reader.Attempts(reader.Sweeps()[0]).Select(row => row.LongestEpoch));
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
}
