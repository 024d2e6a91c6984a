namespace MemCluster.EndToEnd.Tests;

/// <summary>Twelve short trials on built-in data, with noise, dropout masks and a setting as an axis: some seconds on two cores.</summary>
internal static class SmallSweep
{
    public const int Trials = 12;

    public const string Text = """
        sweep: small
        question: Does it end the same way every time?
        data: { name: glyphs, train: 1000, validation: 500 }
        network: { kind: mlp, depth: 2 }
        training: { epochs: 30, batch: 64, momentum: 0.9 }
        axes:
          rate: [0.05, 0.02]
          noise: [none, label 0.4, input 0.5]
          capacity: [48]
          regularizer: [none, dropout 0.3]
        seeds: [5]
        """;

    private static readonly Lazy<Task<(Ended, Results)>> Undisturbed = new(Run);

    /// <summary>Two slots in one process, run once in a test run and never disturbed; what the others are compared with.</summary>
    public static Task<(Ended Ended, Results Results)> Reference => Undisturbed.Value;

    public static string WriteTo(Workplace here) => here.Write("small.yaml", Text);

    private static async Task<(Ended, Results)> Run()
    {
        using var here = new Workplace();
        var ended = await here.Fine("run", WriteTo(here), "--slots", "2");
        return (ended, here.Results("small"));
    }
}
