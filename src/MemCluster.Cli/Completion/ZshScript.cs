using System.Text;

namespace MemCluster.Cli.Completion;

/// <summary>The completion script for zsh: a function <c>_memcluster</c>, to be put on <c>fpath</c> or to be sourced after compinit.</summary>
internal static class ZshScript
{
    private const string Beginning = """
        #compdef memcluster
        # Completion of memcluster for zsh. Made by: memcluster completion zsh

        _memcluster_ask() {
            local -a reach names
            local i
            for ((i = 1; i < CURRENT; i++)); do
                case ${words[i]} in
                    @REACH@) reach+=("${words[i]}" "${words[i + 1]}") ;;
                esac
            done
            names=(${(f)"$(command memcluster complete $1 $reach 2> /dev/null)"})
            compadd -a names
        }

        """;

    public static string Of(CompletedVerb root)
    {
        var script = new StringBuilder(Beginning.Replace("@REACH@", string.Join(" | ", CompletionVerbs.Reach), StringComparison.Ordinal));
        Function(script, root);
        return script.Append("""

            # On fpath this file is the function itself; sourced, it is only declared.
            if [[ $funcstack[1] == _memcluster ]]; then
                _memcluster "$@"
            elif (( $+functions[compdef] )); then
                compdef _memcluster memcluster
            fi

            """).ToString();
    }

    private static void Function(StringBuilder script, CompletedVerb verb)
    {
        foreach (var below in verb.Verbs)
        {
            Function(script, below);
        }

        script.Append($"\n{NameOf(verb)}() {{\n");
        if (verb.Verbs.Count == 0)
        {
            script.Append("    _arguments");
            foreach (var option in verb.Options)
            {
                script.Append($" \\\n        {Spec(option)}");
            }

            for (var place = 0; place < verb.Places.Count; place++)
            {
                var value = verb.Places[place];
                script.Append($" \\\n        '{(value.Offer == Offer.SweepFile ? "*" : $"{place + 1}")}:{value.Name}:{Action(value)}'");
            }

            script.Append("\n}\n");
            return;
        }

        script.Append("    local context state line curcontext=$curcontext\n    typeset -A opt_args\n    local -a verbs\n    _arguments -C");
        foreach (var option in verb.Options)
        {
            script.Append($" \\\n        {Spec(option)}");
        }

        script.Append(" \\\n        '1: :->verb' '*:: :->rest'\n    case $state in\n        verb)\n            verbs=(\n");
        foreach (var below in verb.Verbs)
        {
            script.Append($"                '{below.Name}:{Quoted(below.Description).Replace(":", "\\:", StringComparison.Ordinal)}'\n");
        }

        script.Append("            )\n            _describe verb verbs\n            ;;\n        rest)\n            case $words[1] in\n");
        foreach (var below in verb.Verbs)
        {
            script.Append($"                {below.Name}) {NameOf(below)} ;;\n");
        }

        script.Append("            esac\n            ;;\n    esac\n}\n");
    }

    private static string NameOf(CompletedVerb verb) => verb.Path.Length == 0 ? "_memcluster" : "_memcluster-" + verb.Path.Replace(' ', '-');

    private static string Spec(CompletedValue option)
    {
        var description = Quoted(option.Description).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);
        return $"'{(option.Offer == Offer.None ? "" : "*")}{option.Name}[{description}]{(option.Offer == Offer.None ? "" : $":value:{Action(option)}")}'";
    }

    private static string Quoted(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);

    private static string Action(CompletedValue value) => value.Offer switch
    {
        Offer.Folder => "_files -/",
        Offer.File => "_files",
        Offer.SweepFile => "_files -g \"*.(yaml|yml)\"",
        Offer.Sweep => " _memcluster_ask sweeps", // A space first: words as they stand here, none put between.
        Offer.Node => " _memcluster_ask nodes",
        Offer.Choice => $"({string.Join(' ', value.Choices)})",
        _ => " ",
    };
}
