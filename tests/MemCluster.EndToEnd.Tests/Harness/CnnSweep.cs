namespace MemCluster.EndToEnd.Tests;

/// <summary>
/// Twelve convolutional trials in two sweep files: measures through training need plain descent, so the adversarial trials are a sweep of their own.
/// 1, 5 and 20 filters, for kernels that work on blocks of 8 or 16 channels must fill up what is missing, and may fill it with anything.
/// </summary>
internal static class CnnSweep
{
    public const int Trials = 12;

    /// <summary>The last epoch says all of these; <c>loss_sensitivity_…</c> besides where training is plain.</summary>
    public static readonly string[] Measures =
    [
        "csr_validation_r0.3", "csr_validation_r8", "csr_train_r0.3", "csr_train_r8", "input_gradient_mean", "input_gradient_gini", "input_gradient_corrupted_auroc",
        "grand_mean", "grand_corrupted_auroc", "curvature_mean", "curvature_corrupted_auroc",
    ];

    public static readonly string[] MeasuresThroughTraining =
        ["loss_sensitivity_gini", "loss_sensitivity_gini_l2", "loss_sensitivity_gini_max", "loss_sensitivity_mean", "loss_sensitivity_corrupted_auroc"];

    /// <summary>A network that doesn't converge in a few epochs has no epoch of convergence; every other field is to be filled.</summary>
    public const string MayBeEmpty = "convergence_epoch";

    private const string Common = """
        data: { name: glyphs, train: 60, validation: 30 }
        network: { kind: cnn, filters: 20 }
        training: { epochs: 3, batch: 20, rate: 0.05 }
        noise: label 0.4
        axes:
          multiplier: [0.06, 0.25, 1]
          batch-norm: [true, false]
        seeds: 1
        measures:
          csr: { every: 1, on: both, radii: [0.3, 8], examples: 30, iterations: 5 }
          input-gradient: every 1
          grand: every 1
          curvature: { every: 1, probes: 3 }
        """;

    private static readonly (string Name, string Text)[] Sweeps =
    [
        ("cnn-plain", $"""
            sweep: cnn-plain
            question: Does a convolution compute the same bits whenever and beside whatever it runs?
            {Common}
              loss-sensitivity: {"{ at: [2, last], window: 3, thin: 1 }"}
            """),
        ("cnn-adversarial", $"""
            sweep: cnn-adversarial
            question: And when its inputs are searched for against it?
            {Common}
            regularizer: adversarial 0.5 iterations=3
            """),
    ];

    public static IEnumerable<string> Names => Sweeps.Select(sweep => sweep.Name);

    /// <summary>The arguments that run, and go on with, both.</summary>
    public static string[] WriteTo(Workplace here) => ["run", .. Sweeps.Select(sweep => here.Write(sweep.Name + ".yaml", sweep.Text))];

    /// <summary>The results of both, from a folder with one folder for each.</summary>
    public static IReadOnlyList<ScienceFiles> In(string folder) => [.. Names.Select(name => ScienceFiles.In(Path.Combine(folder, name)))];

    public static IReadOnlyList<ScienceFiles> Of(Workplace here) => In(Path.Combine(here.Home, "results"));
}

/// <summary>The files of a results folder that hold what was found, the scores of single examples too.</summary>
internal sealed record ScienceFiles(Results Results, byte[] Examples)
{
    public static ScienceFiles In(string folder) => new(Results.In(folder), File.ReadAllBytes(Path.Combine(folder, "examples.parquet")));

    public long Bytes => Results.Trials.Length + Results.Measures.Length + Examples.Length;

    public void AssertSame(ScienceFiles other)
    {
        Results.AssertSameScience(other.Results);
        Assert.True(Examples.AsSpan().SequenceEqual(other.Examples), "examples.parquet differs.");
    }

    /// <summary>Every trial finished, told the same as every other and at the same epochs, and each value is a number.</summary>
    public void AssertComplete(string mayBeEmpty, params IEnumerable<string> measures)
    {
        var trials = Results.TrialRows;
        Assert.All(trials, row => Assert.Equal("finished", row["state"]));
        var columns = Results.Trials.Split('\n')[0].Split(',');
        var empty = from row in trials from column in columns where row[column] == "" && column != mayBeEmpty select $"trial {row["trial"]}: {column}";
        Assert.Empty(empty);
        Assert.All(measures, measure => Assert.All(trials, row => Assert.True(double.IsFinite(row.Number(measure)), $"{measure} of trial {row["trial"]}")));

        var told = Row.Parse(Results.Measures);
        Assert.All(told, row => Assert.True(double.IsFinite(row.Number("value")), $"{row["measure"]} of trial {row["trial"]} at epoch {row["epoch"]}: '{row["value"]}'"));
        var byTrial = told.GroupBy(row => row["trial"], row => $"{row["measure"]} at {row["epoch"]}").ToDictionary(group => group.Key, group => group.ToArray());
        Assert.Equal(trials.Select(row => row["trial"]), byTrial.Keys);
        Assert.All(byTrial.Values, each => Assert.Equal(byTrial.Values.First(), each));
    }
}
