using System.CommandLine;
using System.CommandLine.Help;

namespace MemCluster.Hosting;

/// <summary>The coordinator and the trainer as commands: a verb of memcluster each, and an executable each. Both are this.</summary>
public static class NodeCommand
{
    /// <summary>A command that was understood by nobody changes nothing.</summary>
    private const int Wrong = 2;

    /// <param name="start">Serves until the process is told to stop; gives the exit code.</param>
    /// <param name="verbose">Of the door, above the verb.</param>
    public static Command Build(NodeVerb verb, Func<NodeValues, Task<int>> start, Option<bool> verbose) =>
        Fill(new Command(verb.ToString().ToLowerInvariant(), About(verb)), verb, start, verbose);

    /// <summary>The executable of one verb.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(NodeVerb verb, string[] args, Func<NodeValues, Task<int>> start)
    {
        var parse = Alone(verb, start).Parse(args);
        var mistakes = CommandMistakes.Of(parse, $"memcluster-{verb.ToString().ToLowerInvariant()}");
        foreach (var mistake in mistakes)
        {
            await Console.Error.WriteLineAsync(mistake).ConfigureAwait(false);
        }

        // Signals are the node's own: it gives its trials back first.
        return mistakes.Count > 0 ? Wrong
            : await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }).ConfigureAwait(false);
    }

    /// <summary>The command of the executable.</summary>
    internal static RootCommand Alone(NodeVerb verb, Func<NodeValues, Task<int>> start)
    {
        var verbose = NodeArguments.Verbose.Make();
        var root = Fill(new RootCommand(About(verb)) { verbose }, verb, start, verbose);
        foreach (var help in root.Options.OfType<HelpOption>().Select(option => option.Action).OfType<HelpAction>())
        {
            help.MaxWidth = 100;
        }

        return root;
    }

    private static string About(NodeVerb verb) => verb == NodeVerb.Coordinator
        ? "Remember sweeps and hand out trials; serve until stopped."
        : "Train trials for a coordinator; stop with Ctrl-C, which gives them back, or SIGTERM, which first lets them end their epoch.";

    private static TCommand Fill<TCommand>(TCommand command, NodeVerb verb, Func<NodeValues, Task<int>> start, Option<bool> verbose)
        where TCommand : Command
    {
        var switches = new NodeSwitches(verb, verbose);
        switches.AddTo(command);
        command.SetAction((parse, _) => start(switches.Of(parse)));
        return command;
    }
}
