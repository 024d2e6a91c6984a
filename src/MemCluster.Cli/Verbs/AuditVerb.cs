using System.CommandLine;
using MemCluster.Coordinator.Auditing;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting;

namespace MemCluster.Cli;

/// <summary><c>audit [SWEEP]</c>: is the journal what was written, and is what was made from it what it says?</summary>
internal static class AuditVerb
{
    /// <summary>More say nothing to a reader; all of them are in the JSON.</summary>
    private const int MostShown = 40;

    public static Command Build(Doors doors, Terminal terminal)
    {
        var (home, journal, json) = (NodeArguments.Home.Make(), NodeArguments.Journal.Make(), Options.Json());
        var sweep = new Argument<string?>("SWEEP") { Description = "Only this sweep.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(
            "audit",
            "Prove the results: every event is the one that was written, every trial has one end, every number follows. Changes nothing.")
        {
            sweep, home, journal, json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var asked = parse.GetValue(sweep);
            if (asked is not null && !SweepId.IsValid(asked))
            {
                throw new UserError($"'{asked}' is no name of a sweep. See: memcluster list");
            }

            var progress = new AuditProgress(doors.Clock);
            var audit = Task.Run(
                () => JournalAudit.Run(new(parse.GetValue(home)!), parse.GetValue(journal), asked is null ? null : new SweepId(asked), progress, cancel), cancel);
            var report = await LiveLine.While(terminal, progress.Now, audit, cancel);
            terminal.Write(report, parse.GetValue(json), Lines);
            return report.Findings.Count == 0 ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return command;
    }

    private static IEnumerable<Line> Lines(AuditReport report)
    {
        yield return new(report.Journal);
        if (report.Sweeps.Count > 0)
        {
            foreach (var line in Answers.Table(
                [("SWEEP", false), ("TRIALS", true), ("ENDED", true), ("PROVED", true), ("EPOCHS", true), ("EVENTS", true), ("WITHOUT CHAIN", true)],
                report.Sweeps.Select(sweep => (IReadOnlyList<string>)
                [
                    sweep.Sweep.Name, Numbers.Count(sweep.Counts.Trials), Numbers.Count(sweep.Counts.Done), Numbers.Count(sweep.Whole),
                    Numbers.Count(sweep.Epochs), Numbers.Count(sweep.Events), Numbers.Count(sweep.Unchained),
                ])))
            {
                yield return line;
            }
        }

        foreach (var finding in report.Findings.Take(MostShown))
        {
            var whose = finding.Sweep is { } sweep ? finding.Trial is { } trial ? $"{sweep}, trial {trial}: " : $"{sweep}: " : "";
            foreach (var line in Answers.Wrapped($"{whose}{finding.What} ({finding.Where})"))
            {
                yield return new(line, Tone.Bad);
            }
        }

        if (report.Findings.Count > MostShown)
        {
            yield return new($"… and {Numbers.Count(report.Findings.Count - MostShown)} more; all of them: --json", Tone.Bad);
        }

        foreach (var remedy in report.Findings.Select(finding => finding.Remedy).Distinct())
        {
            foreach (var line in Answers.Wrapped(remedy))
            {
                yield return new(line, Tone.Strong);
            }
        }

        foreach (var line in report.Notes.Take(MostShown).SelectMany(Answers.Wrapped))
        {
            yield return new(line, Tone.Strong);
        }

        if (report.Findings.Count == 0)
        {
            yield return new(
                report.Sweeps.Count == 0 ? "There is no sweep in it." : $"All {Numbers.Count(report.Events)} events are those that were written, and every result follows from them.", Tone.Good);
        }
    }
}
