using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MemCluster.Cli;

/// <summary>Help that ends in commands to copy.</summary>
internal sealed class Examples(HelpAction help) : SynchronousCommandLineAction
{
    public const string About =
        "Sweeps of neural-network training for memorization research: one file, one sweep, on this machine or on many; stop it and go on at any time.";

    private static readonly Dictionary<string, string[]> Of = new()
    {
        [""] =
        [
            "memcluster plan specs/first-look.yaml      what it would be and cost",
            "memcluster run specs/first-look.yaml       run it, or go on with it",
            "memcluster status                          how it is going, from another terminal",
            "memcluster data get mnist                  real data",
        ],
        ["plan"] = ["memcluster plan specs/noise-by-capacity.yaml --slots 8", "memcluster plan specs/noise-by-capacity.yaml --set training.epochs=5"],
        ["run"] =
        [
            "memcluster run specs/first-look.yaml",
            "memcluster run specs/noise-by-capacity.yaml --set seeds=1 --set training.epochs=5 --home /tmp/try",
            "memcluster run specs/paper/*.yaml --preset quick",
            "memcluster run specs/first-look.yaml --slots 0 --listen 0.0.0.0:4053 --advertise node1:4053",
        ],
        ["resume"] = ["memcluster resume noise-by-capacity", "memcluster resume noise-by-capacity --at 127.0.0.1:4080", "memcluster resume --home /data/sweeps"],
        ["submit"] = ["memcluster submit specs/noise-by-capacity.yaml --at 127.0.0.1:4080"],
        ["list"] = ["memcluster list", "memcluster list --at 127.0.0.1:4080 --json"],
        ["status"] = ["memcluster status", "memcluster status noise-by-capacity --at 127.0.0.1:4080"],
        ["trials"] =
        [
            "memcluster trials noise-by-capacity --where \"noise=label 0.4\" state=failed",
            "memcluster trials --sort validation_accuracy_best --limit 10",
            "memcluster trials noise-by-capacity --json | jq .measures",
        ],
        ["trial"] = ["memcluster trial noise-by-capacity 82", "memcluster trial 82 --at 127.0.0.1:4080"],
        ["replay"] = ["memcluster replay noise-by-capacity 82", "memcluster replay noise-by-capacity 82 --at 127.0.0.1:4080 --data /data"],
        ["heat"] =
        [
            "memcluster heat noise-by-capacity --regularizer \"dropout 0.5\"",
            "memcluster heat --measure convergence_epoch --where seed=0",
        ],
        ["examples"] =
        [
            "memcluster examples measured --top forgetting --limit 20",
            "memcluster examples measured --trial 2 --top -aum --images --to suspects.png",
        ],
        ["pause"] = ["memcluster pause noise-by-capacity", "memcluster pause noise-by-capacity --at 127.0.0.1:4080"],
        ["stop"] = ["memcluster stop noise-by-capacity --at 127.0.0.1:4080"],
        ["cancel"] = ["memcluster cancel noise-by-capacity", "memcluster cancel noise-by-capacity --yes --at 127.0.0.1:4080"],
        ["retry"] = ["memcluster retry noise-by-capacity --failed"],
        ["delete"] = ["memcluster delete noise-by-capacity", "memcluster delete noise-by-capacity --yes --at 127.0.0.1:4080"],
        ["priority"] = ["memcluster priority noise-by-capacity 10 --at 127.0.0.1:4080"],
        ["drain"] = ["memcluster drain node7 --at 127.0.0.1:4080", "memcluster drain node7 --undo"],
        ["tail"] = ["memcluster tail noise-by-capacity", "memcluster tail noise-by-capacity 82 --json --at 127.0.0.1:4080"],
        ["watch"] = ["memcluster watch noise-by-capacity", "memcluster watch noise-by-capacity --at 127.0.0.1:4080"],
        ["audit"] = ["memcluster audit", "memcluster audit noise-by-capacity --home /data/sweeps"],
        ["chaos"] =
        [
            "memcluster chaos specs/first-look.yaml --for 10m --seed 7",
            "memcluster chaos specs/first-look.yaml --every 20s --faults kill,pause,flip --trainers 3",
            "memcluster chaos specs/first-look.yaml --seed 7 --plan 20        what it would do",
        ],
        ["nodes"] = ["memcluster nodes", "memcluster nodes --at 127.0.0.1:4080 --json"],
        ["export"] = ["memcluster export noise-by-capacity", "memcluster export noise-by-capacity --format json --to -"],
        ["report"] =
        [
            "memcluster report noise-by-capacity --open",
            "memcluster report e11-quick --spec specs/paper/e11.yaml --preset quick",
            "memcluster report --compare first-look first-look-wide",
        ],
        ["verify"] = ["memcluster verify .memcluster/results/noise-by-capacity", "memcluster verify noise-by-capacity --json"],
        ["data"] = ["memcluster data list", "memcluster data get fashion-mnist"],
        ["get"] = ["memcluster data get mnist", "memcluster data get cifar10 --from http://mirror.local/data --to /data"],
        ["numerics"] =
        [
            "memcluster numerics                        on two machines that disagree, then diff",
            "memcluster numerics --check",
        ],
        ["completion"] =
        [
            "memcluster completion bash > ~/.local/share/bash-completion/completions/memcluster",
            "memcluster completion zsh > ~/.zfunc/_memcluster        with ~/.zfunc on fpath",
            "memcluster completion fish > ~/.config/fish/completions/memcluster.fish",
        ],
        ["coordinator"] = ["memcluster coordinator --home /data/sweeps --listen 0.0.0.0:4053 --advertise node1:4053"],
        ["trainer"] = ["memcluster trainer --join node1:4053 --slots 4"],
    };

    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        var command = parseResult.CommandResult.Command;
        if (Of.TryGetValue(command is RootCommand ? "" : command.Name, out var examples))
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine("  " + example);
            }

            output.WriteLine();
        }

        return result;
    }
}
