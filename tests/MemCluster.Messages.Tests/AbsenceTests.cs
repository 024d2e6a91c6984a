using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MemCluster.Messages.Tests;

public sealed class AbsenceTests
{
    [Fact]
    public void The_bits_of_not_defined_are_in_journals_and_come_through_bytes_and_json_as_they_are()
    {
        var found = Finding.OfNumber(3, "gini", Absences.NotDefined);
        var word = new TrialFound(new(new("s"), default, 1), 1, 1, [.. FindingPart.Of(found)], default);
        var back = (TrialFound)MessageJson.Read(MessageJson.Write(word), "trial-found:1");

        Assert.Equal([0x66, 0x65, 0x64, 0x6E, 0x75, 0x00, 0xF8, 0x7F], back.Parts[0].Values);
        Assert.True(double.IsNaN(Absences.NotDefined));
        Assert.Equal(Absence.NotDefined, Absences.Of(new Finding(3, "gini", FindingForms.Number, back.Parts[0].Values).ToNumbers()[0]));
    }

    [Fact]
    public void What_arithmetic_makes_is_told_from_what_a_measure_says()
    {
        Assert.Null(Absences.Of(-1e308));
        Assert.Equal(Absence.Nan, Absences.Of(double.NaN));
        Assert.Equal(Absence.Nan, Absences.Of(Zero() / Zero()));
        Assert.Equal(Absence.Nan, Absences.Of(Math.Sqrt(-1 - Zero())));
        Assert.Equal(Absence.Infinite, Absences.Of(1 / Zero()));
        Assert.Equal(Absence.Infinite, Absences.Of(double.NegativeInfinity));
        Assert.Equal(Absence.NotDefined, Absences.Of(-Absences.NotDefined));
        Assert.Equal(["not defined", "came out NaN", "infinite"], Enum.GetValues<Absence>().Select(Absences.Words));

        // Computed when the test runs, by the processor.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static double Zero() => DateTime.MinValue.Ticks;
    }

    [Theory]
    [InlineData(MeasureNames.TrainAccuracyCorrupted, 0.5, double.NaN, 0.25, Absence.NotDefined)]
    [InlineData(MeasureNames.ValidationLoss, 0.5, double.NaN, double.NaN, Absence.NotDefined)]
    [InlineData(MeasureNames.ValidationLoss, 0.5, double.NaN, 0.25, Absence.Nan)]
    [InlineData(MeasureNames.ValidationLoss, 0.5, double.PositiveInfinity, 0.25, Absence.Infinite)]
    [InlineData("something_else", 0.5, double.NaN, double.NaN, Absence.NotDefined)]
    public void An_accuracy_of_no_examples_and_the_loss_over_them_are_not_defined_also_in_journals_without_a_word(
        string name, double train, double number, double validation, Absence word) => Assert.Equal(
        word, Absences.OfEpoch([MeasureNames.TrainAccuracy, name, MeasureNames.ValidationAccuracy], [train, number, validation], 1));

    [Fact]
    public void Arrays_are_counted_by_word_and_never_is_a_number_where_the_measure_means_it()
    {
        double[] scores = [1, double.NaN, double.PositiveInfinity, double.PositiveInfinity, 1e300];

        Assert.Equal([(Absence.Nan, 1), (Absence.Infinite, 1)], Of(Finding.OfSingles(1, "first_learned", [1, double.NaN, double.PositiveInfinity, double.NegativeInfinity])));
        Assert.Equal([(Absence.Nan, 1), (Absence.Infinite, 3)], Of(Finding.OfSingles(1, "el2n", scores)));
        Assert.Equal([(Absence.Infinite, 1)], Of(Finding.OfSingles(1, "second_split_forgetting", [1, double.NaN, double.PositiveInfinity, double.NegativeInfinity])));
        Assert.Equal([(Absence.NotDefined, 2), (Absence.Nan, 1)], Of(Finding.OfMatrix(1, "m", [[1, Absences.NotDefined], [double.NaN, Absences.NotDefined]])));
        Assert.Empty(Of(Finding.OfBits(1, "correct", [true, true, true, true, true, true, true, true])));
        Assert.Empty(Of(Finding.OfBytes(1, "label_given", [255, 255, 192, 127])));

        static IEnumerable<(Absence, int)> Of(Finding found) => FindingPart.Of(found).SelectMany(Absences.In);
    }

    [Fact]
    public void An_outcome_carries_its_words_and_one_without_any_is_written_as_before_there_were_words()
    {
        var plain = new TrialOutcome(TrialState.Finished, 1, ImmutableSortedDictionary<string, double>.Empty, "");
        var text = JsonSerializer.Serialize(plain with { Absent = Absences.None.Add("a", Absence.NotDefined).Add("b", Absence.Nan) }, MessageJson.Options);

        Assert.Contains("\"absent\":{\"a\":\"not-defined\",\"b\":\"nan\"}", text, StringComparison.Ordinal);
        Assert.Equal(Absence.Nan, JsonSerializer.Deserialize<TrialOutcome>(text, MessageJson.Options)!.Absent!["b"]);
        Assert.DoesNotContain("absent", JsonSerializer.Serialize(plain, MessageJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_a_number_that_is_not_finite_is_null_and_a_word_in_json()
    {
        Assert.Equal(
            """{"trial":1,"epoch":2,"measure":"x","value":null,"absent":"infinite"}""",
            JsonSerializer.Serialize(MeasureRow.Of(1, 2, "x", double.PositiveInfinity), MessageJson.Options));
        Assert.Equal("""{"trial":1,"epoch":2,"measure":"x","value":0.5}""", JsonSerializer.Serialize(MeasureRow.Of(1, 2, "x", 0.5), MessageJson.Options));
    }
}
