using MemCluster.Messages;

namespace MemCluster.Sweeps.Claims;

/// <summary>The numbers of a sweep's trials that its claims and figures need, and nothing else: a sweep may have millions of rows.</summary>
public sealed class Observations
{
    private readonly TrialState[] _states;
    private readonly int[] _epochs;
    private readonly Dictionary<MeasureRef, double[]> _values;

    /// <summary>Numbers that were measured and are not finite: few, beside the values of millions of rows.</summary>
    private readonly Dictionary<(MeasureRef, int), Missing> _absent;

    private readonly Func<int, TrialScale>? _scaleOf;

    private Observations(
        TrialState[] states, int[] epochs, Dictionary<MeasureRef, double[]> values, Dictionary<(MeasureRef, int), Missing> absent, Func<int, TrialScale>? scaleOf) =>
        (_states, _epochs, _values, _absent, _scaleOf) = (states, epochs, values, absent, scaleOf);

    /// <param name="place">Of the trial in the grid, from 0.</param>
    public Quantity Of(MeasureRef measure, int place)
    {
        switch (_states[place])
        {
            case TrialState.Spare:
                return Quantity.Absent(Missing.NotAsked);
            case TrialState.Pending or TrialState.Running:
                return Quantity.Absent(Missing.Pending);
            case TrialState.Diverged:
                return OfDiverged(measure, place);
            case not TrialState.Finished:
                return Quantity.Absent(Missing.NoResult);
        }

        if (_values.TryGetValue(measure, out var values) && double.IsFinite(values[place]))
        {
            return Quantity.Exactly(values[place]) with { Step = _scaleOf?.Invoke(place).StepOf(measure.Measure) ?? 0 };
        }

        if (_absent.TryGetValue((measure, place), out var why))
        {
            return Quantity.Absent(why);
        }

        // A time that was not reached is known to be longer than the trial.
        return IsTime(measure) ? Quantity.AtLeast(_epochs[place]) : Quantity.Absent(Missing.NotMeasured);
    }

    /// <summary>The trial at this place has a result, or will never have one.</summary>
    public bool HasEnded(int place) => _states[place] is not (TrialState.Pending or TrialState.Running or TrialState.Waiting or TrialState.Spare);

    /// <summary>
    /// A diverged network is no seed to be left out: that it diverged is what its settings did, and what is left would look better than it is. It reaches nothing more,
    /// and guesses; its best epoch may have been better than that, and of other measures nothing is known.
    /// </summary>
    private Quantity OfDiverged(MeasureRef measure, int place)
    {
        if (IsTime(measure))
        {
            return Quantity.AtLeast(_epochs[place]);
        }

        var chance = _scaleOf?.Invoke(place).Chance ?? 0;
        return !MeasureNames.IsShare(measure.Measure) ? Quantity.Unknown
            : measure.Measure is MeasureNames.TrainAccuracy or MeasureNames.ValidationAccuracyLast or MeasureNames.ValidationAccuracy && measure.At is At.Final or At.Last
                ? Quantity.Exactly(chance)
            : new(0, 1);
    }

    /// <summary>A final measure of one row, by the same rules.</summary>
    public static Quantity Of(TrialRow row, MeasureRef measure)
    {
        var builder = new Builder(1, [measure]);
        builder.Add(row with { Trial = 1 });
        return builder.Build().Of(measure, 0);
    }

    /// <summary>Measures that a trial may end without having reached.</summary>
    public static bool IsTime(MeasureRef measure) =>
        measure is { Measure: MeasureNames.ConvergenceEpoch, At: At.Final } or { At: At.FirstAtLeast or At.FirstAtMost };

    /// <summary>Takes a sweep's rows as they come: first all trials, then all measures, both in order.</summary>
    public sealed class Builder
    {
        private readonly TrialState[] _states;
        private readonly int[] _epochs;
        private readonly Dictionary<MeasureRef, double[]> _values = [];
        private readonly Dictionary<(MeasureRef, int), Missing> _absent = [];
        private readonly MeasureRef[] _final;
        private readonly MeasureRef[] _byEpoch;
        private readonly Dictionary<string, List<EpochValue>> _curves = [];
        private int _trial;

        private readonly Func<int, TrialScale>? _scaleOf;

        /// <param name="scaleOf">What a trial's accuracies are counted over, by its place; null where nobody knows.</param>
        public Builder(int trials, IEnumerable<MeasureRef> needed, Func<int, TrialScale>? scaleOf = null)
        {
            (_states, _epochs, _scaleOf) = (new TrialState[trials], new int[trials], scaleOf);
            Array.Fill(_states, TrialState.Spare); // A trial without a row is none that was asked for.
            foreach (var measure in needed.Distinct())
            {
                var values = new double[trials];
                Array.Fill(values, double.NaN);
                _values.Add(measure, values);
            }

            _final = [.. _values.Keys.Where(measure => measure.At == At.Final)];
            _byEpoch = [.. _values.Keys.Where(measure => measure.At != At.Final)];
            foreach (var name in _byEpoch.Select(measure => measure.Measure).Append(MeasureNames.ValidationAccuracy).Distinct())
            {
                _curves.Add(name, []);
            }
        }

        public void Add(TrialRow row)
        {
            var place = row.Trial - 1;
            (_states[place], _epochs[place]) = (row.State, row.Epochs);
            foreach (var measure in _final)
            {
                Note(measure, place, row.Measures.TryGetValue(measure.Measure, out var value) ? value : null, row.Absent?.GetValueOrDefault(measure.Measure) ?? default);
            }
        }

        public void Add(MeasureRow row)
        {
            if (row.Trial != _trial)
            {
                EndTrial();
                _trial = row.Trial;
            }

            if (_curves.TryGetValue(row.Measure, out var curve))
            {
                curve.Add(new(row.Epoch, row.Value, row.Absent ?? default));
            }
        }

        public Observations Build()
        {
            EndTrial();
            return new(_states, _epochs, _values, _absent, _scaleOf);
        }

        /// <param name="absent">Why there is no value; none of the words where it was not measured, or not reached.</param>
        private void Note(MeasureRef measure, int place, double? value, Absence absent)
        {
            _values[measure][place] = value ?? double.NaN;
            if (absent == default)
            {
                _absent.Remove((measure, place));
            }
            else
            {
                _absent[(measure, place)] = Quantity.MissingOf(absent);
            }
        }

        private void EndTrial()
        {
            if (_trial > 0)
            {
                var validation = _curves[MeasureNames.ValidationAccuracy].Where(point => point.Value is not null).ToArray();
                var best = validation.Length == 0 ? 0 : validation.MaxBy(point => point.Value).Epoch; // The first maximum wins.
                foreach (var measure in _byEpoch)
                {
                    var (value, absent) = EpochReduction.Of(measure, _curves[measure.Measure], best);
                    Note(measure, _trial - 1, value, absent);
                }
            }

            foreach (var curve in _curves.Values)
            {
                curve.Clear();
            }
        }
    }
}
