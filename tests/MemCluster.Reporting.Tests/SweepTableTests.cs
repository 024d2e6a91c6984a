using MemCluster.Messages;
using MemCluster.Reporting.Tables;
using MemCluster.Sweeps;

namespace MemCluster.Reporting.Tests;

public sealed class SweepTableTests
{
    [Fact]
    public void Two_seeds_give_a_mean_with_students_interval_and_the_gap_by_noise()
    {
        var spec = Given.Spec("sweep: s\ndata: { name: glyphs }\naxes: { noise: [none, label 0.8], capacity: [32, 128] }\nseeds: 2\n");
        // By hand: mean of .90 and .92 is .91, s = .0141421, t(.975, 1) = 12.7062, half-width = 12.7062 · .0141421 / √2 = .127.
        var table = Table(spec, trial => Given.Row(spec, trial, TrialState.Finished,
            Given.Accuracies(trial % 2 == 1 ? 0.90 : 0.92, trial > 4 ? 0.50 : 0.89)));

        Assert.Equal(
            """
            best validation accuracy, mean ± 95 % interval over 2 seeds
              noise ╲ capacity           32          128
              none              .910 ± .127  .910 ± .127
              label 0.8         .910 ± .127  .910 ± .127
            Gap between best and last (memorization)   none .020   label 0.8 .410
            """.ReplaceLineEndings("\n"),
            Text(table));
    }

    [Fact]
    public void Each_cell_holds_its_own_trials()
    {
        var spec = Given.Spec("sweep: s\ndata: { name: glyphs }\naxes: { noise: [none, label 0.8], capacity: [32, 128, 512], rate: [0.1, 0.2] }\nseeds: 1\n");
        var grid = new Grid(spec);
        var table = Table(spec, trial => Given.Row(spec, trial, TrialState.Finished, Given.Accuracies(trial / 100.0, 0)));

        for (var trial = 1; trial <= grid.Count; trial++)
        {
            var values = grid.ValuesAt(trial - 1);
            var block = table.Blocks.Single(block => block.Title == $"rate {values[2]}");
            var cell = block.Cells[table.Rows.IndexOf(values[0])][table.Columns.IndexOf(values[1])];
            Assert.Equal(trial / 100.0, cell.Mean);
        }
    }

    [Fact]
    public void A_diverged_or_failed_trial_is_marked_and_not_averaged()
    {
        var spec = Given.Spec("sweep: s\ndata: { name: glyphs }\naxes: { noise: [none, label 0.8] }\nseeds: 3\n");
        var table = Table(spec, trial => trial switch
        {
            1 => Given.Row(spec, trial, TrialState.Failed, Given.Accuracies(0.1, 0.1)),
            2 or 3 => Given.Row(spec, trial, TrialState.Finished, Given.Accuracies(0.9, 0.9)),
            _ => Given.Row(spec, trial, TrialState.Diverged, Given.Accuracies(0.2, 0.1)),
        });
        var text = Text(table);

        Assert.Contains(".900 ± .000*", text);
        Assert.Matches(@"  label 0\.8 +diverged\n", text);
        Assert.Contains("* without the trials", text);
        Assert.Equal(2, table.Blocks[0].Cells[0][0].Finished);
    }

    [Fact]
    public void One_seed_has_no_interval()
    {
        var spec = Given.Spec("sweep: s\ndata: { name: glyphs }\naxes: { noise: [none, label 0.8], capacity: [32] }\nseeds: 1\n");
        Assert.DoesNotContain("±", Text(Table(spec, trial => Given.Row(spec, trial, TrialState.Finished, Given.Accuracies(0.9, 0.8)))));
    }

    [Fact]
    public void A_sweep_of_sleepers_has_counts_and_no_table()
    {
        var spec = Given.Spec("sweep: s\nnetwork: sleep 0\naxes: { noise: [none, label 0.8] }\nseeds: 2\n");
        var table = Table(spec, trial => Given.Row(spec, trial, TrialState.Finished));

        Assert.Empty(SweepTableText.Lines(table));
        Assert.Equal("4 trials: 4 finished", SweepTableText.CountsOf(table.Counts));
    }

    [Fact]
    public void Without_axes_there_is_one_cell()
    {
        var spec = Given.Spec("sweep: s\ndata: { name: glyphs }\nseeds: 1\n");
        Assert.Contains(".900", Text(Table(spec, trial => Given.Row(spec, trial, TrialState.Finished, Given.Accuracies(0.9, 0.8)))));
    }

    [Theory]
    [InlineData(3, 60, 3)]
    [InlineData(60, 3, 30)]
    [InlineData(1, 1, 200)]
    public void However_large_the_sweep_its_tables_fit_the_screen_and_say_what_is_left_out(int noises, int widths, int rates)
    {
        var spec = Given.Spec($"""
            sweep: s
            data: glyphs
            axes:
              noise: [{string.Join(", ", Enumerable.Range(1, noises).Select(n => $"label 0.{n:000}1"))}]
              capacity: [{string.Join(", ", Enumerable.Range(1, widths))}]
              rate: [{string.Join(", ", Enumerable.Range(1, rates).Select(n => $"0.{n:000}1"))}]
            seeds: 2
            """);
        var lines = SweepTableText.Lines(Table(spec, trial => Given.Row(spec, trial, TrialState.Finished, Given.Accuracies(0.9, 0.8))));

        Assert.All(lines, line => Assert.True(line.Text.Length <= Line.Width, line.Text));
        Assert.InRange(lines.Count, 1, 160);
        Assert.Contains(lines, line => line.Text.Contains("… and "));
    }

    private static SweepTable Table(SweepSpec spec, Func<int, TrialRow> rowOf)
    {
        var builder = new SweepTableBuilder(spec);
        foreach (var row in Given.Rows(spec, rowOf))
        {
            builder.Add(row);
        }

        return builder.Build();
    }

    private static string Text(SweepTable table) => string.Join('\n', SweepTableText.Lines(table).Select(line => line.Text));
}
