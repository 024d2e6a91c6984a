using MemCluster.Operations;

namespace MemCluster.Cli;

/// <summary>The doors as they are outside of tests.</summary>
internal static class RealDoors
{
    public static Doors Open() => new()
    {
        StartNode = (_, _) => throw new NotSupportedException("local node"),
        OpenHome = _ => throw new NotSupportedException("home access"),
        At = address => new HttpOperator(address),
        CheckData = DataDoor.Check,
        Data = new DataDoor(),
        Coordinator = (_, _) => throw new NotSupportedException("coordinator"),
        Trainer = (_, _) => throw new NotSupportedException("trainer"),
    };
}
