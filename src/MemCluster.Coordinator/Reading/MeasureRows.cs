using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Reading;

/// <summary>Folds what trials measured, the events of the streams beside the control streams, into rows.</summary>
internal sealed class MeasureRows(Statements statements, SweepKeys sweeps)
{
    private readonly Dictionary<string, long> _sets = [];

    public void Apply(TrialMeasured batch)
    {
        var sweep = sweeps.IdOf(batch.Key.Sweep);
        NoteAttempt(sweep, batch);

        if (IsOutspoken(sweep, batch.Trial, batch.Key.Attempt))
        {
            return;
        }

        var names = MeasureSet(string.Join(' ', batch.Measures));
        var width = batch.Measures.Count * sizeof(double);
        var numbers = MemoryMarshal.Cast<byte, double>(batch.Values.AsSpan()).ToArray();
        for (var row = 0; row < batch.Weights.Count; row++)
        {
            statements.Run("INSERT OR REPLACE INTO epochs VALUES ($a, $b, $c, $d, $e, $f, $g)",
                sweep, batch.Trial, batch.FirstEpoch + row, batch.Key.Attempt, names,
                batch.Values.AsSpan(row * width, width).ToArray(), batch.Weights[row]);
            for (var column = 0; column < batch.Measures.Count; column++)
            {
                // Over no examples nothing was measured: not a word for each epoch of each trial without noise.
                if (Absences.OfEpoch(batch.Measures, numbers.AsSpan(row * batch.Measures.Count, batch.Measures.Count), column) is { } word and not Absence.NotDefined)
                {
                    NoteAbsent(sweep, batch.Trial, batch.FirstEpoch + row, batch.Measures[column], batch.Key.Attempt, 0, FindingForms.Number, word, 1);
                }
            }
        }
    }

    /// <summary>
    /// While a coordinator works, the streams are not read at one moment: what an attempt measured may be read before its begin, which then finds a row. Else
    /// the rows would depend on which came first.
    /// </summary>
    private void NoteAttempt(long sweep, TrialMeasured batch)
    {
        var longest = Longest(batch);
        if (longest is not null || batch.Checkpoint is not null)
        {
            statements.Run(
                """
                INSERT INTO attempts VALUES ($a, $b, $c, '', $d, NULL, '', 0, NULL, $e, $f) ON CONFLICT (sweep, trial, attempt) DO UPDATE SET
                    longest_epoch = CASE WHEN $e IS NULL THEN longest_epoch ELSE max(coalesce(longest_epoch, 0), $e) END, checkpoint = coalesce($f, checkpoint)
                """,
                sweep, batch.Trial, batch.Key.Attempt, ControlRows.Text(batch.At), longest / 1000.0, batch.Checkpoint);
        }
    }

    /// <summary>Milliseconds; null if there is none but the first of the trial, whose time is the data's too.</summary>
    private static int? Longest(TrialMeasured batch) =>
        batch.Milliseconds?.Skip(batch.FirstEpoch == 1 ? 1 : 0).Select(took => (int?)took).Max();

    public void Apply(TrialFound batch)
    {
        var sweep = sweeps.IdOf(batch.Key.Sweep);
        if (IsOutspoken(sweep, batch.Trial, batch.Key.Attempt))
        {
            return;
        }

        foreach (var part in batch.Parts)
        {
            statements.Run("INSERT OR REPLACE INTO findings VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i)",
                sweep, batch.Trial, part.Epoch, part.Name, batch.Key.Attempt, part.From, part.Form, part.Length, part.Values);
            foreach (var (word, count) in Absences.In(part))
            {
                NoteAbsent(sweep, batch.Trial, part.Epoch, part.Name, batch.Key.Attempt, part.From, part.Form, word, count);
            }
        }
    }

    private void NoteAbsent(long sweep, int trial, int epoch, string name, int attempt, int first, string form, Absence word, int numbers) =>
        statements.Run("INSERT OR REPLACE INTO absences VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i)", sweep, trial, epoch, name, attempt, first, form, (int)word, numbers);

    /// <summary>An earlier attempt may have measured epochs that the one which ended the trial had not; only one attempt speaks for a trial.</summary>
    public void KeepOnly(long sweep, int trial, int attempt)
    {
        statements.Run("DELETE FROM epochs WHERE sweep = $a AND trial = $b AND attempt <> $c", sweep, trial, attempt);
        statements.Run("DELETE FROM findings WHERE sweep = $a AND trial = $b AND attempt <> $c", sweep, trial, attempt);
        statements.Run("DELETE FROM absences WHERE sweep = $a AND trial = $b AND attempt <> $c", sweep, trial, attempt);
    }

    /// <summary>Another attempt has ended the trial and alone speaks for it; what this one measured was read from the journal after that.</summary>
    private bool IsOutspoken(long sweep, int trial, int attempt) => statements.Run(
        "SELECT 1 FROM attempts WHERE sweep = $a AND trial = $b AND attempt > $c AND ended_at IS NOT NULL AND seconds IS NOT NULL", sweep, trial, attempt) is not null;

    private long MeasureSet(string names)
    {
        if (!_sets.TryGetValue(names, out var id))
        {
            statements.Run("INSERT OR IGNORE INTO measure_sets (names) VALUES ($a)", names);
            id = (long)statements.Run("SELECT id FROM measure_sets WHERE names = $a", names)!;
            _sets[names] = id;
        }

        return id;
    }
}
