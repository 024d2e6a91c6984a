using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Reading;

/// <summary>Reads the read model's rows, beside its writer and in any process. Each question opens its own connection.</summary>
internal sealed class ReadModelReader(string file)
{
    public MeasureReader Measured { get; } = new(file);

    public IReadOnlyList<SweepRow> Sweeps() => Sweeps("1");

    public SweepRow? Find(SweepId sweep) => Sweeps("sweep = $a", sweep.Name).FirstOrDefault();

    private List<SweepRow> Sweeps(string which, params object[] parameters)
    {
        using var connection = ReadModelSchema.OpenForReading(file);
        if (connection is null)
        {
            return [];
        }

        var sweeps = new List<SweepRow>();
        foreach (var row in connection.Rows($"SELECT id, sweep, spec, numerics, trials, submitted_at, hold, priority, problem, journal_lost, asked, settled FROM sweeps WHERE {which} ORDER BY id", parameters))
        {
            var (id, sweep) = (row.GetInt64(0), new SweepId(row.GetString(1)));
            var (spec, why) = SpecOf(sweep, row.GetString(2), row.GetString(8));
            var asked = spec?.Replicates is null ? null : AskedOf(row.GetString(10), spec);
            var settled = asked is not null && row.GetInt32(11) == 1;
            sweeps.Add(new(
                id, sweep, spec, row.GetString(3),
                Counts(connection, id, row.GetInt32(4), settled ? asked!.Sum() : row.GetInt32(4), spec is not null && Grid.Prunes(spec) ? new Grid(spec).ScoringCount : 0),
                Time(row.GetString(5)), row.GetString(6), row.GetInt32(7), row.GetInt32(9), why)
            {
                Places = row.GetInt32(4),
                Asked = asked,
                IsSettled = settled,
            });
        }

        return sweeps;
    }

    private static int[] AskedOf(string runs, SweepSpec spec) =>
        SeedsOf.Each(runs.Length == 0 ? [] : JsonSerializer.Deserialize<SeedsOf[]>(runs, MessageJson.Options)!, new Grid(spec).Configurations);

    /// <param name="problem">Why its stream was not read to its end; empty if it was.</param>
    private static (SweepSpec? Spec, string? Unreadable) SpecOf(SweepId sweep, string text, string problem) => problem.Length > 0
        ? (null, $"{sweep} can't be read from the journal: {problem} Look through it with: memcluster journal check")
        : SpecBook.Shared.Of(text) switch
        {
            StoredSpec.Readable read => (read.Spec, null),
            StoredSpec.Unreadable not => (null, $"This version of memcluster can't read the spec of {sweep}: {not.Why}. Use the version that began it."),
            _ => throw new NotSupportedException(),
        };

    /// <summary>
    /// Every trial in grid order; those that nobody has touched are made from the spec. Those that no claim asked for are pending as long as one may, and then no trials.
    /// </summary>
    public IEnumerable<TrialRow> Trials(SweepRow sweep) => Trials(sweep, grid => (0, grid.Count)).Where(row => !sweep.IsSettled || sweep.IsAsked(row.Trial - 1));

    /// <summary>The trials that compute scores for others, likewise.</summary>
    public IEnumerable<TrialRow> Scores(SweepRow sweep) => Trials(sweep, grid => (grid.Count, grid.Count + grid.ScoringCount));

    private IEnumerable<TrialRow> Trials(SweepRow sweep, Func<Grid, (int From, int To)> places)
    {
        var grid = new Grid(sweep.Readable);
        var (next, end) = places(grid);
        using var connection = ReadModelSchema.OpenForReading(file);
        foreach (var row in connection!.Rows(
            "SELECT trial, state, epochs, measures, weights, absent FROM trials WHERE sweep = $a AND trial > $b AND trial <= $c ORDER BY trial", sweep.Id, next, end))
        {
            for (var place = row.GetInt32(0) - 1; next < place; next++)
            {
                yield return Row(grid, next, TrialState.Pending, 0, null, "");
            }

            yield return Row(grid, next, (TrialState)row.GetInt32(1), row.GetInt32(2), TextOf(row, 3), row.GetString(4), TextOf(row, 5));
            next++;
        }

        for (; next < end; next++)
        {
            yield return Row(grid, next, TrialState.Pending, 0, null, "");
        }
    }

