using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Sweeps;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Auditing;

/// <summary>What an audit of a journal came to.</summary>
/// <param name="Findings">Empty where all is as it was written.</param>
/// <param name="Notes">What went wrong and was made good since, a sentence each.</param>
public sealed record AuditReport(
    string Journal, IReadOnlyList<AuditedSweep> Sweeps, long Events, IReadOnlyList<AuditFinding> Findings, IReadOnlyList<string> Notes);

/// <summary>
/// <c>memcluster audit</c>: from the journal's rows alone, whether each event is the one that was written, each cell has one end, each end follows from the
/// epochs before it. Then whether what was made from the journal says the same.
/// </summary>
public static class JournalAudit
{
    /// <param name="only">One sweep; null: all.</param>
    /// <param name="progress">Hears how many events are read.</param>
    /// <exception cref="UserError">There is no journal, or it can't be opened at all.</exception>
    public static async Task<AuditReport> Run(Home home, string? connection, SweepId? only, IProgress<AuditPace>? progress, CancellationToken cancel)
    {
        var journal = JournalPlace.Of(home, JournalArgument.Of(connection));
        var facts = await journal.Inspect(cancel).ConfigureAwait(false);
        List<AuditFinding> findings = [.. JournalReport.Of(journal.Name, facts).Problems.Select(problem => new AuditFinding(null, null, "journal", problem, AuditRemedy.Salvage))];
        if (!journal.IsShared && FileSeal.Holds(home.JournalFile) == false)
        {
            findings.Add(new(
                null, null, home.JournalFile, "The file is not as memcluster closed it: something else has changed it since. Whether events are concerned is told below; if none is, nothing is lost.",
                AuditRemedy.Salvage));
        }

        if (facts.Damage.Count > 0)
        {
            var rescued = new Reading(home, new CountedRows(await RescuedRows.Read(home.JournalFile, cancel).ConfigureAwait(false), 0, progress), null, findings, cancel);
            return new(journal.Name, await rescued.All(only).ConfigureAwait(false), rescued.Events, findings, rescued.Notes);
        }

        using var made = await MadeFrom(home, journal, findings, cancel).ConfigureAwait(false);
        return await journal.Read(
            async open =>
            {
                var reader = new Reading(home, new CountedRows(new JournalRows(open), facts.Events, progress), made, findings, cancel);
                var sweeps = await reader.All(only).ConfigureAwait(false);
                return new AuditReport(journal.Name, sweeps, reader.Events, findings, reader.Notes);
            },
            cancel).ConfigureAwait(false);
    }

    /// <summary>Null where there are no rows, or a process is at work on them.</summary>
    private static async Task<RowsAudit?> MadeFrom(Home home, JournalPlace journal, List<AuditFinding> findings, CancellationToken cancel)
    {
        try
        {
            return ReadModelSchema.IsMissing(home.ReadFile) || await HomeAccess.IsAtWork(home, cancel).ConfigureAwait(false)
                || !ReadModelOrigin.IsOf(home, await journal.Identity(cancel).ConfigureAwait(false))
                ? null
                : new(home.ReadFile);
        }
        catch (SqliteException problem)
        {
            findings.Add(new(null, null, "read.db", $"The rows can't be read: {problem.Message.TrimEnd('.')}.", AuditRemedy.Rows));
            return null;
        }
    }

    private sealed class Reading(Home home, IJournalRows rows, RowsAudit? made, List<AuditFinding> findings, CancellationToken cancel)
    {
        public long Events { get; private set; }

        public List<string> Notes { get; } = [];

        public async Task<IReadOnlyList<AuditedSweep>> All(SweepId? only)
        {
            var there = (await rows.Streams(cancel).ConfigureAwait(false)).ToHashSet();
            var coordinator = new CoordinatorAudit();
            var own = new ProvenStream(rows, Streams.Coordinator);
            await own.Read(coordinator.Take, (number, _, what) => coordinator.Broken(number, what), cancel).ConfigureAwait(false);
            Events += own.Events;
            findings.AddRange(coordinator.Findings);
            if (only is { } asked && !coordinator.Known.Contains(asked))
            {
                throw new UserError($"The journal has no sweep {asked}. See: memcluster list");
            }

            var sweeps = new List<AuditedSweep>();
            foreach (var sweep in coordinator.Known.Where(sweep => only is null || sweep == only))
            {
                sweeps.Add(await Sweep(sweep, coordinator, there).ConfigureAwait(false));
            }

            if (only is null)
            {
                Unclaimed(coordinator, there);
            }

            return sweeps;
        }

