using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>Reads what trials measured, out of the read model's rows.</summary>
internal sealed class MeasureReader(string file)
{
    /// <summary>Epoch measures and what the spec's own measures found, together in the order of trials and epochs; of the grid's trials only.</summary>
    public IEnumerable<MeasureRow> Rows(SweepRow sweep)
    {
        using var found = Found(sweep).GetEnumerator();
        var more = found.MoveNext();
        foreach (var row in EpochMeasures(sweep))
        {
            for (; more && (found.Current.Trial, found.Current.Epoch).CompareTo((row.Trial, row.Epoch)) < 0; more = found.MoveNext())
            {
                yield return found.Current;
            }

            yield return row;
        }

        for (; more; more = found.MoveNext())
        {
            yield return found.Current;
        }
    }

    /// <summary>Whole arrays, by trial, epoch and name, of the attempt that speaks for the trial; an array whose last part has not come yet is left out.</summary>
    /// <param name="trial">Only of this one; null: of all.</param>
    public IEnumerable<TrialArray> Arrays(SweepRow sweep, int? trial) => Whole(sweep, trial, $"form NOT IN ('{FindingForms.Number}', '{FindingForms.Weights}')");

    /// <summary>Weights that a trial has kept, by epoch.</summary>
    public IEnumerable<TrialArray> Weights(SweepRow sweep, int trial) => Whole(sweep, trial, $"form = '{FindingForms.Weights}'");

    /// <summary>One trial's epochs with all that was found at them but the weights, of trials that compute scores too; while it runs, those of all its attempts so far.</summary>
    public IEnumerable<EpochRow> Epochs(SweepRow sweep, int trial)
    {
        var found = Whole(sweep, trial, $"form <> '{FindingForms.Weights}'").ToLookup(one => Math.Max(1, one.Found.Epoch), one => one.Found);
        using var connection = ReadModelSchema.OpenForReading(file);
        foreach (var row in connection!.Rows(
            "SELECT attempt, epoch, weights, names, numbers FROM epochs JOIN measure_sets ON id = measure_set WHERE sweep = $a AND trial = $b ORDER BY epoch", sweep.Id, trial))
        {
            yield return new(trial, row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetString(3).Split(' '), (byte[])row.GetValue(4), [.. found[row.GetInt32(1)]]);
        }
    }

    private IEnumerable<TrialArray> Whole(SweepRow sweep, int? trial, string which)
    {
        using var connection = ReadModelSchema.OpenForReading(file);
        var (open, filled) = ((TrialArray?)null, 0);
        foreach (var row in connection!.Rows(
            $"SELECT trial, epoch, name, form, length, first, bytes FROM {OfLastAttempt} WHERE sweep = $a AND {which} AND ($b = 0 OR trial = $b) ORDER BY trial, epoch, name, first",
            sweep.Id, trial ?? 0))
        {
            var (of, first, bytes) = (row.GetInt32(0), row.GetInt32(5), (byte[])row.GetValue(6));
            if (first == 0)
            {
                (open, filled) = (new(of, new(row.GetInt32(1), row.GetString(2), row.GetString(3), new byte[row.GetInt32(4)])), 0);
            }

            if (open is not null && filled == first)
            {
                bytes.CopyTo(open.Found.Values, first);
                filled += bytes.Length;
                if (filled == open.Found.Values.Length)
                {
                    yield return open;
                    open = null;
                }
            }
        }
    }

    /// <summary>
    /// A trial that was lost and is trained again has findings of several attempts; the last begun counts, as of epochs the last written. Asked once for
    /// all trials: asked for each row, the time grew with the square of what a trial found.
    /// </summary>
    internal const string OfLastAttempt = """
        findings JOIN (SELECT trial AS whose, max(attempt) AS last FROM findings WHERE sweep = $a GROUP BY trial) ON trial = whose AND attempt = last
        """;

    private IEnumerable<MeasureRow> Found(SweepRow sweep)
    {
        using var connection = ReadModelSchema.OpenForReading(file);
        foreach (var row in connection!.Rows(
            $"SELECT trial, epoch, name, bytes FROM {OfLastAttempt} WHERE sweep = $a AND form = '{FindingForms.Number}' AND trial <= $b ORDER BY trial, epoch, name",
            sweep.Id, sweep.Places))
        {
            yield return MeasureRow.Of(row.GetInt32(0), row.GetInt32(1), row.GetString(2), BitConverter.ToDouble((byte[])row.GetValue(3)));
        }
    }

    private IEnumerable<MeasureRow> EpochMeasures(SweepRow sweep)
    {
        using var connection = ReadModelSchema.OpenForReading(file);
        var names = connection!.Rows("SELECT id, names FROM measure_sets").ToDictionary(row => row.GetInt64(0), row => row.GetString(1).Split(' '));
        foreach (var row in connection!.Rows("SELECT trial, epoch, measure_set, numbers FROM epochs WHERE sweep = $a AND trial <= $b ORDER BY trial, epoch", sweep.Id, sweep.Places))
        {
            var measures = names[row.GetInt64(2)];
            var numbers = MemoryMarshal.Cast<byte, double>((byte[])row.GetValue(3)).ToArray();
            for (var column = 0; column < measures.Length; column++)
            {
                if (Absences.OfEpoch(measures, numbers, column) != Absence.NotDefined)
                {
                    yield return MeasureRow.Of(row.GetInt32(0), row.GetInt32(1), measures[column], numbers[column]);
                }
            }
        }
    }

    /// <summary>Numbers that are not finite, by trial, epoch and measure, of the attempt that speaks for the trial; trials that compute scores are among them.</summary>
    /// <param name="trial">Only of this one; null: of all.</param>
    public IEnumerable<AbsenceRow> Absent(SweepRow sweep, int? trial)
    {
        using var connection = ReadModelSchema.OpenForReading(file);
        foreach (var row in connection!.Rows("""
                SELECT trial, epoch, name, form, word, sum(numbers) FROM absences WHERE sweep = $a AND ($b = 0 OR trial = $b) AND attempt = (
                    SELECT max(attempt) FROM attempts WHERE attempts.sweep = absences.sweep AND attempts.trial = absences.trial)
                GROUP BY trial, epoch, name, form, word ORDER BY trial, epoch, name, word
                """, sweep.Id, trial ?? 0))
        {
            yield return new(row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetString(3), (Absence)row.GetInt32(4), row.GetInt32(5));
        }
    }
}
