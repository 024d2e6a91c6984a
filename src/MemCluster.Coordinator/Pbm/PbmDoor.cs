using Akka.Actor;
using MemCluster.Operations;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Host;

namespace MemCluster.Coordinator.Pbm;

/// <summary>Opens the Petabridge.Cmd door of a node; where it listens stands in the configuration (hocon/pbm.conf).</summary>
internal static class PbmDoor
{
    public static void Open(ActorSystem system, IOperator answers, PbmOptions options)
    {
        var door = PetabridgeCmd.Get(system);
        door.RegisterCommandPalette(new SweepPaletteHandler(new(answers, options.Write, new SpecsFolder(options.Specs))));
        door.RegisterCommandPalette(options.Write ? ClusterCommands.Instance : new ClusterLook());
        door.Start();
    }
}
