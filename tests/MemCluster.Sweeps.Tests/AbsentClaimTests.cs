using MemCluster.Messages;
using MemCluster.Sweeps.Claims;
using static MemCluster.Sweeps.Tests.ClaimSpecs;

namespace MemCluster.Sweeps.Tests;

/// <summary>Claims over numbers that are not finite.</summary>
public sealed class AbsentClaimTests
{
    /// <summary>Epoch 2 came out NaN; epoch 0 is not defined; epochs 1 and 3 are .9 and .2.</summary>
    [Theory]
    [InlineData("last", Missing.No)]
    [InlineData("0", Missing.NotDefined)]
    [InlineData("1", Missing.No)]
    [InlineData("2", Missing.Nan)]
    [InlineData("4", Missing.NotMeasured)]
    [InlineData("max", Missing.Nan)]
    [InlineData("mean", Missing.Nan)]
    [InlineData("plateau 1", Missing.No)]
    [InlineData("plateau 2", Missing.Nan)]
    [InlineData("first >= 0.8", Missing.No)]
    [InlineData("first <= 0.5", Missing.Nan)]
    public void A_number_out_of_epochs_is_not_made_of_those_that_came_out_nan(string at, Missing why)
    {
        var claim = SweepClaims.Of(Spec($"measure: train_accuracy, at: {at}, where: {{ noise: none, capacity: 32 }}, holds: \"> 0\"")).Claims[0];
        var builder = new Observations.Builder(1, claim.Value.Measures);
        builder.Add(Row(1, TrialState.Finished, 0.5));
        foreach (var (epoch, value) in new[] { (0, Absences.NotDefined), (1, 0.9), (2, double.NaN), (3, 0.2) })
        {
            builder.Add(MeasureRow.Of(1, epoch, MeasureNames.TrainAccuracy, value));
        }

        Assert.Equal(why, builder.Build().Of(claim.Value.Measures.First(), 0).Missing);
    }

    [Fact]
    public void A_number_over_epochs_is_of_those_at_which_the_measure_is_defined()
    {
        var claim = SweepClaims.Of(Spec("measure: train_accuracy, at: mean, where: { noise: none, capacity: 32 }, holds: \"> 0\"")).Claims[0];
        var builder = new Observations.Builder(2, claim.Value.Measures);
        builder.Add(Row(1, TrialState.Finished, 0.5));
        builder.Add(Row(2, TrialState.Finished, 0.5));
        builder.Add(MeasureRow.Of(1, 0, MeasureNames.TrainAccuracy, Absences.NotDefined));
        builder.Add(MeasureRow.Of(1, 1, MeasureNames.TrainAccuracy, 0.25));
        builder.Add(MeasureRow.Of(2, 0, MeasureNames.TrainAccuracy, Absences.NotDefined));

        var observed = builder.Build();

        Assert.Equal(0.25, observed.Of(claim.Value.Measures.First(), 0).Low);
        Assert.Equal(Missing.NotDefined, observed.Of(claim.Value.Measures.First(), 1).Missing);
    }

    [Theory]
    [InlineData(Absence.Nan, "1 of 3 seeds without a value (came out NaN in 1)")]
    [InlineData(Absence.Infinite, "1 of 3 seeds without a value (infinite in 1)")]
    [InlineData(Absence.NotDefined, "1 of 3 seeds without a value (not defined in 1)")]
    public void A_verdict_says_how_many_numbers_are_missing_and_why(Absence word, string why)
    {
        var spec = Spec("measure: validation_accuracy_best, where: { noise: none, capacity: 32 }, minus: { measure: train_loss }, holds: \"> 0.1\"");
        var claim = Assert.Single(SweepClaims.Of(spec).Claims);
        var builder = new Observations.Builder(new Grid(spec).Count, claim.Value.Measures);
        for (var trial = 1; trial <= 18; trial++)
        {
            var row = Row(trial, TrialState.Finished, 0.9);
            builder.Add(trial == 2 ? row with { Measures = row.Measures.Remove(MeasureNames.TrainLoss), Absent = Absences.None.Add(MeasureNames.TrainLoss, word) } : row);
        }

        Assert.Equal(why, ClaimVerdicts.Of(claim, spec, new TermValues(spec, builder.Build())).Parts[0].Why);
    }

    [Theory]
    [InlineData(Missing.NotDefined, "it is not defined for these trials")]
    [InlineData(Missing.Nan, "what it is computed from came out NaN")]
    public void A_measure_over_trials_says_why_it_gives_no_number(Missing missing, string why)
    {
        var spec = Spec("group: first_epoch_overdispersion, where: { noise: none, capacity: 32 }, holds: \"> 1\"");
        var observed = new Observations.Builder(new Grid(spec).Count, []).Build();

        var part = ClaimVerdicts.Of(SweepClaims.Of(spec).Claims[0], spec, new TermValues(spec, observed, (_, _) => GroupValue.Absent(missing))).Parts[0];

        Assert.Equal((Verdict.Undecided, why), (part.Verdict, part.Why));
    }
}
