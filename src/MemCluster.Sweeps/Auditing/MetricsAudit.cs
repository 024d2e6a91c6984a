using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Reads what a sweep's trials measured: every epoch of the attempt that ended a trial is there once and in order, its final measures are those that
/// follow from them, two attempts of one trial never had other weights after the same epoch, and weights that are kept are those of their epoch.
/// </summary>
/// <param name="control">Read to its end.</param>
public sealed class MetricsAudit(SweepId sweep, string stream, ControlAudit control)
{
    private readonly List<AuditFinding> _findings = [];
    private readonly Dictionary<TrialKey, int> _last = [];
    private readonly Dictionary<int, List<EpochMeasures>> _epochs = [];
    private readonly Dictionary<int, List<Finding>> _found = [];
    private readonly Dictionary<(int Trial, int Epoch), string> _weights = [];
    private readonly WeightsAudit _kept = new();
    private readonly HashSet<int> _doubtful = [.. control.Doubtful];
    private readonly HashSet<int> _proved = [];

    public IReadOnlyList<AuditFinding> Findings => _findings;

    public long Epochs { get; private set; }

    /// <summary>Trials with a result that is proved, from 1; known at the end of the stream.</summary>
    public IReadOnlySet<int> Proved => _proved;

    /// <inheritdoc cref="ControlAudit.Broken"/>
    public void Broken(long number, int? trial, string what)
    {
        if (trial is { } known)
        {
            _doubtful.Add(known);
        }

        _findings.Add(new(sweep, trial, $"{stream} {number}", what, AuditRemedy.Salvage));
    }

    public void Take(long number, IMessage happened)
    {
        switch (happened)
        {
            case TrialMeasured batch:
                Take(number, batch);
                break;
            case TrialFound batch when Ends(batch.Key, batch.Trial):
                var found = _found.TryGetValue(batch.Trial, out var list) ? list : _found[batch.Trial] = [];
                found.AddRange(batch.Parts.Where(part => part.Form == FindingForms.Number).Select(part => new Finding(part.Epoch, part.Name, part.Form, part.Values)));
                foreach (var part in batch.Parts.Where(part => part.Form == FindingForms.Weights))
                {
                    _kept.Take(batch.Trial, part);
                }

                break;
        }
    }

    /// <summary>To be asked at the end of the stream.</summary>
    /// <param name="head">Its last event.</param>
    public void End(StreamHead head)
    {
        foreach (var (trial, finished) in control.Results.OrderBy(result => result.Key))
        {
            if (finished.Measured is { } measured && measured.Number > head.Number)
            {
                if (_doubtful.Add(trial))
                {
                    _findings.Add(new(
                        sweep, trial, $"{stream} {head.Number + 1}", $"Events {head.Number + 1} to {measured.Number} were there when trial {trial} ended, and are gone.", AuditRemedy.Salvage));
                }
            }
            else if (!_doubtful.Contains(trial) && Wrong(trial, finished) is { } what)
            {
                _doubtful.Add(trial);
                _findings.Add(new(sweep, trial, stream, what, AuditRemedy.Salvage));
            }

            if (!_doubtful.Contains(trial))
            {
                _proved.Add(trial);
            }
        }
    }

    private void Take(long number, TrialMeasured batch)
    {
        var last = _last.GetValueOrDefault(batch.Key);
        if (batch.FirstEpoch != last + 1 && _doubtful.Add(batch.Trial))
        {
            _findings.Add(new(
                sweep, batch.Trial, $"{stream} {number}", $"Attempt {batch.Key.Attempt} of trial {batch.Trial} goes on with epoch {batch.FirstEpoch} after epoch {last}.", AuditRemedy.Salvage));
        }

        _last[batch.Key] = batch.LastEpoch;
        Epochs += batch.Weights.Count;
        var ends = Ends(batch.Key, batch.Trial);
        var epochs = ends ? _epochs.TryGetValue(batch.Trial, out var list) ? list : _epochs[batch.Trial] = [] : null;
        var values = MemoryMarshal.Cast<byte, double>(batch.Values);
        for (var row = 0; row < batch.Weights.Count; row++)
        {
            Compare(number, batch, batch.FirstEpoch + row, batch.Weights[row]);
            epochs?.Add(new(batch.FirstEpoch + row, InOrder(batch.Measures, values.Slice(row * batch.Measures.Count, batch.Measures.Count)), batch.Weights[row]));
        }
    }

    private void Compare(long number, TrialMeasured batch, int epoch, string weights)
    {
        if (!_weights.TryAdd((batch.Trial, epoch), weights) && _weights[(batch.Trial, epoch)] is var other && other != weights && _doubtful.Add(batch.Trial))
        {
            _findings.Add(new(
                sweep, batch.Trial, $"{stream} {number}",
                $"Trial {batch.Trial} forked: after epoch {epoch} an earlier attempt had weights {other}, attempt {batch.Key.Attempt} has {weights}.", AuditRemedy.Replay));
        }
    }

    private bool Ends(TrialKey key, int trial) => control.Results.TryGetValue(trial, out var finished) && finished.Key == key;

    private string? Wrong(int trial, SweepEvent.TrialFinished finished)
    {
        var (outcome, epochs) = (finished.Outcome, _epochs.GetValueOrDefault(trial) ?? []);
        if (epochs.Count < outcome.Epochs)
        {
            return $"Trial {trial} ended after {outcome.Epochs} epochs, of which {epochs.Count} are there.";
        }

        if (outcome.Epochs == 0)
        {
            return null;
        }

        // All findings were told with some epoch; the last of a name counts, whichever epoch that was.
        var told = epochs.Take(outcome.Epochs).ToList();
        told[0] = told[0] with { Findings = _found.GetValueOrDefault(trial) ?? [] };
        var again = TrialOutcomes.Fold(outcome.State, told, "");
        return again.Weights != outcome.Weights ? $"Trial {trial} ended with weights {outcome.Weights}, but those of its last epoch are {again.Weights}."
            : Difference(outcome, again) is { } name ? $"Trial {trial} says that its {name} is {Value(outcome, name)}; from its epochs it is {Value(again, name)}."
            : _kept.Wrong(trial, epoch => _weights.GetValueOrDefault((trial, epoch)));
    }

    private static string? Difference(TrialOutcome told, TrialOutcome again) => told.Measures.Keys.Concat(again.Measures.Keys)
        .Concat(told.Absent?.Keys ?? []).Concat(again.Absent?.Keys ?? [])
        .FirstOrDefault(name => Value(told, name) != Value(again, name));

    private static string Value(TrialOutcome outcome, string name) =>
        outcome.Measures.TryGetValue(name, out var number) ? number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)
        : outcome.Absent?.TryGetValue(name, out var word) == true ? word.ToString()
        : "not told";

    /// <summary>A measure that a version did not know is no number.</summary>
    private static ImmutableArray<double> InOrder(IReadOnlyList<string> names, ReadOnlySpan<double> values)
    {
        if (names.SequenceEqual(MeasureNames.Epoch))
        {
            return [.. values];
        }

        var all = new double[MeasureNames.Epoch.Length];
        Array.Fill(all, double.NaN);
        for (var column = 0; column < names.Count; column++)
        {
            if (MeasureNames.Epoch.IndexOf(names[column]) is var place and >= 0)
            {
                all[place] = values[column];
            }
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(all);
    }
}
