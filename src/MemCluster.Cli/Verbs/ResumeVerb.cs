using System.CommandLine;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;

namespace MemCluster.Cli;

/// <summary>
/// <c>resume [SWEEP]</c>: go on with a sweep by its name, without its file; without a name, with all that are not finished. Where a coordinator
/// is at work it is told to go on; else this process runs the home.
/// </summary>
internal static class ResumeVerb
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var name = new Argument<string?>("SWEEP") { Description = "The sweep; without it, all that are not finished.", Arity = ArgumentArity.ZeroOrOne };
        var preset = Options.Preset("The sweep that a file became with this preset: SWEEP-PRESET.");
        var run = new RunSwitches();
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text, where a coordinator is told." };
        var command = new Command("resume", "Go on with a sweep that was stopped.") { name, preset, json };
        var at = new ReachSwitches();
        run.AddTo(command);
        at.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var specs = new List<SweepSpec>();
            var meant = parse.GetValue(name) is { } file && parse.GetValue(preset) is { } laid ? $"{file}-{laid}" : parse.GetValue(name);
            if (meant is null && parse.GetValue(preset) is not null)
            {
                throw new UserError("--preset needs the sweep that it belongs to: memcluster resume SWEEP --preset PRESET");
            }

            if (at.Of(parse) is { Address: not null } reach)
            {
                await using var far = await HomeReader.Open(doors, reach, run.HomeOf(parse), cancel);
                return await Lift(far.Operator!, Said(meant, parse), terminal, cancel);
            }

            // Given back before the node starts: it writes to the same home.
            await using (var reader = await HomeReader.Open(doors, at.Of(parse), run.HomeOf(parse), cancel))
            {
                // A process is at work here. What it holds is resumed there; what runs already needs no second writer, which is refused further on.
                if (reader.Operator is IFarOperator atWork && await Held(atWork, meant, cancel) is { } held)
                {
                    return await Lift(atWork, Said(held, parse), terminal, cancel);
                }

                var sweeps = meant is { } one
                    ? [await SweepChoice.Of(reader.Operator!, one, cancel)]
                    : (await reader.Operator!.List(cancel)).Where(sweep => sweep.Counts.Ended < sweep.Counts.Trials && sweep.State != SweepSummary.CannotBeRead).ToArray();
                foreach (var sweep in sweeps)
                {
                    specs.Add(await SweepChoice.SpecOf(reader.Operator!, sweep.Sweep, cancel));
                }
            }

            if (specs.Count == 0)
            {
                terminal.Write($"Nothing to go on with in {run.HomeOf(parse)}: every sweep there is finished.");
                return ExitCodes.Fine;
            }

            return await new RunSession(doors, terminal, specs, run.Of(parse), run.AcceptsVersion(parse)).Run(cancel);
        });
        return command;

        VerbArguments Said(string? sweep, ParseResult parse)
        {
            var values = new Dictionary<string, IReadOnlyList<string>> { [VerbArguments.Json] = parse.GetValue(json) ? ["true"] : [] };
            if (sweep is not null)
            {
                values[VerbArguments.Sweep] = [sweep];
            }

            return new(values);
        }
    }

    /// <summary>The sweep that is meant, if it is held; without a name, the only one that is.</summary>
    private static async Task<string?> Held(IFarOperator atWork, string? name, CancellationToken cancel)
    {
        var held = (await atWork.List(cancel))
            .Where(sweep => sweep.State is "paused" or "stopping" or "stopped" && (name is null || sweep.Sweep.Name == name)).ToArray();
        return held.Length == 1 ? held[0].Sweep.Name : null;
    }

    private static async Task<int> Lift(IOperator atWork, VerbArguments said, Terminal terminal, CancellationToken cancel)
    {
        await foreach (var line in VerbRun.Lines(OperatorCatalogue.Find("resume")!, atWork, said, ask: null, cancel))
        {
            terminal.Write(line);
        }

        return ExitCodes.Fine;
    }
}
