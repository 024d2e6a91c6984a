namespace MemCluster.EndToEnd.Tests;

public sealed class RunTests
{
    private const string Waiting = """
        sweep: waiting
        network: sleep 0
        training: { epochs: 2 }
        axes: { noise: [none, label 0.2], capacity: [32, 64] }
        seeds: 2
        """;

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

    [Fact]
    public async Task Running_a_finished_sweep_again_says_so_and_changes_no_byte()
    {
        using var here = new Workplace();
        here.Write("waiting.yaml", Waiting);
        await here.Fine("run", "waiting.yaml");
        var before = here.Results("waiting");

        var again = await here.Fine("run", "waiting.yaml");

        Assert.Contains("waiting is finished already; nothing was run. 8 trials: 8 finished.", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, here.Results("waiting"));
    }

    [Fact]
    public async Task Two_files_run_side_by_side_each_with_its_own_results()
    {
        using var here = new Workplace();
        here.Write("a.yaml", Waiting.Replace("sweep: waiting", "sweep: first", StringComparison.Ordinal));
        here.Write("b.yaml", Waiting.Replace("sweep: waiting", "sweep: second", StringComparison.Ordinal));

        var ended = await here.Fine("run", "a.yaml", "b.yaml");

        Assert.Contains("first  8 trials: 8 finished", ended.Output, StringComparison.Ordinal);
        Assert.Contains("second  8 trials: 8 finished", ended.Output, StringComparison.Ordinal);
        Assert.Equal(here.Results("first").Trials, here.Results("second").Trials);
        var list = await here.Fine("list");
        Assert.Matches("(?m)^first +finished +8/8", list.Output);
        Assert.Matches("(?m)^second +finished +8/8", list.Output);
    }

    [Fact]
    public async Task The_same_name_with_other_settings_is_refused_and_the_difference_shown()
    {
        using var here = new Workplace();
        here.Write("waiting.yaml", Waiting);
        await here.Fine("run", "waiting.yaml");
        var before = here.Results("waiting");

        var other = await here.Run("run", "waiting.yaml", "--set", "training.epochs=3");

        Assert.Equal(2, other.Code);
        Assert.Contains("give the sweep another name, or use another --home", other.Error, StringComparison.Ordinal);
        Assert.Contains("- training.epochs: 2\n  + training.epochs: 3\n", other.Error, StringComparison.Ordinal);
        Assert.Equal(before, here.Results("waiting"));
        Assert.Contains("finished already", (await here.Fine("run", "waiting.yaml")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_overrides_the_file_as_if_it_stood_there()
    {
        using var here = new Workplace();
        here.Write("waiting.yaml", Waiting);
        here.Write("edited.yaml", Waiting.Replace("seeds: 2", "seeds: [7]", StringComparison.Ordinal).Replace("[32, 64]", "[8]", StringComparison.Ordinal));
        await here.Fine("run", "waiting.yaml", "--set", "seeds=[7]", "--set", "axes.capacity=8");

        var again = await here.Fine("run", "edited.yaml");

        Assert.Contains("waiting is finished already; nothing was run. 2 trials", again.Output, StringComparison.Ordinal);
        Assert.All(here.Results("waiting").TrialRows, row => Assert.Equal(("8", "7"), (row["capacity"], row["seed"])));
    }
}
