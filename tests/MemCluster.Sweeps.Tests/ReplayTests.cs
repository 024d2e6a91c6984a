using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

public sealed class ReplayTests
{
    private static readonly TrialOutcome End = new(
        TrialState.Finished, 3, ImmutableSortedDictionary<string, double>.Empty.Add(MeasureNames.ValidationAccuracyBest, 0.5), "000000000000000a");

    [Fact]
    public void What_came_out_as_recorded_has_no_difference()
    {
        var replay = Replayed(3, epoch => epoch, End);

        Assert.Empty(replay.Differences);
        Assert.Equal(3, replay.Epochs);
        Assert.False(replay.IsOver);
    }

    [Fact]
    public void Weights_that_differ_end_the_replay_at_their_epoch()
    {
        var replay = new Replay([Row(1), Row(2), Row(3)], End);
        replay.Hear(Epoch(1));
        Assert.False(replay.IsOver);

        replay.Hear(Epoch(2) with { Weights = "ffffffffffffffff" });

        Assert.True(replay.IsOver);
        Assert.Equal([new(2, "weights", "0000000000000002", "ffffffffffffffff")], replay.Differences);
    }

    [Fact]
    public void One_bit_of_a_number_is_a_difference_that_two_texts_show_and_the_replay_goes_on()
    {
        var other = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(0.25) + 1);

        var replay = Replayed(3, epoch => epoch.Epoch == 2 ? With(epoch, MeasureNames.TrainAccuracy, other) : epoch, End);

