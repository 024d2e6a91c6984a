using System.Text;

namespace MemCluster.Cli.Completion;

/// <summary>The completion script for fish.</summary>
internal static class FishScript
{
    private const string Beginning = """
        # Completion of memcluster for fish. Made by: memcluster completion fish
        function __memcluster_is
            set -l path (string match -v -- '-*' (commandline -opc)[2..])
            set -l deep (count $argv)
            test (count $path) -ge $deep; and test "$path[1..$deep]" = "$argv"
        end

        function __memcluster_begins
            set -l path (string match -v -- '-*' (commandline -opc)[2..])
            test "$path" = "$argv"
        end

        function __memcluster_ask
            set -l words (commandline -opc)
            set -l reach
            for i in (seq (count $words))
                if contains -- $words[$i] @REACH@
                    set -a reach $words[$i] $words[(math $i + 1)]
                end
            end
            command memcluster complete $argv[1] $reach 2> /dev/null
        end

        complete -c memcluster -f

        """;

    public static string Of(CompletedVerb root)
    {
        var script = new StringBuilder(Beginning.Replace("@REACH@", string.Join(' ', CompletionVerbs.Reach), StringComparison.Ordinal));
        foreach (var verb in root.All)
        {
            script.Append('\n');
            foreach (var below in verb.Verbs)
            {
                script.Append($"complete -c memcluster -n '{$"__memcluster_begins {verb.Path}".TrimEnd()}' -a {below.Name} -d {Quoted(below.Description)}\n");
            }

            var here = verb.Path.Length == 0 ? "__memcluster_begins" : $"__memcluster_is {verb.Path}";
            foreach (var option in verb.Options)
            {
                script.Append($"complete -c memcluster -n '{here}' -l {option.Name.TrimStart('-')}{Value(option)} -d {Quoted(option.Description)}\n");
            }

            foreach (var action in verb.Places.Select(Action).Where(action => action.Length > 0).Distinct())
            {
                script.Append($"complete -c memcluster -n '{here}' {action}\n");
            }
        }

        return script.ToString();
    }

    private static string Value(CompletedValue option) => option.Offer switch
    {
        Offer.None => "",
        Offer.Anything => " -x",
        Offer.File => " -r -F",
        _ => $" -x {Action(option)}",
    };

    private static string Action(CompletedValue value) => value.Offer switch
    {
        Offer.Folder => "-a '(__fish_complete_directories)'",
        Offer.File => "-F",
        Offer.SweepFile => "-k -a '(__fish_complete_suffix .yaml .yml)'",
        Offer.Sweep => "-a '(__memcluster_ask sweeps)'",
        Offer.Node => "-a '(__memcluster_ask nodes)'",
        Offer.Choice => $"-a '{string.Join(' ', value.Choices)}'",
        _ => "",
    };

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
