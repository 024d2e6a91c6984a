using MemCluster.Messages;
using MemCluster.Telemetry;
using static MemCluster.Hosting.ArgumentKinds;

namespace MemCluster.Hosting;

/// <summary>
/// Every option that a node can be started with: a row each, from which memcluster's verbs and the two executables are made alike. Where a name
/// means something else to another verb it has a row for each.
/// </summary>
public static class NodeArguments
{
    private const NodeVerb Nodes = NodeVerb.Coordinator | NodeVerb.Trainer;
    private const NodeVerb Trains = NodeVerb.Trainer | NodeVerb.Run;
    private const NodeVerb Coordinates = NodeVerb.Coordinator | NodeVerb.Run;
    private const NodeVerb All = Nodes | NodeVerb.Run;

    public static readonly NodeArgument<string[]> Join = Addresses("--join", "The coordinator to work for; where there are several, all of them.", NodeVerb.Trainer, required: true);

    public static readonly NodeArgument<string[]> Peers = Addresses("--join", "Be one of several coordinators: the addresses of all, in the same order everywhere. Needs --journal.", NodeVerb.Coordinator);

    public static readonly NodeArgument<string> Home = new("--home", "DIR", "Folder of the journal and the results.", Coordinates) { Read = One, Default = ".memcluster" };

    public static readonly NodeArgument<int> TrainerSlots = Number("--slots", "N", "Trials trained at once, each in a process of its own.", NodeVerb.Trainer, 1, 1024, Environment.ProcessorCount);

    public static readonly NodeArgument<int> Slots = Number(
        "--slots", "N", "Trials trained at once, each in a process of its own; 0 leaves training to trainers that join.", NodeVerb.Run, 0, 4096, Environment.ProcessorCount, again: true);

    public static readonly NodeArgument<string?> Name = new("--name", "NAME", "The trainer's name, kept over a restart. Default: made from host and process.", NodeVerb.Trainer)
    {
        Read = given => NodeName.IsValid(One(given)) ? One(given) : throw new FormatException($"--name is {NodeName.Expected}, not '{One(given)}'."),
    };

    public static readonly NodeArgument<string?> Data = Text("--data", "DIR", "Folder to look for data sets in first.", Trains, again: true);

    public static readonly NodeArgument<string[]> Label = new(
        "--label", "NAME", "What this machine offers to sweeps that ask for it (requires: { label: gpu }). Repeatable.", Trains)
    {
        Read = labels => labels.FirstOrDefault(label => !NodeLabel.IsValid(label)) is { } wrong
            ? throw new FormatException($"--label is {NodeLabel.Expected}, not '{wrong}'.")
            : [.. labels],
        IsRepeatable = true,
        IsSaidAgain = true,
    };

    public static readonly NodeArgument<long?> Memory = new(
        "--memory", "SIZE", "Memory that trials may ask for together (requires: { memory: 8GiB }). Default: all there is.", Trains)
    {
        Read = given => MemorySize.TryParse(One(given), out var bytes) ? bytes : throw new FormatException($"--memory is {MemorySize.Expected}, not '{One(given)}'."),
        IsSaidAgain = true,
    };

    public static readonly NodeArgument<string?> Device = Text("--device", "DEVICE", "Where to compute: auto (a graphics card where build and machine have one), cpu, or cuda:N.", NodeVerb.Trainer);

    public static readonly NodeArgument<string?> Numerics = OneOf(
        "--numerics", "SET", $"Instruction set to compute with: avx2, avx512 or native. Only sweeps that ask for the same come here. Default: {NumericsSettings.Avx2}",
        NodeVerb.Trainer, [NumericsSettings.Avx2, NumericsSettings.Avx512, NumericsSettings.Native], "; a graphics card is chosen with --device cuda:0");

    public static readonly NodeArgument<string?> Checkpoints = Text(
        "--checkpoints", "DIR", "Keep trials here between epochs, so that another attempt goes on from there. Machines may share it. Default: none.", NodeVerb.Trainer);

    public static readonly NodeArgument<int> CheckpointEvery = Seconds("--checkpoint-every", "Keep a trial at most every so many seconds of training.", NodeVerb.Trainer, 1, 60);

    public static readonly NodeArgument<int> DrainWithin = Seconds(
        "--drain-within", "After SIGTERM trials stop at the end of their epoch, at the latest after so long; Ctrl-C stops them at once.", NodeVerb.Trainer, 0, 60);

    public static readonly NodeArgument<int?> Wait = new(
        "--wait", "SECONDS", "Give up where no coordinator has answered for so long. Default: wait as long as it takes.", NodeVerb.Trainer)
    {
        Read = given => Within(given, 1, 86_400) ?? throw new FormatException($"--wait is a whole number of seconds from 1 to 86,400, not '{One(given)}'."),
    };

