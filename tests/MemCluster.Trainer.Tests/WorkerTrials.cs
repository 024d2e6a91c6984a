using MemCluster.Messages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemCluster.Trainer.Tests;

/// <summary>Real trials on built-in data, and workers that are the trainer's executable beside these tests.</summary>
internal static class WorkerTrials
{
    public static string Program => Path.Combine(AppContext.BaseDirectory, "MemCluster.Trainer");

    public static TrialSettings Glyphs(int epochs, int width = 16) => new()
    {
        Data = new() { Name = "glyphs", Train = 200, Validation = 100 },
        Network = new() { Depth = 1, Width = width },
        Training = new() { Epochs = epochs, Batch = 32, Rate = 0.05 },
        Seed = 3,
    };

    public static TrialAssignment Assignment(int trial, TrialSettings settings, TrialLimits? limits = null) =>
        Trials.Assignment(trial) with { Settings = settings, Limits = limits };

    public static WorkerTraining Training(ILogger? log = null, params string[] environment) => new(
        environment.Length == 0 ? new(Program) : new("env", [.. environment, Program]), new(null, NumericsSettings.Avx2, "cpu"), TimeProvider.System, log ?? NullLogger.Instance);
}
