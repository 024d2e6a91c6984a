using System.Globalization;
using System.Security.Cryptography;

namespace MemCluster.EndToEnd.Tests;

/// <summary>Weights that a sweep keeps, from its file to the files that are exported.</summary>
public sealed class WeightsTests
{
    private const string Keeping = SmallSweep.Text + "\nkeep: weights best at 3\n";

    [Trait("Category", "Chaos")]
    [Fact]
    public async Task A_run_that_is_killed_and_resumed_keeps_the_bytes_that_an_undisturbed_one_keeps()
    {
        using var here = new Workplace();
        here.Write("small.yaml", Keeping);
        await here.Fine("run", "small.yaml", "--slots", "2", "--home", "whole");
        var killed = here.Start("run", "small.yaml", "--slots", "2");
        await killed.HasFinished(3);
        Signals.Send(killed.Id, Signal.Kill);
        await killed.Ends();
        await here.Fine("run", "small.yaml", "--slots", "2");

        var told = await here.Fine("export", "small", "--weights");
        await here.Fine("export", "small", "--weights", "--home", "whole");

        var (kept, whole) = (Weights(here.At("home")), Weights(here.At("whole")));
        Assert.Equal(whole, kept);
        Assert.InRange(kept.Count, SmallSweep.Trials + 1, 2 * SmallSweep.Trials);
        Assert.Contains($"{kept.Count} files", told.All, StringComparison.Ordinal);

        // Neither does keeping change a bit, nor a cell.
        here.Results("small").AssertSameTrials((await SmallSweep.Reference).Results);
        foreach (var row in here.Results("small").TrialRows)
        {
            var best = ((int)row.Number("validation_best_epoch")).ToString(CultureInfo.InvariantCulture);
            Assert.Contains($"weights-{row["trial"]}-epoch-{best}.safetensors", kept.Keys);
            Assert.Contains($"weights-{row["trial"]}-epoch-3.safetensors", kept.Keys);
        }

        await here.Fine("audit");
        var file = here.At($"home/results/small/{kept.Keys.First()}");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        Assert.Equal(2, (await here.Run("verify", here.At("home/results/small"))).Code);
        var audit = await here.Run("audit");
        Assert.NotEqual(0, audit.Code);
        Assert.Contains($"{kept.Keys.First()} is not what the journal gives.", audit.All, StringComparison.Ordinal);
    }

    /// <summary>Two trials on one slot: the first has its weights when the run dies, the second is in the middle.</summary>
    [Fact]
    public async Task Weights_of_trials_before_and_after_a_kill_are_exported_as_those_of_an_undisturbed_run_and_a_changed_byte_is_named()
    {
        using var here = new Workplace();
        here.Write("small.yaml", Keeping);
        string[] run = ["run", "small.yaml", "--slots", "1", "--set", "axes.noise=[label 0.4]", "--set", "axes.rate=[0.05]", "--set", "training.epochs=90"];
        await here.Fine([.. run, "--home", "whole"]);
        var killed = here.Start(run);
        await killed.HasFinished(1);
        killed.Send(Signal.Kill);
        Assert.Equal(137, (await killed.Ends()).Code);
        await here.Fine(run);

        await here.Fine("export", "small", "--weights");
        await here.Fine("export", "small", "--weights", "--home", "whole");

        var kept = Weights(here.At("home"));
        Assert.Equal(Weights(here.At("whole")), kept);
        Assert.InRange(kept.Count, 3, 4);
        await here.Fine("audit");
        var file = here.At($"home/results/small/{kept.Keys.First()}");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var verified = await here.Run("verify", here.At("home/results/small"));
        Assert.Equal(2, verified.Code);
        Assert.Matches($"(?m)^{kept.Keys.First()} .* changed$", verified.Output);
    }

    [Fact]
    public async Task What_there_is_not_is_said_and_nothing_is_written()
    {
        using var here = new Workplace();
        here.Write("small.yaml", SmallSweep.Text);
        await here.Fine("run", "small.yaml", "--slots", "2", "--set", "training.epochs=1");
        var before = here.Inventory();

        var refused = await here.Run("export", "small", "--weights", "--to", "out");
        Assert.Equal(2, refused.Code);
        Assert.Contains("small keeps no weights. Write 'keep: weights' into its file", refused.All, StringComparison.Ordinal);
        Assert.Equal(2, (await here.Run("export", "small", "--weights", "--to", "-")).Code);
        Assert.DoesNotContain(here.Inventory().Except(before), entry => entry.Contains("out", StringComparison.Ordinal));

        // The sweep goes on as itself: what it keeps is no part of what it is.
        await here.Fine("run", "small.yaml", "--slots", "2", "--set", "training.epochs=1", "--set", "keep=weights");
        Assert.Contains($"{SmallSweep.Trials} of {SmallSweep.Trials} trials with a result kept no weights", (await here.Fine("export", "small", "--weights")).All, StringComparison.Ordinal);
    }

    private static SortedDictionary<string, string> Weights(string home) => new(
        Directory.GetFiles(Path.Combine(home, "results", "small"), "*.safetensors").ToDictionary(
            file => Path.GetFileName(file)!, file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))), StringComparer.Ordinal);
}
