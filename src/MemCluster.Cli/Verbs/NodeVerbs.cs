using System.CommandLine;
using MemCluster.Coordinator;

namespace MemCluster.Cli;

/// <summary>
/// <c>coordinator</c> and <c>trainer</c>: the two nodes apart. Each can be started alone too and reads its own arguments; here they are only
/// declared, so that help and mistakes look like those of every other verb.
/// </summary>
internal static class NodeVerbs
{
    public static IEnumerable<Command> Build(Doors doors)
    {
        var name = new Option<string?>("--name") { Description = "The trainer's name, kept over a restart. Default: made from host and process.", HelpName = "NAME" };
        var device = new Option<string?>("--device")
        {
            Description = "Where to compute: auto (a graphics card where build and machine have one), cpu, or cuda:N.",
            HelpName = "DEVICE",
        };
        var numerics = new Option<string?>("--numerics")
        {
            Description = "Instruction set to compute with: avx2, avx512 or native. Only sweeps that ask for the same come here. Default: avx2",
            HelpName = "SET",
        };
        var checkpoints = new Option<string?>("--checkpoints")
        {
            Description = "Keep trials here between epochs, so that another attempt goes on from there. Machines may share it. Default: none.",
            HelpName = "DIR",
        };
        var every = Seconds("--checkpoint-every", "Keep a trial at most every so many seconds of training. Default: 60");
        var within = Seconds("--drain-within", "After SIGTERM trials stop at the end of their epoch, at the latest after so long. Default: 60");
        var wait = Seconds("--wait", "Give up where no coordinator has answered for so long. Default: wait as long as it takes.");
        var join = Options.Join("The coordinator to work for; where there are several, all of them.");
        join.Required = true;
        yield return Of("coordinator", "Remember sweeps and hand out trials; serve until stopped.", doors.Coordinator,
            Options.Home(),
            Options.Address("--listen", $"Address for trainers to join; port 0 takes a free one. Default: {CoordinatorProgram.DefaultListen}"), Options.Advertise(),
            Options.Address("--http", $"Address of the HTTP API; beyond loopback it needs certificates and a token. Default: {CoordinatorProgram.DefaultHttp}"),
            Options.Certificates(), Options.TokenFile(), Health(), Options.Journal(),
            Options.Join("Be one of several coordinators: the addresses of all, in the same order everywhere. Needs --journal."),
            Options.Address("--advertise-http", "Where the other coordinators reach the HTTP API, where it differs."),
            Options.Log("memcluster.log in the home"), Options.LogFormat(), Options.Otlp(), Options.Hocon(),
            new Option<string?>("--pbm") { Description = $"Loopback address of Petabridge.Cmd, in builds that have it. Default: {CoordinatorProgram.DefaultPbm}", HelpName = "HOST:PORT|off" },
            new Option<bool>("--pbm-write") { Description = "Let Petabridge.Cmd cancel, delete and take nodes out too; it asks for no password." },
            new Option<string?>("--specs") { Description = "Where Petabridge.Cmd finds sweep files. Default: HOME/specs", HelpName = "DIR" });
        yield return Of("trainer", "Train trials for a coordinator; stop with Ctrl-C, which gives them back, or SIGTERM, which first lets them end their epoch.", doors.Trainer,
            join, Options.Slots("Trials trained at once."), Options.Label(), Options.Memory(), device, numerics, checkpoints, every, within, wait, Options.Data(),
            Options.Listen(), Options.Advertise(), Options.Certificates(), name,
            Health(), Options.Log("stderr"), Options.LogFormat(), Options.Otlp(), Options.Hocon());
    }

    private static Option<int?> Seconds(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "SECONDS" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count != 1 || !int.TryParse(result.Tokens[0].Value, out var seconds) || seconds is < 0 or > 86_400)
            {
                result.AddError($"{name} is a whole number of seconds up to 86,400, not '{string.Join(' ', result.Tokens.Select(token => token.Value))}'.");
            }
        });
        return option;
    }

    private static Option<string?> Health() => Options.Address("--health", "Answer /health/live and /health/ready here too, over plain HTTP, for probes.");

    private static Command Of(string verb, string description, Func<string[], CancellationToken, Task<int>> start, params Option[] options)
    {
        var command = new Command(verb, description);
        foreach (var option in options)
        {
            command.Add(option);
        }

        // Everything behind the verb, as it was typed; what may stand before it too comes last.
        command.SetAction((parse, cancel) =>
        {
            var typed = parse.Tokens.Select(token => token.Value).SkipWhile(token => token != verb).Skip(1).Where(token => token != "--verbose");
            return start([.. CommandTree.IsVerbose(parse) ? typed.Append("--verbose") : typed], cancel);
        });
        return command;
    }
}
