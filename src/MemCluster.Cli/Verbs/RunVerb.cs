using System.CommandLine;
using MemCluster.Operations;

namespace MemCluster.Cli;

/// <summary><c>run SPEC</c>: a whole sweep, or what is left of it, on this machine.</summary>
internal static class RunVerb
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var file = Options.Specs("Sweep files; several run side by side.");
        var (set, preset) = (Options.Set(), Options.Preset());
        var run = new RunSwitches();
        var command = new Command("run", "Run sweeps on this machine, or go on with them.") { file, set, preset };
        run.AddTo(command);
        command.SetAction((parse, cancel) =>
        {
            var specs = SpecReader.Read(parse.GetValue(file)!, parse.GetValue(set)!, parse.GetValue(preset));
            return new RunSession(doors, terminal, specs, run.Of(parse), run.AcceptsVersion(parse)).Run(cancel);
        });
        return command;
    }
}
