using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using MemCluster.Cli.Completion;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting.Files;

namespace MemCluster.Cli;

/// <summary>All verbs, and what every one of them does with mistakes: a sentence on standard error and the exit code that scripts rely on.</summary>
public static class CommandTree
{
    /// <summary>A little more than a run takes to give its trials back and write what there is.</summary>
    private static readonly TimeSpan StopsWithin = TimeSpan.FromMilliseconds(1700);

    /// <param name="interrupt">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Invoke(string[] args, Doors doors, Terminal terminal, CancellationToken interrupt = default)
    {
        var parse = Build(doors, terminal).Parse(args);
        var mistakes = CommandMistakes.Of(parse, $"memcluster {VerbOf(parse)}".TrimEnd());
        if (mistakes.Count > 0)
        {
            foreach (var mistake in mistakes)
            {
                terminal.Error(mistake);
            }

            return ExitCodes.Wrong;
        }

        terminal.Output.GoesOn = Works(parse);
        try
        {
            // On another thread: a read that never returns must not keep this one.
            var verb = Task.Run(
                () => parse.InvokeAsync(
                    new InvocationConfiguration
                    {
                        EnableDefaultExceptionHandler = false,
                        ProcessTerminationTimeout = null,
                        Output = terminal.Output,
                    },
                    interrupt),
                CancellationToken.None);
            var code = await (TakesItsTime(parse) ? verb : Prompt(verb, interrupt));
            terminal.Output.Flush();
            return code;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (OutputLostException lost)
        {
            if (lost.ReaderLeft)
            {
                return ExitCodes.Fine;
            }

            terminal.Error($"Standard output can't be written: {lost.Message.Split(" : ")[0].TrimEnd('.')}. What stands there is not the whole.");
            return ExitCodes.Wrong;
        }
        catch (SpecProblemsException wrong)
        {
            foreach (var problem in wrong.Problems)
            {
                terminal.Error(problem);
            }

            terminal.Error($"{wrong.Problems.Count} {(wrong.Problems.Count == 1 ? "problem" : "problems")}; nothing was run.");
            return ExitCodes.Wrong;
        }
        catch (UserError wrong)
        {
            terminal.Error(wrong.Message);
            return ExitCodes.Wrong;
        }
        catch (Exception broken)
        {
            Faults.Tell(broken, terminal, IsVerbose(parse));
            return ExitCodes.TrialsFailed;
        }
    }

    internal static bool IsVerbose(ParseResult parse) => parse.GetValue(Options.Verbose);

    internal static RootCommand Build(Doors doors, Terminal terminal)
    {
        var root = new RootCommand(Examples.About)
        {
            PlanVerb.Build(doors, terminal), RunVerb.Build(doors, terminal),
        };
        Command[] others =
        [
            JournalVerbs.Build(terminal), AuditVerb.Build(doors, terminal), ReplayVerb.Build(doors, terminal), VerifyVerb.Build(terminal),
            ReportVerb.Build(doors, terminal), DataVerbs.Build(doors, terminal), NumericsVerb.Build(terminal), ChaosVerb.Build(doors, terminal),
            NodeCommand.Build(NodeVerb.Coordinator, doors.Coordinator, Options.Verbose), NodeCommand.Build(NodeVerb.Trainer, doors.Trainer, Options.Verbose),
        ];
        foreach (var command in CatalogueVerbs.Build(doors, terminal).Concat(others).Concat(CompletionVerbs.Build(doors, terminal)))
        {
            root.Add(command);
        }

        root.Add(Options.Verbose);
        foreach (var option in root.Options)
        {
            switch (option)
            {
                case HelpOption { Action: HelpAction help }:
                    help.MaxWidth = 100;
                    option.Action = new Examples(help);
                    break;
                case VersionOption:
                    option.Action = new VersionText();
                    break;
            }
        }

        return root;
    }

    /// <summary>Verbs that are there for what they do: it must not end because nobody can be shown it.</summary>
    private static bool Works(ParseResult parse) => parse.CommandResult.Command.Name is "run" or "resume" or "watch" or "chaos" or "coordinator" or "trainer";

    /// <summary>Verbs that answer the first signal at their own pace: nodes drain, and a half-made copy of a journal must not be taken for one.</summary>
    private static bool TakesItsTime(ParseResult parse) => parse.CommandResult.Command.Name is "coordinator" or "trainer" or "migrate";

    /// <summary>The verb's end, or soon after the signal its abandonment: a named pipe, or a disk that has gone away, never looks at a token.</summary>
    private static async Task<int> Prompt(Task<int> verb, CancellationToken interrupt)
    {
        using var over = new CancellationTokenSource();
        using var asked = interrupt.UnsafeRegister(_ => over.CancelAfter(StopsWithin), null);
        try
        {
            return await verb.WaitAsync(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !verb.IsCompleted)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static string VerbOf(ParseResult parse) =>
        parse.CommandResult.Command is RootCommand ? "" : parse.CommandResult.Command.Name;

    private sealed class VersionText : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"memcluster {Manifest.CodeVersion} ({NumericsSettings.Version})");
            return ExitCodes.Fine;
        }
    }
}
