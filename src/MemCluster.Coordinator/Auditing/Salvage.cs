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
/// <param name="SetAside">Where the journal is as it was, a file or a table; null where nothing had to be done.</param>
/// <param name="Lost">Sweeps whose first event is gone: their spec file begins them anew.</param>
public sealed record SalvageReport(string? SetAside, IReadOnlyList<SalvagedSweep> Sweeps, IReadOnlyList<SweepId> Lost);

/// <summary>
/// <c>memcluster journal salvage</c>: writes a new journal of all that is proved in the old one, and sets that aside. A trial is kept whole or not at all: what
/// is not kept is trained again, to the same bits.
/// </summary>
public static class Salvage
{
    /// <param name="connection">As given to <c>--journal</c>; null for the home's own file, unless the environment names another.</param>
    /// <exception cref="UserError">There is no journal, or somebody is at work on it.</exception>
    public static async Task<SalvageReport> Run(Home home, string? connection, CancellationToken cancel)
    {
        if (JournalPlace.Of(home, JournalArgument.Of(connection)) is PostgresJournal shared)
        {
            return await HasLosses(home, connection, cancel).ConfigureAwait(false) ? await InPlace(shared, cancel).ConfigureAwait(false) : Nothing;
        }

        if (!File.Exists(home.JournalFile))
        {
            throw new UserError($"There is no journal {home.JournalFile} to be salvaged.");
        }

        using var held = HomeLock.Take(home);
        return await HasLosses(home, connection, cancel).ConfigureAwait(false) ? await InNewFile(home, cancel).ConfigureAwait(false) : Nothing;
    }

    private static SalvageReport Nothing => new(null, [], []);

    private static async Task<bool> HasLosses(Home home, string? connection, CancellationToken cancel) =>
        (await JournalAudit.Run(home, connection, null, null, cancel).ConfigureAwait(false)).Findings.Any(finding => finding.Remedy == AuditRemedy.Salvage);

    private static async Task<SalvageReport> InNewFile(Home home, CancellationToken cancel)
    {
        var saved = await Saved.Of(await RescuedRows.Read(home.JournalFile, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
        var fresh = home.JournalFile + ".salvaged";
        DatabaseFile.Delete(fresh);
        SqliteJournal.Prepare(fresh);
        Write(fresh, saved);
        SqliteConnection.ClearAllPools();
        return saved.Report(PutInPlace(home, fresh));
    }

    private static async Task<SalvageReport> InPlace(PostgresJournal journal, CancellationToken cancel)
    {
        Saved? saved = null;
        var aside = await journal.Replace(
            async open => saved = await Saved.Of(new JournalRows(open), cancel).ConfigureAwait(false), open => saved!.WriteTo(new(open)), cancel).ConfigureAwait(false);
        return saved!.Report($"table {aside}");
    }

    /// <summary>All that is proved of a journal.</summary>
    /// <param name="Lost">Whose begin is lost is not written: whoever submits it begins it.</param>
    private sealed record Saved(IReadOnlyList<SavedSweep> Sweeps, IReadOnlyList<SweepId> Lost, long Term)
    {
        public static async Task<Saved> Of(IJournalRows rows, CancellationToken cancel)
        {
            var saved = new List<SavedSweep>();
            var lost = new List<SweepId>();
            var (coordinator, term) = await Coordinator(rows, cancel).ConfigureAwait(false);
            foreach (var (sweep, earlier) in await SweepsOf(rows, coordinator, cancel).ConfigureAwait(false))
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

            return new(saved, lost, term);
        }

        public SalvageReport Report(string setAside) => new(setAside, [.. Sweeps.Select(one => one.Report)], Lost);

        public void WriteTo(JournalPen pen)
        {
            pen.Write(Streams.Coordinator, new CoordinatorEvent.TermBegan(Term + 1, "salvage", DateTimeOffset.UtcNow));
            foreach (var sweep in Sweeps)
            {
                for (var earlier = 0; earlier < sweep.Earlier; earlier++)
                {
                    pen.Write(Streams.Coordinator, new CoordinatorEvent.SweepRegistered(sweep.Sweep, DateTimeOffset.UtcNow));
                    pen.Write(Streams.Coordinator, new CoordinatorEvent.SweepForgotten(sweep.Sweep, DateTimeOffset.UtcNow));
                }

                pen.Write(Streams.Coordinator, new CoordinatorEvent.SweepRegistered(sweep.Sweep, DateTimeOffset.UtcNow));
                sweep.WriteTo(pen);
            }
        }
    }

    private static async Task<(CoordinatorAudit Audit, long Term)> Coordinator(IJournalRows rows, CancellationToken cancel)
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
    private static async Task<IEnumerable<(SweepId Sweep, int Earlier)>> SweepsOf(IJournalRows rows, CoordinatorAudit coordinator, CancellationToken cancel)
    {
        var streams = (await rows.Streams(cancel).ConfigureAwait(false)).Select(Streams.SweepOf).OfType<(SweepId Sweep, int Earlier)>();
        return streams.Where(stream => SweepId.IsValid(stream.Sweep.Name))
            .Concat(coordinator.Known.Select(sweep => (sweep, coordinator.ForgottenOf(sweep))))
            .GroupBy(stream => stream.Item1, stream => stream.Item2)
            .Select(name => (name.Key, Earlier: name.Max()))
            .Where(stream => stream.Earlier >= coordinator.ForgottenOf(stream.Key))
            .OrderBy(stream => stream.Key);
    }

    private static void Write(string file, Saved saved)
    {
        using var open = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        open.Open();
        using var all = open.BeginTransaction();
        saved.WriteTo(new(open));
        all.Commit();
        using var settle = open.CreateCommand();
        settle.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        settle.ExecuteNonQuery();
    }

    /// <returns>Where the old one is now.</returns>
    private static string PutInPlace(Home home, string fresh)
    {
        var aside = Enumerable.Range(1, 10_000).Select(number => Path.Combine(home.Folder, $"journal.unreadable-{number}.db")).First(name => !File.Exists(name));
        foreach (var part in DatabaseFile.Parts)
        {
            if (File.Exists(home.JournalFile + part))
            {
                File.Move(home.JournalFile + part, aside + part);
            }
        }

        FileSeal.Open(home.JournalFile);
        File.Move(fresh, home.JournalFile);
        DatabaseFile.Delete(fresh);
        DatabaseFile.Delete(home.ReadFile);
        return aside;
    }
}
