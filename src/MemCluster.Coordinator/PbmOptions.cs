using Akka.Configuration;
using MemCluster.Hosting;
using MemCluster.Operations;

namespace MemCluster.Coordinator;

/// <summary>The Petabridge.Cmd door of a coordinator. It is there in builds made with <c>-p:PetabridgeCmd=true</c> only.</summary>
/// <param name="Port">Loopback port.</param>
/// <param name="Write">Verbs that can't be taken back are answered too, and those that take nodes out of the cluster. Whoever reaches the port may then use them: it asks for no password.</param>
/// <param name="Specs">Folder below which <c>submit</c> finds its files, and nowhere else.</param>
internal sealed record PbmOptions(int Port, bool Write, string Specs)
{
#if PETABRIDGE_CMD
    public const bool IsBuiltIn = true;
#else
    public const bool IsBuiltIn = false;
#endif

    /// <summary>From <c>--pbm HOST:PORT|off</c>, <c>--pbm-write</c> and <c>--specs DIR</c>.</summary>
    /// <param name="isBuiltIn">Whether this build has the door; a value for tests.</param>
    /// <returns>Null where the door stays shut.</returns>
    /// <exception cref="UserError">This build has no such door; its address is no loopback address.</exception>
    /// <exception cref="FormatException">It is no address.</exception>
    public static PbmOptions? Of(NodeValues said, string home, bool isBuiltIn = IsBuiltIn)
    {
        var (at, write, specs) = (said.Of(NodeArguments.Pbm), said.Of(NodeArguments.PbmWrite), said.Of(NodeArguments.Specs));
        if (!isBuiltIn)
        {
            return (at is null or "off") && !write && specs is null ? null : throw new UserError(
                $"{(at is not null ? "--pbm" : write ? "--pbm-write" : "--specs")}: this build has no Petabridge.Cmd. Make one that has with: "
                + "dotnet publish src/MemCluster.Cli -c Release -p:PetabridgeCmd=true -o DIR");
        }

        if (at == "off")
        {
            return write ? throw new UserError("--pbm off and --pbm-write contradict each other; say one of them.") : null;
        }

        var (host, port) = Node.ParseAddress(at ?? NodeArguments.DefaultPbm);
        return host is "127.0.0.1" or "localhost"
            ? new(port, write, specs ?? Path.Combine(home, "specs"))
            : throw new UserError(
                $"--pbm {at}: Petabridge.Cmd asks for no password, so it answers on loopback only; write 127.0.0.1:{port} and reach it through an SSH tunnel.");
    }

    /// <summary>A node that listens so.</summary>
    public NodeOptions On(NodeOptions node) => node with
    {
        Profiles = [.. node.Profiles, "pbm"],
        Overrides = ConfigurationFactory.ParseString($"petabridge.cmd.port = {Port}").WithFallback(node.Overrides),
    };
}