    public static readonly NodeArgument<HostPort> CoordinatorListen = Endpoint("--listen", "Address for trainers to join; port 0 takes a free one.", NodeVerb.Coordinator, "127.0.0.1:4053");

    public static readonly NodeArgument<HostPort> Listen = Endpoint("--listen", "Address where coordinator and trainers reach this one; port 0 takes a free one.", Trains, "127.0.0.1:0", again: true);

    public static readonly NodeArgument<string?> Advertise = Address("--advertise", "Address by which others reach this node, where it differs from --listen.", All, again: true);

    public static readonly NodeArgument<HostPort> Http = Endpoint("--http", "Address of the HTTP API; beyond loopback it needs certificates and a token.", NodeVerb.Coordinator, "127.0.0.1:4080");

    public static readonly NodeArgument<string?> AdvertiseHttp = Address("--advertise-http", "Where the other coordinators reach the HTTP API, where it differs.", NodeVerb.Coordinator);

    public static readonly NodeArgument<string?> Certificates = Text(
        "--certificates", "DIR", "Folder with ca.crt, node.crt and node.key (deploy/certificates/make.sh): only nodes of that CA get in.", All, again: true);

    public static readonly NodeArgument<string?> TokenFile = Text(
        "--token-file", "FILE", $"File that holds the API's token and only you can read. Default: {ApiToken.Variable}.", NodeVerb.Coordinator);

    public static readonly NodeArgument<HostPort?> Health = new(
        "--health", "HOST:PORT", "Answer /health/live and /health/ready here too, over plain HTTP, for probes.", Nodes)
    {
        Read = given => AddressOf("--health", One(given)),
    };

    public static readonly NodeArgument<string?> Journal = Text(
        "--journal", "CONNECTION",
        "Keep the journal in this PostgreSQL database: \"Host=db;Database=memcluster;Username=memcluster\". The password goes into PGPASSWORD "
            + "or PGPASSFILE, or with the whole connection into MEMCLUSTER_JOURNAL. Default: a SQLite file in the home.",
        Coordinates, again: true);

    public static readonly NodeArgument<string?> Hocon = Text("--hocon", "FILE", "Akka's own settings, on top of ours; AKKA__… variables lie on top of it.", All, again: true);

    public static readonly NodeArgument<string?> HomeLog = Text("--log", "FILE", "File for log lines, or stderr. Default: memcluster.log in the home", Coordinates);

    public static readonly NodeArgument<string?> Log = Text("--log", "FILE", "File for log lines, or stderr. Default: stderr", NodeVerb.Trainer);

    public static readonly NodeArgument<string?> LogFormat = OneOf("--log-format", "FORMAT", "A line for people, or a JSON object: text or json.", All, ["text", "json"]);

    public static readonly NodeArgument<string?> Otlp = Text(
        "--otlp", "URL", $"Send measurements, spans and log lines to this OpenTelemetry collector. Default: {OtlpOptions.Variable}; else nowhere.", All);

    public static readonly NodeArgument<string?> Pbm = Text("--pbm", "HOST:PORT|off", $"Loopback address of Petabridge.Cmd, in builds that have it. Default: {DefaultPbm}", NodeVerb.Coordinator);

    public static readonly NodeArgument<bool> PbmWrite = new("--pbm-write", "", "Let Petabridge.Cmd cancel, delete and take nodes out too; it asks for no password.", NodeVerb.Coordinator);

    public static readonly NodeArgument<string?> Specs = Text("--specs", "DIR", "Where Petabridge.Cmd finds sweep files. Default: HOME/specs", NodeVerb.Coordinator);

    /// <summary>Every verb of memcluster has it, so it stands above them; see <see cref="NodeSwitches"/>.</summary>
    public static readonly NodeArgument<bool> Verbose = new("--verbose", "", "Log more: each trial too; and write a file, and name it, if memcluster itself goes wrong.", All);

    /// <summary>Of Petabridge.Cmd, in builds that have it. No value to parse where the build has none.</summary>
    public const string DefaultPbm = "127.0.0.1:9110";

    /// <summary>All rows, in the order of help.</summary>
    public static IReadOnlyList<NodeArgument> Table { get; } =
    [
        .. typeof(NodeArguments).GetFields().OrderBy(field => field.MetadataToken).Where(field => field.FieldType.IsAssignableTo(typeof(NodeArgument))).Select(field => (NodeArgument)field.GetValue(null)!),
    ];
}
