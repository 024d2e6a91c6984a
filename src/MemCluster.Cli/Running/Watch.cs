using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Watching;
using MemCluster.Reporting;
using Spectre.Console;

namespace MemCluster.Cli;

/// <summary>Shows sweeps while they run, until every trial has ended: redrawn four times a second on a terminal, plain lines in a pipe.</summary>
internal sealed class Watch(
    TimeProvider clock, Terminal terminal, IOperator answerer, IReadOnlyList<OpenSweep> sweeps, IReadOnlyList<WorkTiming> timings)
{
    /// <summary>What Ctrl-C does here.</summary>
    public string Hint { get; init; } = "Ctrl-C stops and keeps everything; the same command goes on later.";

    public async Task Until(SweepNews news, CancellationToken interrupt)
    {
        var watch = new SweepWatch(clock, answerer, sweeps, timings);
        if (terminal.Live is not { } live)
        {
            await foreach (var line in watch.Lines(news, interrupt))
            {
                terminal.Write(line);
            }

            return;
        }

        await watch.Begin(news, interrupt);
        await live.Live(Text.Empty).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(async context =>
        {
            while (await watch.Listen(news, interrupt))
            {
                context.UpdateTarget(new Rows(watch.Screen(terminal.Height - 1).Append(new Line(Hint, Tone.Faint)).Select(Terminal.Drawn)));
                await Task.Delay(SweepWatch.Frame, clock, interrupt);
            }
        });
    }
}
