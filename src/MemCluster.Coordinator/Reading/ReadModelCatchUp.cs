using Akka.Actor;
using MemCluster.Hosting;
using MemCluster.Telemetry;

namespace MemCluster.Coordinator.Reading;

/// <summary>Brings a home's read model up to its journal when no coordinator is at work: after a crash it may be some events behind.</summary>
internal static class ReadModelCatchUp
{
    public static async Task Run(Home home, JournalPlace journal, Action<string>? progress, CancellationToken cancel)
    {
        using var logs = LogFactory.Open(new LogOptions { File = home.LogFile });
        var system = Node.Create(new NodeOptions
        {
            Profiles = ["coordinator", .. journal.Profiles],
            Logs = logs,
            Overrides = journal.Config,
            Setups = journal.Setups,
            Defaults = SqliteJournal.Defaults,
        });
        try
        {
            var reader = system.ActorOf(ReadModelActor.PropsOf(home.ReadFile, new FeedHub(), RowsTrust.OnlySealed()), "read-model");
            await RowsAsked.Until(reader, RowsAsked.Patience, progress, cancel).ConfigureAwait(false);
            await reader.GracefulStop(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        }
        finally
        {
            await system.Terminate().ConfigureAwait(false);
        }
    }
}
