using MemCluster.Coordinator;
using MemCluster.Operations;
using MemCluster.Trainer;

namespace MemCluster.Cli;

/// <summary>The doors as they are outside of tests.</summary>
internal static class RealDoors
{
    public static Doors Open() => new()
    {
        StartNode = LocalNode.Start,
        OpenHome = home => HomeAccess.Open(new Home(home), CancellationToken.None),
        CatchUp = home => HomeAccess.CatchUp(new Home(home), CancellationToken.None),
        At = address => new HttpOperator(address),
        CheckData = DataDoor.Check,
        Data = new DataDoor(),
        Coordinator = (arguments, _) => CoordinatorProgram.Run(arguments),
        Trainer = (arguments, _) => TrainerProgram.Run(arguments),
    };
}
