using MemCluster.Messages;
using static MemCluster.Sweeps.Tests.Specs;

namespace MemCluster.Sweeps.Tests;

public sealed class MeasureFormTests
{
    [Theory]
    [InlineData("csr: every 10", "every 10")]
    [InlineData("csr: {every: 10}", "every 10")]
    [InlineData("csr: {every: 10, at: [1, 0], last: true}", "every 10 at 0,1")]
    [InlineData("csr: {at: [0, 1, 10]}", "at 0,1,10")]
    [InlineData("csr: {at: [10, 0, 1, 1, last]}", "at 0,1,10,last")]
    [InlineData("csr: at 0,1,last radii=1,0.30 on=train", "at 0,1,last radii=1,0.3 on=train")]
    [InlineData("csr: log 10", "log 10")]
    [InlineData("csr: {log: 10, at: [0], last: true}", "log 10 at 0")]
    [InlineData("csr: {log: 5, every: 1e3, radii: [1]}", "every 1000 log 5 radii=1")]
    [InlineData("csr: last", "last")]
    [InlineData("csr: {at: last}", "last")]
    [InlineData("csr: {last: true, radii: [0.3, 1, 8], examples: 5e2}", "last radii=0.3,1,8 examples=500")]
    [InlineData("csr: last radii=0.3 on=validation alpha=0.250", "last")]
    public void However_it_is_written_a_measure_has_one_canonical_text(string written, string canonical)
    {
        var spec = With($"measures: {{{(written.Contains('{', StringComparison.Ordinal) ? written : written.Replace("csr: ", "csr: \"", StringComparison.Ordinal) + "\"")}}}");

        Assert.Equal(canonical, spec.Base.Measures!.Csr!.Text);
        Assert.Contains($"measures:\n  csr: {canonical}\n", spec.Canonical, StringComparison.Ordinal);
        Assert.Equal(spec.Digest, SpecFile.FromCanonical(spec.Canonical).Digest);
    }

    [Fact]
    public void Measures_are_part_of_the_cell_and_none_of_them_is_the_default()
    {
        var plain = new Grid(With()).CellAt(0);

        Assert.Equal(plain, new Grid(With("measures: {csr: none}")).CellAt(0));
        Assert.NotEqual(plain, new Grid(With("measures: {csr: last}")).CellAt(0));
        Assert.NotEqual(new Grid(With("measures: {csr: every 5}")).CellAt(0), new Grid(With("measures: {csr: last}")).CellAt(0));
        Assert.Null(With("measures: {csr: none}").Base.Measures);
    }

    [Fact]
    public void A_measure_may_be_an_axis_whose_values_hold_commas()
    {
        var spec = With("axes:", "  measures.csr: [none, 'every 10 radii=0.3,1']");

        Assert.Equal(["none", "every 10 radii=0.3,1"], spec.Axes.Single().Values.AsEnumerable());
        Assert.Equal([.. spec.Axes.Single().Values], SpecFile.FromCanonical(spec.Canonical).Axes.Single().Values.AsEnumerable());
    }

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(1, false, true)]
    [InlineData(5, false, false)]
    [InlineData(10, false, true)]
    [InlineData(33, true, true)]
    public void It_is_due_at_its_epochs_and_at_the_last(int epoch, bool isLast, bool due) =>
        Assert.Equal(due, new MeasureRequest("every 10 at 0,1").IsDue(epoch, isLast));

    [Fact]
    public void On_a_log_grid_it_is_due_at_the_first_epoch_so_often_in_each_decade_and_at_the_last()
    {
        var request = new MeasureRequest("log 10 at 0");

        Assert.Equal(
            [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40, 50, 63, 79, 100, 126, 158, 200, 251, 316, 398, 501, 631, 794, 1000, 1234],
            Enumerable.Range(0, 1235).Where(epoch => request.IsDue(epoch, isLast: epoch == 1234)));
        Assert.Equal([1, 10, 100, 1000, 10_000, 100_000, 1_000_000], LogEpochs.Of(1).Order());
        Assert.Equal(10, LogEpochs.Of(100).Order().TakeWhile(epoch => epoch <= 10).Count());
        Assert.All(Enumerable.Range(1, LogEpochs.MostInDecade), each => Assert.All(
            LogEpochs.Of(each), epoch => Assert.InRange(epoch, 1, 1_000_000)));
        Assert.Equal([10_000.0, 12_589, 15_849], LogEpochs.Of(10).Where(epoch => epoch is >= 10_000 and < 16_000).Order().Select(epoch => (double)epoch));
    }

    [Fact]
    public void What_is_measured_at_given_epochs_only_is_not_measured_at_the_last() =>
        Assert.False(new MeasureRequest("at 0,1").IsDue(33, isLast: true));

    [Theory]
    [InlineData("measures: {crs: last}", "s.yaml:3:12  unknown key 'crs' in measures; did you mean 'csr'?")]
    [InlineData("measures: {csr: {radii: [1]}}", "s.yaml:3:17  measures.csr does not say when: write 'every 10', 'log 10', 'at 0,1,10' or 'last' (epochs; 0 is before training)")]
    [InlineData("measures: {csr: every 0}", "s.yaml:3:23  measures.csr every 0 is not a whole number from 1 to 1,000,000")]
    [InlineData("measures: {csr: log 101}", "s.yaml:3:21  measures.csr log 101 is not a whole number from 1 to 100")]
    [InlineData("measures: {csr: {at: [1, -1]}}", "s.yaml:3:26  measures.csr at -1 is not an epoch: a whole number from 0, or 'last'")]
    [InlineData("measures: {csr: {last: true, radii: [1, big]}}", "s.yaml:3:41  measures.csr radii 'big' is not numbers from 0 to 255, such as [0.3, 1] (sizes of the box, in 255ths)")]
    [InlineData("measures: {csr: {last: true, radius: 1}}", "s.yaml:3:30  unknown key 'radius' of measures.csr; did you mean 'radii'?")]
    [InlineData("measures: {csr: last on=test}", "s.yaml:3:25  measures.csr on 'test' is not one of validation, train, both (which examples)")]
    [InlineData("measures: {norms: {at: [500]}}", "s.yaml:3:19  measures.norms is to be measured at epoch 500, and training has at most 100; take it out, or write 'last'")]
    [InlineData("measures: last", "s.yaml:3:11  measures is a mapping such as 'measures: { csr: every 10, sharpness: last }'")]
    public void A_mistake_is_told_with_its_place(string line, string problem) => Assert.Equal(problem, OnlyProblem(Glyphs(line)));

    [Theory]
    [InlineData("training: {momentum: 0.9}", "training.momentum")]
    [InlineData("training: {optimizer: adam}", "training.optimizer")]
    [InlineData("training: {schedule: step 5 0.5}", "training.schedule")]
    [InlineData("regularizer: dropout 0.5", "regularizer")]
    public void Sensitivity_through_training_needs_plain_descent(string line, string setting) => Assert.Equal(
        $"s.yaml:4:30  measures.loss-sensitivity goes back through plain gradient descent only; leave {setting} out of this sweep, or measure input-gradient instead",
        OnlyProblem(Glyphs(line, "measures: {loss-sensitivity: last}")));

    [Fact]
    public void Every_measure_can_be_asked_for_by_its_name()
    {
        foreach (var kind in MeasureKind.All)
        {
            var plan = With("training: {second-split: after 1}", $"measures: {{{kind.Name}: last}}").Base.Measures!;
            Assert.Equal("last", kind.Get(plan)!.Text);
            Assert.Single(MeasureKind.All, other => other.Get(plan) is not null);
        }
    }
}
