using Akka.Actor;
using Akka.Cluster;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace MemCluster.Coordinator.Pbm;

/// <summary>
/// The palette <c>cluster</c> where nothing may be destroyed: it shows the members, and says of what would take one out how to be allowed to. The
/// package's own palette can't be had without those (docs/decisions/0014), so it stands here only with <c>--pbm-write</c>.
/// </summary>
internal sealed class ClusterLook() : CommandPaletteHandler(Commands)
{
    public const string Show = "show";

    /// <summary>What the package's palette calls them.</summary>
    public static readonly IReadOnlyList<string> Removing = ["leave", "down", "down-unreachable"];

    public static readonly CommandPalette Commands = new("cluster",
    [
        Definition(Show, "The members: address, state, roles."),
        .. Removing.Select(name => Definition(name, "Takes nodes out of the cluster. Only where the coordinator was started with --pbm-write.")),
    ]);

    public override Props HandlerProps { get; } = Props.Create(() => new Handler());

    private static CommandDefinition Definition(string name, string description) => new CommandDefinitionBuilder().WithName(name).WithDescription(description).Build();

    private sealed class Handler : CommandHandlerActor
    {
        public Handler()
            : base(Commands)
        {
            Process(Show, _ =>
            {
                foreach (var line in Members(Cluster.Get(Context.System).State))
                {
                    Sender.Tell(new CommandResponse(line, final: false));
                }

                Sender.Tell(CommandResponse.Empty);
            });
            foreach (var name in Removing)
            {
                Process(name, _ => Sender.Tell(new ErroredCommandResponse(
                    $"cluster {name} takes nodes out of the cluster, and whoever reaches this door is asked for no password. Start the coordinator with "
                    + "--pbm-write to allow it, or stop the node where it runs.")));
            }
        }

        private static IEnumerable<string> Members(ClusterEvent.CurrentClusterState cluster) => cluster.Members.Select(member =>
            $"{member.Address}  {(cluster.Unreachable.Contains(member) ? "unreachable" : member.Status.ToString().ToLowerInvariant())}  "
            + $"{string.Join(' ', member.Roles.Order(StringComparer.Ordinal))}{(member.Address.Equals(cluster.Leader) ? "  leader" : "")}");
    }
}
