namespace MemCluster.EndToEnd.Tests;

public sealed class RunTests
{
    [Fact]
    public async Task A_run_ends_with_the_table_and_where_the_files_are_in_plain_lines()
    {
        var (ended, _) = await SmallSweep.Reference;

        Assert.Equal("", ended.Error);
        Assert.DoesNotContain('\u001b', ended.Output);
        Assert.Contains("Does it end the same way every time?", ended.Output, StringComparison.Ordinal);
        Assert.Contains("12 trials: 12 finished", ended.Output, StringComparison.Ordinal);
        Assert.Contains("best validation accuracy", ended.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^  label 0\.4 +\.\d{3}$", ended.Output);
        Assert.Contains("trials.csv  measures.csv  attempts.csv  manifest.json", ended.Output, StringComparison.Ordinal);
        for (var trial = 1; trial <= SmallSweep.Trials; trial++)
        {
            Assert.Contains($"trial {trial}  ", ended.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Trials_csv_has_the_columns_that_scripts_rely_on_in_grid_order()
    {
        var (_, results) = await SmallSweep.Reference;

        Assert.StartsWith(
            "trial,noise,capacity,regularizer,rate,seed,state,epochs,train_accuracy,train_accuracy_clean,train_accuracy_corrupted,"
            + "train_accuracy_corrupted_true,train_loss,validation_accuracy_best,validation_best_epoch,validation_accuracy_last,"
            + "validation_loss_last,convergence_epoch,weights,cell\n",
            results.Trials,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\r', results.Trials);
        Assert.Equal(
            [
                "1 none 48 none 0.05 5", "2 none 48 none 0.02 5", "3 none 48 dropout 0.3 0.05 5", "4 none 48 dropout 0.3 0.02 5",
                "5 label 0.4 48 none 0.05 5", "6 label 0.4 48 none 0.02 5", "7 label 0.4 48 dropout 0.3 0.05 5", "8 label 0.4 48 dropout 0.3 0.02 5",
                "9 input 0.5 48 none 0.05 5", "10 input 0.5 48 none 0.02 5", "11 input 0.5 48 dropout 0.3 0.05 5", "12 input 0.5 48 dropout 0.3 0.02 5",
            ],
            results.TrialRows.Select(row => string.Join(' ', new[] { "trial", "noise", "capacity", "regularizer", "rate", "seed" }.Select(column => row[column]))));
        Assert.All(results.TrialRows, row =>
        {
            Assert.Equal("finished", row["state"]);
            Assert.InRange(row.Number("validation_accuracy_best"), row.Number("validation_accuracy_last"), 1);
            Assert.Equal(row["noise"] != "none", row["train_accuracy_corrupted_true"].Length > 0);
        });
    }

    [Fact]
    public async Task Measures_come_by_trial_and_epoch_and_agree_with_the_trials()
    {
        var (_, results) = await SmallSweep.Reference;
        var measures = Row.Parse(results.Measures);

        foreach (var trial in results.TrialRows)
        {
            var accuracy = measures.Where(row => row["trial"] == trial["trial"] && row["measure"] == "validation_accuracy").ToArray();
            Assert.Equal(Enumerable.Range(1, (int)trial.Number("epochs")), accuracy.Select(row => (int)row.Number("epoch")));
            Assert.Equal(trial["validation_accuracy_last"], accuracy[^1]["value"]);
            Assert.Equal(trial.Number("validation_accuracy_best"), accuracy.Max(row => row.Number("value")));
            Assert.Equal(trial["validation_best_epoch"], accuracy.MaxBy(row => row.Number("value"))!["epoch"]);
        }
    }
}
