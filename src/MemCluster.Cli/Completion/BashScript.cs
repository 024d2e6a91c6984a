using System.Text;

namespace MemCluster.Cli.Completion;

/// <summary>The completion script for bash, 4 or later. Only names of sweeps and trainers cost a call of the program.</summary>
internal static class BashScript
{
    private const string Beginning = """
        # Completion of memcluster for bash. Made by: memcluster completion bash
        _memcluster_offer() {
            mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
        }

        _memcluster_files() {
            compopt -o filenames 2> /dev/null
            mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
        }

        _memcluster_sweep_files() {
            compopt -o filenames 2> /dev/null
            mapfile -t COMPREPLY < <(compgen -d -- "$cur"; compgen -f -X '!*.y*ml' -- "$cur")
        }

        _memcluster_ask() {
            _memcluster_offer "$(command "${COMP_WORDS[0]}" complete "$1" "${reach[@]}" 2> /dev/null)"
        }

        _memcluster() {
            local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} path='' place=0 word value i
            local -a reach=()
            COMPREPLY=()
            for ((i = 1; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                case $word in
                    @VALUED@)
                        value=${COMP_WORDS[++i]-}
                        # bash takes HOST:PORT apart at the colon.
                        while [[ ${COMP_WORDS[i + 1]-} == : ]]; do
                            value+=:${COMP_WORDS[i + 2]-}
                            ((i += 2))
                        done
                        case $word in
                            @REACH@) ((i < COMP_CWORD)) && reach+=("$word" "$value") ;;
                        esac
                        ;;
                    -*) ;;
                    *)
                        case "$path $word" in
                            @PATHS@) path="${path:+$path }$word" ;;
                            *) ((place += 1)) ;;
                        esac
                        ;;
                esac
            done

        """;

    public static string Of(CompletedVerb root)
    {
        var script = new StringBuilder();
        CompletedValue[] valued = [.. root.All.SelectMany(verb => verb.Options).Where(option => option.Offer != Offer.None).DistinctBy(option => option.Name)];
        script.Append(Beginning
            .Replace("@VALUED@", string.Join(" | ", valued.Select(option => option.Name)), StringComparison.Ordinal)
            .Replace("@REACH@", string.Join(" | ", CompletionVerbs.Reach), StringComparison.Ordinal)
            .Replace("@PATHS@", string.Join(" | ", root.All.Where(verb => verb.Path.Length > 0)
                .Select(verb => $"'{(verb.Path.Contains(' ') ? verb.Path : " " + verb.Path)}'")), StringComparison.Ordinal));
        script.Append("    case $prev in\n");
        foreach (var group in valued.GroupBy(Action))
        {
            script.Append($"        {string.Join(" | ", group.Select(option => option.Name))}) {group.Key}; return ;;\n");
        }

        script.Append("    esac\n\n    if [[ $cur == -* ]]; then\n        case $path in\n");
        foreach (var verb in root.All)
        {
            script.Append($"            '{verb.Path}') _memcluster_offer '{string.Join(' ', verb.Options.Select(option => option.Name))}' ;;\n");
        }

        script.Append("        esac\n        return\n    fi\n\n    case \"$path $place\" in\n");
        foreach (var verb in root.All)
        {
            if (verb.Verbs.Count > 0)
            {
                script.Append($"        '{verb.Path} 0') _memcluster_offer '{string.Join(' ', verb.Verbs.Select(below => below.Name))}' ;;\n");
            }

            for (var place = 0; place < verb.Places.Count; place++)
            {
                // A sweep file may be followed by another.
                var where = verb.Places[place].Offer == Offer.SweepFile ? $"'{verb.Path} '*" : $"'{verb.Path} {place}'";
                script.Append($"        {where}) {Action(verb.Places[place])} ;;\n");
            }
        }

        return script.Append("    esac\n}\n\ncomplete -F _memcluster memcluster\n").ToString();
    }

    private static string Action(CompletedValue value) => value.Offer switch
    {
        Offer.Folder => "_memcluster_files -d",
        Offer.File => "_memcluster_files -f",
        Offer.SweepFile => "_memcluster_sweep_files",
        Offer.Sweep => "_memcluster_ask sweeps",
        Offer.Node => "_memcluster_ask nodes",
        Offer.Choice => $"_memcluster_offer '{string.Join(' ', value.Choices)}'",
        _ => ":",
    };
}
