using MemCluster.Coordinator;
using MemCluster.Coordinator.Auditing;
using MemCluster.Coordinator.Http;
using MemCluster.Hosting;
using MemCluster.Operations;
using MemCluster.Trainer;

namespace MemCluster.Cli;

/// <summary>The doors as they are outside of tests.</summary>
internal static class RealDoors
{
    /// <param name="workers">Whether trainers train in processes that are this program started again; only a program that looks for <see cref="WorkerProgram.Verb"/> may say so.</param>
    public static Doors Open(bool workers = false) => new()
    {
        StartNode = (options, cancel) => LocalNode.Start(options, workers, cancel),
        OpenHome = (home, reach, cancel) => HomeAccess.Open(new Home(home), Sentence.Of(() => ApiToken.Find(reach.TokenFile)), cancel, Console.Error.WriteLine),
        CatchUp = (home, cancel) => HomeAccess.CatchUp(new Home(home), cancel, Console.Error.WriteLine),
        JournalledWeights = (home, sweep, trial, attempt, cancel) => JournalledWeights.Of(new Home(home), sweep, trial, attempt, cancel),
        At = At,
        CheckData = DataDoor.Check,
        Data = new DataDoor(),
        Train = TrialDoor.Train,
        Coordinator = CoordinatorProgram.Run,
        Trainer = said => TrainerProgram.Run(said, workers),
    };

    /// <summary>How long a host that says nothing holds up the next one.</summary>
    private static readonly TimeSpan PassOver = TimeSpan.FromSeconds(3);

    /// <summary>With a CA it is HTTPS, unless the address itself says otherwise.</summary>
    private static IFarOperator At(Reach reach) => Sentence.Of(() =>
    {
        string[] addresses = [.. reach.Address!.Split(',').Select(address => reach.Ca is null || address.Contains("://", StringComparison.Ordinal) ? address : "https://" + address)];
        var plain = reach.Ca is null || addresses.All(address => address.StartsWith("http://", StringComparison.Ordinal));
        var handler = ApiClientFactory.Handler(plain ? null : Authority.Load(reach.Ca!));
        if (addresses.Length > 1)
        {
            handler.ConnectTimeout = PassOver;
        }

        return HttpOperator.At(
            string.Join(',', addresses), handler, ApiToken.Find(reach.TokenFile)?.Text,
            reach.Waits ? new Patience(TimeProvider.System, Patience.Usual, Console.Error.WriteLine) : null);
    });
}
