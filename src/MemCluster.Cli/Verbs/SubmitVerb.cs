using System.CommandLine;
using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Cli;

/// <summary><c>submit SPEC</c>: hand sweeps to a coordinator that runs already, and go.</summary>
internal static class SubmitVerb
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var file = Options.Specs("Sweep files.");
        var accept = new Option<bool>("--accept-version") { Description = "Continue a sweep that was begun under another numerics version." };
        var (set, preset, home, at) = (Options.Set(), Options.Preset(), Options.Home(), new ReachSwitches());
        var command = new Command("submit", "Hand sweeps to a coordinator that runs already.") { file, set, preset, home, accept };
        at.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var specs = SpecReader.Read(parse.GetValue(file)!, parse.GetValue(set)!, parse.GetValue(preset));
            await using var reader = await HomeReader.Open(doors, at.Of(parse), parse.GetValue(home)!);
            var problems = new List<string>();
            foreach (var spec in specs)
            {
                var reply = await reader.Operator!.Submit(new SubmitRequest(spec.Canonical, parse.GetValue(accept)), cancel);
                problems.AddRange(reply.Problems);
                if (reply.Problems.Count == 0)
                {
                    var left = reply.Counts.Trials - reply.Counts.Ended;
                    var where = at.Of(parse).Address is { } address ? $"{spec.Name} --at {address}" : CommandText.Of("status", spec.Name.Name, parse.GetValue(home)!)["memcluster status ".Length..];
                    terminal.Write($"{(reply.Continued ? "Continuing" : "Submitted")} {spec.Name}: {Numbers.Count(reply.Counts.Trials, "trial", "trials")}, "
                        + $"{Numbers.Count(left)} left. Follow it with: memcluster status {where}");
                }
            }

            return problems.Count == 0 ? ExitCodes.Fine : throw new SpecProblemsException(problems);
        });
        return command;
    }
}
