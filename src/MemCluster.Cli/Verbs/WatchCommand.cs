using System.CommandLine;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using MemCluster.Operations.Watching;

namespace MemCluster.Cli;

/// <summary><c>watch [SWEEP]</c>: the live view of <c>run</c>, of a sweep that runs elsewhere; in a pipe, and as JSON, the catalogue's lines.</summary>
internal static class WatchCommand
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var verb = OperatorCatalogue.Find("watch")!;
        var command = new CatalogueCommand(verb, doors, terminal);
        command.SetAction(async (parse, cancel) =>
        {
            await using var reader = await command.Open(parse, cancel);
            var answerer = reader.Operator!;
            var said = command.Said(parse);
            var sweep = await SweepChoice.Of(answerer, said[VerbArguments.Sweep], cancel);
            if (terminal.Live is null || said.Has(VerbArguments.Json))
            {
                await foreach (var line in verb.Answer(answerer, said, cancel))
                {
                    terminal.Write(line);
                }

                return (await WatchVerb.End(answerer, sweep.Sweep, cancel)).Failed ? ExitCodes.TrialsFailed : ExitCodes.Fine;
            }

            if (WatchVerb.GoesOn(sweep))
            {
                var spec = await SweepChoice.SpecOf(answerer, sweep.Sweep, cancel);
                var timings = await answerer.Timings(cancel);
                using var news = new SweepNews(new EventFeed(answerer), [spec]);
                await new Watch(doors.Clock, terminal, answerer, [new(spec, Continued: true)], timings)
                {
                    Hint = "Ctrl-C ends the watching; the sweep goes on.",
                }.Until(news, cancel);
            }

            var (last, failed) = await WatchVerb.End(answerer, sweep.Sweep, cancel);
            terminal.Write(last);
            return failed ? ExitCodes.TrialsFailed : ExitCodes.Fine;
        });
        return command;
    }
}