        Assert.Equal([new(2, MeasureNames.TrainAccuracy, "0.25", "0.25000000000000006")], replay.Differences);
        Assert.False(replay.IsOver);
        Assert.Equal(3, replay.Epochs);
    }

    [Fact]
    public void Zero_and_minus_zero_are_two_numbers()
    {
        var difference = Assert.Single(ReplayComparison.Of(RowOf(With(Epoch(1), MeasureNames.TrainLoss, 0.0)), With(Epoch(1), MeasureNames.TrainLoss, -0.0)));

        Assert.Equal(("0", "-0"), (difference.Recorded, difference.Replayed));
    }

    [Fact]
    public void NaN_is_NaN_whatever_its_bits_but_not_another_word()
    {
        var (mine, yours) = (BitConverter.Int64BitsToDouble(0x7FF8000000000000), BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8000000000001)));
        Assert.Empty(ReplayComparison.Of(RowOf(With(Epoch(1), MeasureNames.TrainLoss, mine)), With(Epoch(1), MeasureNames.TrainLoss, yours)));
        Assert.Empty(ReplayComparison.Of([Finding.OfNumber(1, "gini", mine)], [Finding.OfNumber(1, "gini", yours)]));

        var difference = Assert.Single(ReplayComparison.Of([Finding.OfNumber(1, "gini", mine)], [Finding.OfNumber(1, "gini", Absences.NotDefined)]));

        Assert.Equal(new(1, "gini", "came out NaN", "not defined"), difference);
    }

    [Fact]
    public void Infinities_have_a_sign()
    {
        var difference = Assert.Single(ReplayComparison.Of(
            RowOf(With(Epoch(1), MeasureNames.ValidationLoss, double.PositiveInfinity)), With(Epoch(1), MeasureNames.ValidationLoss, double.NegativeInfinity)));

        Assert.Equal(("infinite", "-infinite"), (difference.Recorded, difference.Replayed));
    }

    [Fact]
    public void Of_an_array_each_entry_is_compared_and_named()
    {
        Assert.Equal(
            [new(1, "el2n[1]", "0.2", "0.3")],
            ReplayComparison.Of([Finding.OfSingles(1, "el2n", [0.1, 0.2, double.NaN])], [Finding.OfSingles(1, "el2n", [0.1, 0.3, double.NaN])]));
        Assert.Equal(
            [new(1, "kept[2]", "1", "0")],
            ReplayComparison.Of([Finding.OfBits(1, "kept", [true, false, true])], [Finding.OfBits(1, "kept", [true, false, false])]));
        Assert.Equal(
            [new(1, "el2n", "8 bytes of float32", "4 bytes of float32")],
            ReplayComparison.Of([Finding.OfSingles(1, "el2n", [0.1, 0.2])], [Finding.OfSingles(1, "el2n", [0.1])]));
    }

    [Fact]
    public void What_was_found_before_training_is_compared_whenever_it_is_told_and_missed_at_the_end()
    {
        var recorded = (EpochRow[])[Row(1, Finding.OfNumber(0, "sharpness", 7), Finding.OfBits(0, "corrupted", [true, false])), Row(2, Finding.OfNumber(2, "sharpness", 1))];
        var replay = new Replay(recorded, End);
        replay.Hear(Epoch(1));
        replay.Hear(Epoch(2, Finding.OfNumber(0, "sharpness", 8), Finding.OfNumber(2, "sharpness", 1)));
        Assert.Equal([new(0, "sharpness", "7", "8")], replay.Differences);

        replay.End(End);

        Assert.Equal(new(0, "corrupted", "1 bytes of bits", "nothing"), replay.Differences[^1]);
        Assert.Equal(2, replay.Differences.Count);
    }

    [Fact]
    public void What_only_one_of_the_two_has_is_a_difference()
    {
        Assert.Equal([new(1, "gini", "nothing", "0.5")], ReplayComparison.Of([], [Finding.OfNumber(1, "gini", 0.5)]));
        Assert.Equal([new(1, "gini", "0.5", "nothing")], ReplayComparison.Of([Finding.OfNumber(1, "gini", 0.5)], []));
        var fewer = Row(1) with { Measures = [.. MeasureNames.Epoch[..^1]], Values = Row(1).Values[..^sizeof(double)] };
        Assert.Equal([new(1, MeasureNames.ValidationAccuracy, "nothing", "0.25")], ReplayComparison.Of(fewer, Epoch(1)));
        Assert.Equal([new(4, "weights", "nothing", "0000000000000004")], ReplayComparison.Of(null, Epoch(4)));
    }

    [Fact]
    public void An_outcome_is_compared_with_its_words()
    {
        var replayed = new TrialOutcome(TrialState.Diverged, 2, ImmutableSortedDictionary<string, double>.Empty.Add(MeasureNames.ConvergenceEpoch, 2), "000000000000000b")
        {
            Absent = Absences.None.Add(MeasureNames.ValidationAccuracyBest, Absence.NotDefined),
        };

        Assert.Equal(
            [
                new(null, "state", "finished", "diverged"), new(null, "epochs", "3", "2"), new(null, "weights", "000000000000000a", "000000000000000b"),
                new(null, MeasureNames.ConvergenceEpoch, "nothing", "2"), new(null, MeasureNames.ValidationAccuracyBest, "0.5", "not defined"),
            ],
            ReplayComparison.Of(End, replayed));
    }

    [Fact]
    public void Ten_differences_are_enough()
    {
        var replay = new Replay([.. Enumerable.Range(1, 20).Select(epoch => Row(epoch))], End);
        for (var epoch = 1; !replay.IsOver; epoch++)
        {
            replay.Hear(With(With(With(Epoch(epoch), MeasureNames.TrainLoss, 1), MeasureNames.TrainAccuracy, 1), MeasureNames.ValidationLoss, 1));
        }

        Assert.Equal(Replay.MostDifferences, replay.Differences.Count);
        Assert.Equal(4, replay.Epochs);
    }

    private static Replay Replayed(int epochs, Func<EpochMeasures, EpochMeasures> change, TrialOutcome end)
    {
        var replay = new Replay([.. Enumerable.Range(1, epochs).Select(epoch => Row(epoch))], End);
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            replay.Hear(change(Epoch(epoch)));
        }

        replay.End(end);
        return replay;
    }

    /// <summary>Without corrupted examples, so that two numbers are none.</summary>
    private static EpochMeasures Epoch(int epoch, params Finding[] found) => new(
        epoch,
        [.. MeasureNames.Epoch.Select(name => name is MeasureNames.TrainAccuracyCorrupted or MeasureNames.TrainAccuracyCorruptedTrue ? double.NaN : 0.25)],
        $"{epoch:x16}")
    {
        Findings = found,
    };

    private static EpochMeasures With(EpochMeasures epoch, string name, double value) =>
        epoch with { Values = epoch.Values.SetItem(MeasureNames.Epoch.IndexOf(name), value) };

    private static EpochRow Row(int epoch, params Finding[] found) => RowOf(Epoch(epoch, found));

    private static EpochRow RowOf(EpochMeasures epoch) => new(
        1, 2, epoch.Epoch, epoch.Weights, MeasureNames.Epoch, MemoryMarshal.AsBytes(epoch.Values.AsSpan()).ToArray(), epoch.Findings);
}
