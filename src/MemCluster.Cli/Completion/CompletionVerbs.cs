using System.CommandLine;
using MemCluster.Hosting;
using MemCluster.Operations;

namespace MemCluster.Cli.Completion;

/// <summary>
/// <c>completion bash|zsh|fish</c> prints a script that the shell sources; <c>complete sweeps|nodes</c>, which help doesn't show, is what the
/// scripts ask for names that change.
/// </summary>
internal static class CompletionVerbs
{
    /// <summary>Options that say whom to ask; the scripts hand them on.</summary>
    public static readonly IReadOnlyList<string> Reach = ["--home", "--at", "--ca", "--token-file"];

    /// <summary>Nobody waits longer for a list of names.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static IEnumerable<Command> Build(Doors doors, Terminal terminal) => [Script(terminal), Names(doors, terminal)];

    private static Command Script(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script that lets a shell complete verbs, options and names of sweeps.") { shell };
        command.SetAction(parse =>
        {
            var root = CompletedVerb.Of((RootCommand)parse.RootCommandResult.Command);
            terminal.Output.Write(parse.GetValue(shell) switch
            {
                "bash" => BashScript.Of(root),
                "zsh" => ZshScript.Of(root),
                _ => FishScript.Of(root),
            });
            return ExitCodes.Fine;
        });
        return command;
    }

    /// <summary>One name a line. Whatever is wrong there are no names then: a shell is in the middle of somebody's typing.</summary>
    private static Command Names(Doors doors, Terminal terminal)
    {
        var what = new Argument<string>("WHAT");
        what.AcceptOnlyFromAmong("sweeps", "nodes");
        var (home, at) = (NodeArguments.Home.Make(), new ReachSwitches());
        var command = new Command("complete") { what, home };
        command.Hidden = true;
        at.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Patience);
            try
            {
                await using var reader = await HomeReader.Open(doors, at.Of(parse), parse.GetValue(home)!, limit.Token);
                var names = parse.GetValue(what) == "nodes"
                    ? (await reader.Operator!.Nodes(limit.Token)).Select(node => node.Trainer)
                    : (await reader.Operator!.List(limit.Token)).Select(sweep => sweep.Sweep.Name);
                foreach (var name in names)
                {
                    terminal.Write(name);
                }
            }
            catch (Exception problem) when (problem is UserError or OperationCanceledException or IOException or UnauthorizedAccessException)
            {
                // No names.
            }

            return ExitCodes.Fine;
        });
        return command;
    }
}
