using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>One trial from its settings to its outcome.</summary>
public static class TrialRun
{
    /// <summary>
    /// Trains and measures. Blocks; call it on a thread of its own, whose number of tensor threads it sets. The outcome and every word to
    /// <paramref name="report"/> depend on the settings (and the data, and the instruction set) alone.
    /// </summary>
    /// <param name="report">Called on this thread after each epoch, in order.</param>
    /// <param name="clock">What a <c>sleep</c> trial waits by; nothing else asks it.</param>
    /// <param name="stop">Asked before every batch.</param>
    /// <param name="course">Where it goes on from: that is reported again first. It changes no bit of the outcome.</param>
    /// <param name="kept">Which training examples are kept, as <see cref="KeptBits"/>, where the settings leave some out by scores of other trials.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    /// <exception cref="DataProblem">The data is missing, damaged or too small.</exception>
    /// <exception cref="InvalidOperationException">The machine can't compute as the settings ask, or an operation failed; the same settings would fail again.</exception>
    public static TrialOutcome Run(
        TrialSettings settings, DataSource data, Action<EpochMeasures> report, TimeProvider clock, CancellationToken stop, TrialCourse? course = null,
        byte[]? kept = null)
    {
        course ??= TrialCourse.Whole;
        var keeping = new TrialKeeping(course, clock, report);
        if (settings.Network.Kind == NetworkSettings.Sleep)
        {
            return SleepWorkload.Run(settings, time => Task.Delay(time, clock, stop).GetAwaiter().GetResult(), keeping, stop);
        }

        if (NumericsPin.Pin(settings.Numerics.InstructionSet) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        stop.ThrowIfCancellationRequested();
        var whole = Corruption.Of(settings, data);
        var (corrupted, told) = Pruning.Apply(whole, settings, kept);
        try
        {
            return Train(settings, corrupted, settings.Measures?.HeldOut is null ? null : whole, told, keeping, course, stop);
        }
        catch (ExternalException failure)
        {
            // Below its first line stand C++ frames.
            throw new InvalidOperationException("libtorch: " + failure.Message.Split('\n')[0], failure);
        }
    }

    // Never inlined: its torch types must not be looked at, hence loaded, on the way to a sleep.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TrialOutcome Train(
        TrialSettings settings, CorruptedData data, CorruptedData? all, IReadOnlyList<Finding> told, TrialKeeping keeping, TrialCourse course, CancellationToken stop)
    {
        // A thread that is new starts at the machine's default; sums over several threads have other bits.
        set_num_threads(settings.Numerics.Threads);
        PoisonedMemory.BeginIfAsked();
        using var scope = NewDisposeScope();
        var type = settings.Numerics.Precision switch
        {
            "float32" => ScalarType.Float32,
            "float64" => ScalarType.Float64,
            var other => throw new ArgumentException($"'{other}' is no precision. There are: float32, float64.", nameof(settings)),
        };
        var train = TensorData.Train(data, type);
        var validation = TensorData.Validation(data, type);
        var whole = all is null ? null : WholeSet.Of(all, told, type);
        var network = NetworkKinds.Create(settings.Network, data.Card, new Seeds(settings.Seed), type);
        var initial = WeightsDigest.Of(network);
        var learner = Learner.Of(settings, network, train.PixelUnits);

        // The measures need the labels only; the arrays of pixels may go.
        var labels = data with { Images = [], ValidationImages = [] };
        var measurements = new Measurements(settings, labels, whole?.Labels);
        var weights = new WeightsKeeping(course.Keep, network);
        IReadOnlyList<Finding> before = [];
        if (keeping.From is { } from)
        {
            TensorMemory.Restore(network, learner.Optimizer, from.Tensors);
            measurements.GoOn(from);
            weights.GoOn(from);
        }
        else
        {
            before = [.. told, .. TakeMeasures(0, isLast: false)];
        }

        keeping.Begin();
        var state = keeping.IsOver(settings.Training)
            ? TrialState.Finished
            : TrainingLoop.Train(settings, learner, train, Measure, keeping.Note, stop, keeping.Epoch, () => keeping.Between(Take));
        foreach (var kept in weights.Rest())
        {
            course.Found(kept);
        }

        return TrialOutcomes.Fold(state, keeping.Numbers, initial);

        (IReadOnlyList<byte[]>, IReadOnlyDictionary<string, double[]>?, Finding?) Take() =>
            (TensorMemory.Take(network, learner.Optimizer), measurements.Tally, weights.Best);

        EpochMeasures Measure(int epoch)
        {
            var measures = Measures.After(
                epoch, labels, Scoring.Of(network, train, stop), Scoring.Of(network, validation, stop), WeightsDigest.Of(network));
            var isLast = Measures.IsLast(measures, settings.Training);
            return Measures.AreFinite(measures)
                ? measures with { Findings = [.. epoch == 1 ? before : [], .. TakeMeasures(epoch, isLast), .. weights.After(measures, isLast)] }
                : measures;
        }

        IReadOnlyList<Finding> TakeMeasures(int epoch, bool isLast) => measurements.Any
            ? measurements.Take(new Moment(epoch, settings, learner, train, validation, labels, stop) { Whole = whole }, isLast)
            : [];
    }
}
