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
        var join = Options.Join("The coordinator to work for; where there are several, all of them.");
        join.Required = true;
        yield return Of("coordinator", "Remember sweeps and hand out trials; serve until stopped.", doors.Coordinator,
            Options.Home(),
            Options.Address("--listen", $"Address for trainers to join; port 0 takes a free one. Default: {CoordinatorProgram.DefaultListen}"), Options.Advertise(),
            Options.Address("--http", $"Address of the HTTP API; beyond loopback it needs certificates and a token. Default: {CoordinatorProgram.DefaultHttp}"),
            Options.Certificates(), Options.TokenFile(), Options.Journal(),
            Options.Join("Be one of several coordinators: the addresses of all, in the same order everywhere. Needs --journal."),
            Options.Address("--advertise-http", "Where the other coordinators reach the HTTP API, where it differs."),
            Options.Log("memcluster.log in the home"), Options.LogFormat(), Options.Otlp(), Options.Hocon(),
            new Option<string?>("--pbm") { Description = $"Loopback address of Petabridge.Cmd, in builds that have it. Default: {CoordinatorProgram.DefaultPbm}", HelpName = "HOST:PORT|off" },
            new Option<bool>("--pbm-write") { Description = "Let Petabridge.Cmd change things too; it asks for no password." },
            new Option<string?>("--specs") { Description = "Where Petabridge.Cmd finds sweep files. Default: HOME/specs", HelpName = "DIR" });
        yield return Of("trainer", "Train trials for a coordinator; stop with Ctrl-C, which gives them back.", doors.Trainer,
            join, Options.Slots("Trials trained at once."), Options.Label(), Options.Memory(), Options.Data(), Options.Listen(), Options.Advertise(), name,
            Options.Log("stderr"), Options.LogFormat(), Options.Otlp(), Options.Hocon());
    }

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
