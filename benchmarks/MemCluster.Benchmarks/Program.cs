using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// Whose processes pin themselves each in their own way.
if (args is [MemCluster.Benchmarks.StepCosts.Word, ..])
{
    return MemCluster.Benchmarks.StepCosts.Run(args[1..]);
}

if (args is [MemCluster.Benchmarks.Comeback.Word])
{
    return await MemCluster.Benchmarks.Comeback.Run();
}

// Before anything loads libtorch: both sides of a comparison compute with the same instructions.
if (MemCluster.Learning.NumericsPin.Pin(MemCluster.Messages.NumericsSettings.Avx2) is { } problem)
{
    Console.Error.WriteLine(problem);
    return 2;
}

// What counts is the column Ratio: both sides of each comparison run in turn, in one process, on one machine. Seconds differ from day to day.
// In process, because libtorch is half a gigabyte and would be copied for each benchmark otherwise.
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddLogger(ConsoleLogger.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .WithOptions(ConfigOptions.DisableOptimizationsValidator);
BenchmarkSwitcher.FromAssembly(typeof(MemCluster.Benchmarks.DrawBenchmarks).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
return 0;
