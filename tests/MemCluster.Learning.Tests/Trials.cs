using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

/// <summary>Small trials on glyphs.</summary>
internal static class Trials
{
    public static readonly DataSource Data = new(RealData.Folder);

    public static readonly TrialSettings Small = new()
    {
        Data = new() { Name = "glyphs", Train = 300, Validation = 200 },
        Network = new() { Depth = 2, Width = 40 },
        Training = new() { Epochs = 3, Batch = 64, Rate = 0.05, Momentum = 0.9 },
        Noise = new Noise(Noise.Label, 0.2),
        Seed = 1,
    };

    /// <summary>On a thread of its own, as a trainer does.</summary>
    public static (TrialOutcome Outcome, List<EpochMeasures> Epochs) Run(TrialSettings settings, CancellationToken stop = default)
    {
        var epochs = new List<EpochMeasures>();
        var outcome = Task.Factory.StartNew(
            () => TrialRun.Run(settings, Data, epochs.Add, TimeProvider.System, stop),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).GetAwaiter().GetResult();
        return (outcome, epochs);
    }

    /// <summary>Every bit that a trial tells.</summary>
    public static string Bits(TrialSettings settings)
    {
        var (outcome, epochs) = Run(settings);
        return string.Join('\n', epochs.Select(epoch =>
                $"{epoch.Epoch} {epoch.Weights} {string.Join(' ', epoch.Values.Select(BitConverter.DoubleToInt64Bits))}"))
            + $"\n{outcome.State} {outcome.Epochs} {outcome.Weights} {string.Join(' ', outcome.Measures)}";
    }
}