    /// <summary>One trial with its attempts; it must be one of the sweep's.</summary>
    public TrialStory Trial(SweepRow sweep, int trial)
    {
        var grid = new Grid(sweep.Readable);
        using var connection = ReadModelSchema.OpenForReading(file);
        var row = connection!.Rows("SELECT state, epochs, measures, weights, absent FROM trials WHERE sweep = $a AND trial = $b", sweep.Id, trial)
            .Select(row => Row(grid, trial - 1, (TrialState)row.GetInt32(0), row.GetInt32(1), TextOf(row, 2), row.GetString(3), TextOf(row, 4)))
            .FirstOrDefault() ?? Row(grid, trial - 1, TrialState.Pending, 0, null, "");
        return new(
            row, grid.LabelAt(trial - 1), [.. Attempts(connection!, "sweep = $a AND trial = $b", sweep.Id, trial)], null,
            row.State != TrialState.Pending ? null
                : !sweep.IsAsked(trial - 1) ? sweep.IsSettled ? "no claim asked for this seed" : "no claim has asked for this seed yet"
                : WaitsForScores(connection!, sweep, grid, trial))
        {
            Absent = Measured.Absent(sweep, trial).ToArray() is { Length: > 0 } absent ? absent : null,
        };
    }

    private static string? WaitsForScores(SqliteConnection connection, SweepRow sweep, Grid grid, int trial)
    {
        int[] awaited = [.. grid.ScoresOf(trial - 1).Select(place => place + 1)
            .Where(score => !connection.Rows($"SELECT 1 FROM trials WHERE sweep = $a AND trial = $b AND state = {(int)TrialState.Finished}", sweep.Id, score).Any())];
        return awaited.Length == 0 ? null : $"its scores are computed by {(awaited.Length == 1 ? "trial" : "trials")} {string.Join(", ", awaited)} first";
    }

    /// <summary>
    /// Counted by the database: a trial's value on an axis follows from its place, so that nothing of a million rows comes here.
    /// </summary>
    public IReadOnlyList<AxisProgress> Progress(SweepRow sweep)
    {
        using var connection = ReadModelSchema.OpenForReading(file);
        var axes = sweep.Readable.Axes;
        var progress = new AxisProgress[axes.Length];
        var each = (long)sweep.Readable.Seeds.Count;
        for (var axis = axes.Length - 1; axis >= 0; axis--)
        {
            var values = axes[axis].Values;
            var ended = connection!.Rows(
                    $"SELECT ((trial - 1) / $b) % $c, count(*) FROM trials WHERE sweep = $a AND trial <= $d AND state > {(int)TrialState.Running} GROUP BY 1",
                    sweep.Id, each, values.Length, sweep.Places)
                .ToDictionary(row => row.GetInt32(0), row => row.GetInt32(1));
            progress[axis] = new(axes[axis].Name, [.. values.Select(
                (value, index) => new ValueProgress(value, TrialsOf(sweep, each / sweep.Readable.Seeds.Count, values.Length, index), ended.GetValueOrDefault(index)))]);
            each *= values.Length;
        }

        return progress;
    }

    /// <param name="each">Configurations that stand side by side with the same value of the axis.</param>
    private static int TrialsOf(SweepRow sweep, long each, int values, int index) => sweep.IsSettled
        ? sweep.Asked!.Where((_, configuration) => configuration / each % values == index).Sum() : sweep.Places / values;

    public IEnumerable<AttemptRow> Attempts(SweepRow sweep)
    {
        using var connection = ReadModelSchema.OpenForReading(file);
        foreach (var row in Attempts(connection!, "sweep = $a", sweep.Id))
        {
            yield return row;
        }
    }

