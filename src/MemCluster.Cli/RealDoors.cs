using MemCluster.Coordinator;
using MemCluster.Coordinator.Http;
using MemCluster.Hosting;
using MemCluster.Operations;
using MemCluster.Trainer;

namespace MemCluster.Cli;

/// <summary>The doors as they are outside of tests.</summary>
internal static class RealDoors
{
    public static Doors Open() => new()
    {
        StartNode = LocalNode.Start,
        OpenHome = (home, reach) => HomeAccess.Open(new Home(home), Sentence(() => ApiToken.Find(reach.TokenFile)), CancellationToken.None),
        CatchUp = home => HomeAccess.CatchUp(new Home(home), CancellationToken.None),
        At = At,
        CheckData = DataDoor.Check,
        Data = new DataDoor(),
        Coordinator = (arguments, _) => CoordinatorProgram.Run(arguments),
        Trainer = (arguments, _) => TrainerProgram.Run(arguments),
    };

    /// <summary>With a CA it is HTTPS, unless the address itself says otherwise.</summary>
    private static HttpOperator At(Reach reach) => Sentence(() =>
    {
        var address = reach.Address!;
        if (reach.Ca is null || address.StartsWith("http://", StringComparison.Ordinal))
        {
            return new HttpOperator(address, ApiClientFactory.Handler(null), ApiToken.Find(reach.TokenFile)?.Text);
        }

        return new HttpOperator(
            address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address,
            ApiClientFactory.Handler(Authority.Load(reach.Ca)), ApiToken.Find(reach.TokenFile)?.Text);
    });

    private static T Sentence<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException mistake)
        {
            throw new UserError(mistake.Message);
        }
    }
}
