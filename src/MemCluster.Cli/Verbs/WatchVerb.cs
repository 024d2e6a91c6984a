using System.CommandLine;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Cli;

/// <summary><c>watch [SWEEP]</c>: the live view of <c>run</c>, of a sweep that runs elsewhere.</summary>
internal static class WatchVerb
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var name = new Argument<string?>("SWEEP") { Description = "The sweep; may be left out where there is only one.", Arity = ArgumentArity.ZeroOrOne };
        var (home, at) = (Options.Home(), new ReachSwitches());
        var command = new Command("watch", "Follow a sweep live until it is over; Ctrl-C ends the watching, not the sweep.") { name, home };
        at.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            await using var reader = await HomeReader.Open(doors, at.Of(parse), parse.GetValue(home)!);
            var answerer = reader.Operator!;
            var sweep = await SweepChoice.Of(answerer, parse.GetValue(name), cancel);
            if (sweep.Counts.Ended < sweep.Counts.Trials && sweep.State != "stopped")
            {
                var spec = await SweepChoice.SpecOf(answerer, sweep.Sweep, cancel);
                var timings = await answerer.Timings(cancel);
                using var news = new SweepNews(new EventFeed(answerer), [spec]);
                await new Watch(doors.Clock, terminal, answerer, [new(spec, Continued: true)], timings)
                {
                    Hint = "Ctrl-C ends the watching; the sweep goes on.",
                }.Until(news, cancel);
            }

            if (await answerer.Status(sweep.Sweep, cancel) is not { Summary: var now })
            {
                terminal.Write($"{sweep.Sweep} is deleted.");
                return ExitCodes.Fine;
            }

            var failed = now.Counts.Failed + now.Counts.Cancelled > 0;
            terminal.Write(new Line($"{now.Sweep} is {now.State}: {SweepTableText.CountsOf(now.Counts)}.", failed ? Tone.Bad : Tone.Good));
            return failed ? ExitCodes.TrialsFailed : ExitCodes.Fine;
        });
        return command;
    }
}
