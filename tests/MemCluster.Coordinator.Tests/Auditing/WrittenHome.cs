using System.Data.Common;
using System.Runtime.InteropServices;
using MemCluster.Coordinator.Auditing;
using MemCluster.Messages;
using MemCluster.Sweeps;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>A home whose sweep is over, with the journal that a coordinator would have written: some trials went through two attempts.</summary>
internal sealed class WrittenHome : IDisposable
{
    private readonly TemporaryHome _home = new();

    public static SweepId Sweep { get; } = new("s");

    public Home Home => _home.Home;

    /// <param name="told">Changes an event before it is linked: what a program that is wrong would have written.</param>
    public static WrittenHome With(int trials, int epochs, Func<IMessage, IMessage>? told = null)
    {
        var home = new WrittenHome();
        SqliteJournal.Prepare(home.Home.JournalFile);
        using var open = home.Open();
        Write(open, trials, epochs, told);
        return home;
    }

    /// <summary>The same events, into tables that are there and empty.</summary>
    public static void Write(DbConnection open, int trials, int epochs, Func<IMessage, IMessage>? told = null)
    {
        using var all = open.BeginTransaction();
        var pen = new JournalPen(open);
        foreach (var (stream, happened) in Events(trials, epochs, pen.HeadOf))
        {
            pen.Write(stream, told is null ? happened : told(happened));
        }

        all.Commit();
    }

    public SqliteConnection Open()
    {
        var open = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Home.JournalFile, Pooling = false }.ToString());
        open.Open();
        return open;
    }

    public int Do(string sql)
    {
        using var open = Open();
        using var command = open.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>Everything is in the one file, as after a stop in order.</summary>
    public void Settle() => Do("PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose() => _home.Dispose();

    private static IEnumerable<(string Stream, IMessage Event)> Events(int trials, int epochs, Func<string, StreamHead> headOf)
    {
        var spec = SpecFile.FromCanonical($"sweep: {Sweep}\ndata: {{ name: glyphs, train: 100, validation: 100 }}\ntraining: {{ epochs: {epochs} }}\nseeds: {trials}\n");
        var grid = new Grid(spec);
        var (control, metrics) = (Streams.Control(Sweep), Streams.Metrics(Sweep));
        yield return (Streams.Coordinator, new CoordinatorEvent.TermBegan(1, "127.0.0.1:1", At(0)));
        yield return (Streams.Coordinator, new CoordinatorEvent.SweepRegistered(Sweep, At(0)));
        yield return (control, new SweepEvent.SweepSubmitted(Sweep, spec.Canonical, spec.Digest, Grid.ExpansionVersion, NumericsSettings.Version, trials, At(0)));
        yield return (control, new SweepEvent.FingerprintSettled(Sweep, "0123456789abcdef", "one", At(0)));
        for (var trial = 1; trial <= trials; trial++)
        {
            var key = new TrialKey(Sweep, grid.CellAt(trial - 1), 1);
            yield return (control, new SweepEvent.TrialAssigned(key, trial, "one", At(trial)));
            if (trial % 5 == 0)
            {
                yield return (metrics, Measured(key, trial, 1, Math.Max(1, epochs / 2)));
                yield return (control, new SweepEvent.TrialLost(key, trial, "one was silent for 15 s", Math.Max(1, epochs / 2), At(trial)));
                key = key with { Attempt = 2 };
                yield return (control, new SweepEvent.TrialAssigned(key, trial, "two", At(trial)));
            }

            for (var first = 1; first <= epochs; first += 4)
            {
                yield return (metrics, Measured(key, trial, first, Math.Min(epochs, first + 3)));
            }

            var outcome = TrialOutcomes.Fold(TrialState.Finished, [.. Enumerable.Range(1, epochs).Select(epoch => Epoch(trial, epoch))], "");
            yield return (control, new SweepEvent.TrialFinished(key, trial, outcome, TimeSpan.FromSeconds(1), At(trial), headOf(metrics)));
        }

        yield return (Streams.Coordinator, new CoordinatorEvent.SweepEnded(Sweep, At(trials), headOf(control)));
    }

    private static TrialMeasured Measured(TrialKey key, int trial, int first, int last)
    {
        EpochMeasures[] epochs = [.. Enumerable.Range(first, last - first + 1).Select(epoch => Epoch(trial, epoch))];
        return new(
            key, trial, first, MeasureNames.Epoch, MemoryMarshal.AsBytes(epochs.SelectMany(epoch => epoch.Values).ToArray().AsSpan()).ToArray(),
            [.. epochs.Select(epoch => epoch.Weights)], At(trial), [.. epochs.Select(_ => 10)]);
    }

    private static EpochMeasures Epoch(int trial, int epoch)
    {
        var chance = new Random((trial * 1000) + epoch);
        return new(epoch, [.. MeasureNames.Epoch.Select(_ => chance.NextDouble())], $"{trial:x8}{epoch:x8}");
    }

    private static DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}