        private async Task<AuditedSweep> Sweep(SweepId sweep, CoordinatorAudit coordinator, HashSet<string> there)
        {
            var before = findings.Count;
            var earlier = coordinator.ForgottenOf(sweep);
            var (name, measured) = (Streams.Control(sweep, earlier), Streams.Metrics(sweep, earlier));
            var stream = new ProvenStream(rows, name);
            var control = new ControlAudit(sweep, name);
            if (coordinator.EndOf(sweep) is { } end)
            {
                stream.Keep([end.Number]);
            }

            await stream.Read(
                (number, happened) =>
                {
                    if (happened is not SweepEvent fitting)
                    {
                        control.Broken(number, null, $"Event {number} of {name} is a {happened.GetType().Name}, which does not belong there.");
                        return;
                    }

                    control.Take(number, fitting);
                    Fold(control.Findings.Count == 0, stream, happened);
                },
                control.Broken, cancel).ConfigureAwait(false);
            Anchor(sweep, coordinator.EndOf(sweep), stream, name);
            findings.AddRange(control.Findings);
            Notes.AddRange(control.Notes);

            var numbers = new ProvenStream(rows, measured);
            numbers.Keep(control.Results.Values.Select(result => result.Measured?.Number ?? 0));
            var metrics = new MetricsAudit(sweep, measured, control);
            await numbers.Read(
                (number, happened) =>
                {
                    metrics.Take(number, happened);
                    Fold(control.Findings.Count + metrics.Findings.Count == 0, numbers, happened);
                },
                metrics.Broken, cancel).ConfigureAwait(false);
            foreach (var (trial, result) in control.Results)
            {
                if (result.Measured is { } head && numbers.LinkOf(head.Number) is { } link && link != head.Link)
                {
                    metrics.Broken(head.Number, trial, $"Event {head.Number} of {measured} is another than when trial {trial} ended.");
                }
            }

            metrics.End(numbers.Head);
            findings.AddRange(metrics.Findings);
            if (findings.Count == before)
            {
                await MadeFromIt(sweep, stream, numbers, control.State is { IsOver: true }).ConfigureAwait(false);
            }

            there.Remove(name);
            there.Remove(measured);
            Events += stream.Events + numbers.Events;
            return new(
                sweep, control.State?.Counts() ?? new(0, 0, 0, 0, 0, 0, 0), metrics.Proved.Count, stream.Events + numbers.Events, metrics.Epochs, stream.Unchained + numbers.Unchained);
        }

        private void Anchor(SweepId sweep, StreamHead? end, ProvenStream stream, string name)
        {
            if (end is not { } head)
            {
                return;
            }

            if (head.Number > stream.Head.Number)
            {
                findings.Add(new(
                    sweep, null, $"{name} {stream.Head.Number + 1}",
                    $"Events {stream.Head.Number + 1} to {head.Number} of {name} were there when {sweep} was over, and are gone.", AuditRemedy.Salvage));
            }
            else if (stream.LinkOf(head.Number) is { } link && link != head.Link)
            {
                findings.Add(new(sweep, null, $"{name} {head.Number}", $"Event {head.Number} of {name} is another than when {sweep} was over.", AuditRemedy.Salvage));
            }
        }

        /// <summary>Streams of sweeps that were deleted stay; any other must be of a sweep that is known.</summary>
        private void Unclaimed(CoordinatorAudit coordinator, HashSet<string> there)
        {
            there.Remove(Streams.Coordinator);
            foreach (var stream in there)
            {
                if (Streams.SweepOf(stream) is not var (sweep, earlier) || earlier >= coordinator.ForgottenOf(sweep))
                {
                    findings.Add(new(null, null, stream, $"No sweep is known whose stream {stream} is: the coordinator's own stream has lost events.", AuditRemedy.Salvage));
                }
            }
        }

        private void Fold(bool isWhole, ProvenStream stream, IMessage happened)
        {
            if (isWhole)
            {
                made?.Take(new(stream.Name, stream.Head.Number, happened, stream.Head.Link));
            }
        }

        /// <summary>Rows and results are compared where the journal itself is whole; where it is not, they may well be the better.</summary>
        private async Task MadeFromIt(SweepId sweep, ProvenStream stream, ProvenStream numbers, bool isOver)
        {
            if (made is null)
            {
                return;
            }

            try
            {
                findings.AddRange(made.Compare(sweep, [stream.Name, numbers.Name]));
                if (isOver && made.HasAll(stream.Name, stream.Head) && made.HasAll(numbers.Name, numbers.Head))
                {
                    findings.AddRange(await ResultsAudit.Of(home, sweep, made.Answers(), cancel).ConfigureAwait(false));
                }
            }
            catch (SqliteException problem)
            {
                findings.Add(new(sweep, null, "read.db", $"The rows of {sweep} can't be read: {problem.Message.TrimEnd('.')}.", AuditRemedy.Rows));
            }
        }
    }
}
