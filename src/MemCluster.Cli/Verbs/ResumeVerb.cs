using System.CommandLine;
using MemCluster.Messages;
using MemCluster.Operations.Verbs;

namespace MemCluster.Cli;

/// <summary><c>resume [SWEEP]</c>: go on with a sweep by its name, without its file; without a name, with all that are not finished.</summary>
internal static class ResumeVerb
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var name = new Argument<string?>("SWEEP") { Description = "The sweep; without it, all that are not finished.", Arity = ArgumentArity.ZeroOrOne };
        var run = new RunSwitches();
        var command = new Command("resume", "Go on with a sweep that was stopped.") { name };
        run.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var specs = new List<SweepSpec>();
            // Given back before the node starts: it writes to the same home.
            await using (var reader = await HomeReader.Open(doors, null, run.HomeOf(parse)))
            {
                var sweeps = parse.GetValue(name) is { } one
                    ? [await SweepChoice.Of(reader.Operator!, one, cancel)]
                    : (await reader.Operator!.List(cancel)).Where(sweep => sweep.Counts.Ended < sweep.Counts.Trials).ToArray();
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

            return await new RunSession(doors, terminal, specs, run.Of(parse)).Run(cancel);
        });
        return command;
    }
}