    private static IEnumerable<AttemptRow> Attempts(SqliteConnection connection, string which, params object[] parameters)
    {
        // The word that an attempt failed, or was cancelled, does not say how far it came; its measures do, and they may be read from the journal after it.
        var question = $"""
            SELECT trial, attempt, trainer, assigned_at, ended_at, ended,
                CASE WHEN ended LIKE 'failed:%' OR ended = 'cancelled' THEN coalesce((
                    SELECT max(epoch) FROM epochs WHERE epochs.sweep = attempts.sweep AND epochs.trial = attempts.trial AND epochs.attempt = attempts.attempt), 0)
                ELSE epoch END,
                seconds, longest_epoch, checkpoint
            FROM attempts WHERE {which} ORDER BY trial, attempt
            """;
        foreach (var row in connection.Rows(question, parameters))
        {
            yield return new(
                row.GetInt32(0), row.GetInt32(1), row.GetString(2), Time(row.GetString(3)), row.IsDBNull(4) ? null : Time(row.GetString(4)),
                row.GetString(5), row.GetInt32(6), row.IsDBNull(7) ? null : row.GetDouble(7),
                row.IsDBNull(8) ? null : row.GetDouble(8), row.IsDBNull(9) ? null : row.GetInt32(9));
        }
    }

    /// <summary>
    /// Mean seconds of the finished attempts among the sweep's last thousand in grid order, which are handed out in that order: of a million, all would
    /// take a tenth of a second to read. Null when none is finished.
    /// </summary>
    public double? MeanSeconds(SweepRow sweep)
    {
        using var connection = ReadModelSchema.OpenForReading(file);
        return connection!.Rows("""
                SELECT avg(seconds) FROM (
                    SELECT seconds FROM attempts WHERE sweep = $a AND ended IN ('finished', 'diverged') ORDER BY trial DESC, attempt DESC LIMIT 1000)
                """, sweep.Id)
            .Select(row => row.IsDBNull(0) ? (double?)null : row.GetDouble(0))
            .First();
    }

    public IReadOnlyList<WorkTiming> Timings()
    {
        using var connection = ReadModelSchema.OpenForReading(file);
        return connection is null
            ? []
            : [.. connection.Rows("SELECT shape, trials, epochs, seconds FROM timings").Select(row => new WorkTiming(
                JsonSerializer.Deserialize<WorkShape>(row.GetString(0), MessageJson.Options)!, row.GetInt32(1), row.GetInt64(2), row.GetDouble(3)))];
    }

    /// <param name="places">Of the grid.</param>
    /// <param name="trials">Of these, trials of the sweep.</param>
    /// <param name="scoring">Behind it.</param>
    private static TrialCounts Counts(SqliteConnection connection, long sweep, int places, int trials, int scoring) =>
        Between(connection, sweep, 0, places, trials) with
        {
            Places = trials < places ? places : null,
            Scores = scoring == 0 ? null : Between(connection, sweep, places, places + scoring, scoring),
        };

    private static TrialCounts Between(SqliteConnection connection, long sweep, int from, int to, int trials)
    {
        var byState = connection.Rows("SELECT state, count(*) FROM trials WHERE sweep = $a AND trial > $b AND trial <= $c GROUP BY state", sweep, from, to)
            .ToDictionary(row => (TrialState)row.GetInt32(0), row => row.GetInt32(1));
        int Of(TrialState state) => byState.GetValueOrDefault(state);
        return new(
            trials, trials - byState.Values.Sum(), Of(TrialState.Running), Of(TrialState.Finished), Of(TrialState.Diverged),
            Of(TrialState.Failed), Of(TrialState.Cancelled));
    }

    private static TrialRow Row(Grid grid, int place, TrialState state, int epochs, string? measures, string weights, string? absent = null) => new(
        place + 1, grid.ValuesAt(place), grid.SeedAt(place), state, epochs,
        measures is null
            ? ImmutableSortedDictionary<string, double>.Empty
            : JsonSerializer.Deserialize<ImmutableSortedDictionary<string, double>>(measures, MessageJson.Options)!,
        weights, grid.CellAt(place).ToString())
    {
        Absent = absent is null ? null : JsonSerializer.Deserialize<ImmutableSortedDictionary<string, Absence>>(absent, MessageJson.Options),
    };

    private static string? TextOf(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
