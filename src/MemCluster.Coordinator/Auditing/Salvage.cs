using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Sweeps;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Auditing;

/// <summary>What was saved of a sweep.</summary>
/// <param name="Kept">Results that are proved, and stay.</param>
/// <param name="Again">Trials that have no result any more, or never had one: the next run trains them.</param>
public sealed record SalvagedSweep(SweepId Sweep, int Trials, int Kept, int Again);

/// <summary>What a salvage did.</summary>
/// <param name="SetAside">Where the journal is as it was; null where nothing had to be done.</param>
/// <param name="Lost">Sweeps whose first event is gone: their spec file begins them anew.</param>
public sealed record SalvageReport(string? SetAside, IReadOnlyList<SalvagedSweep> Sweeps, IReadOnlyList<SweepId> Lost);

/// <summary>
/// <c>memcluster journal salvage</c>: writes a new journal of all that is proved in the old one, and sets that aside. A trial is kept whole or not at all: what
/// is not kept is trained again, to the same bits.
/// </summary>
public static class Salvage
{
    /// <exception cref="UserError">There is no journal, somebody is at work on it, or it is in PostgreSQL.</exception>
    public static async Task<SalvageReport> Run(Home home, CancellationToken cancel)
    {
        if (!File.Exists(home.JournalFile))
        {
            throw new UserError($"There is no journal {home.JournalFile} to be salvaged.");
        }

        using var held = HomeLock.Take(home);
        if ((await JournalAudit.Run(home, null, null, null, cancel).ConfigureAwait(false)).Findings.All(finding => finding.Remedy != AuditRemedy.Salvage))
        {
            return new(null, [], []);
        }

        var rows = await RescuedRows.Read(home.JournalFile, cancel).ConfigureAwait(false);
        var saved = new List<SavedSweep>();
        var lost = new List<SweepId>();
        var (coordinator, term) = await Coordinator(rows, cancel).ConfigureAwait(false);
        foreach (var (sweep, earlier) in await Sweeps(rows, coordinator, cancel).ConfigureAwait(false))
        {
            if (await SavedSweep.Read(rows, sweep, earlier, cancel).ConfigureAwait(false) is { } one)
            {
                saved.Add(one);
            }
            else
            {
                lost.Add(sweep);
            }
        }

        var fresh = home.JournalFile + ".salvaged";
        Delete(fresh);
        SqliteJournal.Prepare(fresh);
        Write(fresh, saved, term); // Whose begin is lost is not in it: whoever submits it begins it.
        SqliteConnection.ClearAllPools();
        return new(PutInPlace(home, fresh), [.. saved.Select(one => one.Report)], lost);
    }

    private static async Task<(CoordinatorAudit Audit, long Term)> Coordinator(RescuedRows rows, CancellationToken cancel)
    {
        var (audit, term) = (new CoordinatorAudit(), 0L);
        await new ProvenStream(rows, Streams.Coordinator).Read(
            (number, happened) =>
            {
                audit.Take(number, happened);
                term = happened is CoordinatorEvent.TermBegan began ? Math.Max(term, began.Term) : term;
            },
            (_, _, _) => { }, cancel).ConfigureAwait(false);
        return (audit, term);
    }

    /// <summary>Those that the coordinator's stream knows, and those of which only their own streams are left: of a name the last.</summary>
    private static async Task<IEnumerable<(SweepId Sweep, int Earlier)>> Sweeps(RescuedRows rows, CoordinatorAudit coordinator, CancellationToken cancel)
    {
        var streams = (await rows.Streams(cancel).ConfigureAwait(false)).Select(Streams.SweepOf).OfType<(SweepId Sweep, int Earlier)>();
        return streams.Where(stream => SweepId.IsValid(stream.Sweep.Name))
            .Concat(coordinator.Known.Select(sweep => (sweep, coordinator.ForgottenOf(sweep))))
            .GroupBy(stream => stream.Item1, stream => stream.Item2)
            .Select(name => (name.Key, Earlier: name.Max()))
            .Where(stream => stream.Earlier >= coordinator.ForgottenOf(stream.Key))
            .OrderBy(stream => stream.Key);
    }

    private static void Write(string file, List<SavedSweep> saved, long term)
    {
        using var open = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        open.Open();
        using var all = open.BeginTransaction();
        var pen = new JournalPen(open);
        pen.Write(Streams.Coordinator, new CoordinatorEvent.TermBegan(term + 1, "salvage", DateTimeOffset.UtcNow));
        foreach (var sweep in saved)
        {
            for (var earlier = 0; earlier < sweep.Earlier; earlier++)
            {
                pen.Write(Streams.Coordinator, new CoordinatorEvent.SweepRegistered(sweep.Sweep, DateTimeOffset.UtcNow));
                pen.Write(Streams.Coordinator, new CoordinatorEvent.SweepForgotten(sweep.Sweep, DateTimeOffset.UtcNow));
            }

            pen.Write(Streams.Coordinator, new CoordinatorEvent.SweepRegistered(sweep.Sweep, DateTimeOffset.UtcNow));
            sweep.WriteTo(pen);
        }

        all.Commit();
        using var settle = open.CreateCommand();
        settle.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        settle.ExecuteNonQuery();
    }

    /// <returns>Where the old one is now.</returns>
    private static string PutInPlace(Home home, string fresh)
    {
        var aside = Enumerable.Range(1, 10_000).Select(number => Path.Combine(home.Folder, $"journal.unreadable-{number}.db")).First(name => !File.Exists(name));
        foreach (var part in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(home.JournalFile + part))
            {
                File.Move(home.JournalFile + part, aside + part);
            }
        }

        FileSeal.Open(home.JournalFile);
        File.Move(fresh, home.JournalFile);
        Delete(fresh);
        Delete(home.ReadFile);
        return aside;
    }

    private static void Delete(string file)
    {
        foreach (var part in (string[])["", "-wal", "-shm"])
        {
            File.Delete(file + part);
        }
    }
}
