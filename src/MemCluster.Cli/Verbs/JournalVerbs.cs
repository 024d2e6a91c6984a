using System.CommandLine;
using MemCluster.Coordinator;
using MemCluster.Coordinator.Auditing;
using MemCluster.Hosting;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting;

namespace MemCluster.Cli;

/// <summary><c>journal check</c>, <c>init</c>, <c>migrate</c> and <c>salvage</c>.</summary>
internal static class JournalVerbs
{
    public static Command Build(Terminal terminal) => new("journal", "The journal's database: look whether it is in order, make it, bring it forward, save what can be read of it.")
    {
        Check(terminal),
        Act("init", "Make an empty journal; one that is there is left as it is.", JournalCare.Init, terminal),
        Act("salvage", "Set what can't be read aside, keep all that is proved; what is lost is trained again by the next run.", Saved, terminal),
        Act("migrate", "Bring a journal of an older version forward; SQLite's is copied first.", JournalCare.Migrate, terminal),
    };

    private static Command Check(Terminal terminal)
    {
        var (home, journal, json) = (NodeArguments.Home.Make(), NodeArguments.Journal.Make(), Options.Json());
        var command = new Command("check", "Is it there, whole, and of this program's version? Changes nothing.") { home, journal, json };
        command.SetAction(async (parse, cancel) =>
        {
            var report = await JournalCare.Check(new(parse.GetValue(home)!), parse.GetValue(journal), cancel);
            terminal.Write(report, parse.GetValue(json), Lines);
            return report.Problems.Count == 0 ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return command;
    }

    private static Command Act(string verb, string description, Func<Home, string?, CancellationToken, Task<string>> act, Terminal terminal)
    {
        var (home, journal) = (NodeArguments.Home.Make(), NodeArguments.Journal.Make());
        var command = new Command(verb, description) { home, journal };
        command.SetAction(async (parse, cancel) =>
        {
            foreach (var line in (await act(new(parse.GetValue(home)!), parse.GetValue(journal), cancel)).Split('\n'))
            {
                terminal.Write(new Line(line, Tone.Good));
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static async Task<string> Saved(Home home, string? connection, CancellationToken cancel)
    {
        var report = await Salvage.Run(home, connection, cancel);
        return report.SetAside is null
            ? "Nothing in the journal is unreadable; nothing was changed."
            : string.Join('\n',
            [
                $"The journal as it was is {report.SetAside}",
                .. report.Sweeps.Select(sweep =>
                    $"{sweep.Sweep}: {Numbers.Count(sweep.Kept)} of {Numbers.Count(sweep.Trials)} results are kept, {Numbers.Count(sweep.Again, "trial is", "trials are")} to be trained (again). Go on with: memcluster resume {sweep.Sweep}"),
                .. report.Lost.Select(sweep => $"{sweep}: its begin is lost; its spec file begins it anew with: memcluster run"),
            ]);
    }

    private static IEnumerable<Line> Lines(JournalReport report)
    {
        yield return new(report.Journal);
        if (report.Version is { } version)
        {
            foreach (var line in Answers.Table(
                [("VERSION", true), ("EVENTS", true), ("STREAMS", true), ("SWEEPS", true), ("SNAPSHOTS", true), ("SIZE", true)],
                [[$"{version}", Numbers.Count(report.Events), Numbers.Count(report.Streams), Numbers.Count(report.Sweeps), Numbers.Count(report.Snapshots), Numbers.Bytes(report.Bytes)]]))
            {
                yield return line;
            }
        }

        foreach (var problem in report.Problems)
        {
            yield return new(problem, Tone.Bad);
        }

        if (report.Problems.Count == 0)
        {
            yield return new("It is in order: no event is missing, and every kind of event is known.", Tone.Good);
            yield return new("Whether they are the events that were written is another question: memcluster audit", Tone.Faint);
        }
    }
}
