using System.Diagnostics;
using System.Net;
using MemCluster.Coordinator.Http;
using MemCluster.Coordinator.Reading;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Coordinator;

/// <summary>How reading verbs reach a home: through the process that works on it, if one does; else by its database, opened for reading.</summary>
public static class HomeAccess
{
    /// <summary>A process that is gone is known at once; one on a machine with too much to do takes its time, and must not be taken for gone.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan MeetWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MeetEvery = TimeSpan.FromMilliseconds(200);

    /// <param name="token">Shown to the process at work.</param>
    /// <param name="progress">Hears how far it is where the rows must be made first, and that takes its time.</param>
    /// <exception cref="UserError">There is no such home, or it can't be read.</exception>
    public static async Task<IOperator> Open(Home home, ApiToken? token, CancellationToken cancel, Action<string>? progress = null)
    {
        if (await AtWork(home, cancel).ConfigureAwait(false) is { } running)
        {
            return HttpOperator.At(running.Api, ApiClientFactory.PinnedHandler(running.Certificate), token?.Text);
        }

        if (!Directory.Exists(home.Folder))
        {
            throw new UserError($"There is no home {home.Folder}. Run a sweep first, or name the home with --home.");
        }

        // Other coordinators may have gone on with a journal that is elsewhere. Rows that nobody closed in order, or that were changed since, or whose journal
        // was, are made again.
        var elsewhere = ReadModelOrigin.IsElsewhere(home);
        if (!elsewhere && !File.Exists(home.JournalFile) && RowsOfJournal.Sweeps(home) > 0)
        {
            throw new UserError(JournalGone(home));
        }

        var others = !elsewhere && FileSeal.Holds(home.ReadFile) == true && !RowsOfJournal.AreCurrent(home);
        if (others)
        {
            FileSeal.Open(home.ReadFile); // Made again from the first event on.
        }

        if (elsewhere || others || ReadModelSchema.IsMissing(home.ReadFile) || FileSeal.Holds(home.ReadFile) != true)
        {
            await CatchUp(home, cancel, progress).ConfigureAwait(false);
            if (await AtWork(home, cancel).ConfigureAwait(false) is { } begun)
            {
                return HttpOperator.At(begun.Api, ApiClientFactory.PinnedHandler(begun.Certificate), token?.Text);
            }
        }

        return new ReadingOperator(new ReadModelReader(home.ReadFile));
    }

    /// <summary>
    /// Sees to it that the read model holds all that the journal does, which it may not after a crash: opens the journal for a moment as a
    /// coordinator without a cluster. Does nothing when a process is at work there, which keeps its rows up to date itself.
    /// </summary>
    public static async Task CatchUp(Home home, CancellationToken cancel, Action<string>? progress = null)
    {
        if (await AtWork(home, cancel).ConfigureAwait(false) is not null || JournalOf(home) is not { } journal)
        {
            return;
        }

        using var held = await TakeOrMeet(home, cancel).ConfigureAwait(false);
        if (held is null)
        {
            return;
        }

        await journal.Prepare(cancel).ConfigureAwait(false);
        ReadModelOrigin.Settle(home, await journal.Identity(cancel).ConfigureAwait(false));
        await ReadModelCatchUp.Run(home, journal, progress, cancel).ConfigureAwait(false);
    }

    /// <summary>A process that has begun to work on the home a moment ago can't be asked yet, and will be.</summary>
    /// <returns>Null when it can: it keeps the rows up to date itself.</returns>
    private static async Task<HomeLock?> TakeOrMeet(Home home, CancellationToken cancel)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(MeetEvery, cancel).ConfigureAwait(false))
        {
            try
            {
                return HomeLock.Take(home);
            }
            catch (UserError) when (Stopwatch.GetElapsedTime(began) < MeetWithin)
            {
                if (await AtWork(home, cancel).ConfigureAwait(false) is not null)
                {
                    return null;
                }
            }
        }
    }

    /// <summary>Null for a home without a journal.</summary>
    private static JournalPlace? JournalOf(Home home)
    {
        if (!ReadModelOrigin.IsElsewhere(home))
        {
            return File.Exists(home.JournalFile) ? JournalPlace.Of(home, null) : null;
        }

        return JournalArgument.Of(null) is { } connection
            ? JournalPlace.Of(home, connection)
            : throw new UserError(
                $"The journal of {home.Folder} is a PostgreSQL database, and no coordinator is at work here. Ask one elsewhere with --at HOST:PORT, "
                + $"or name the database in {JournalArgument.Variable}.");
    }

    /// <summary>Rows are left of a journal that is not there any more: nothing is told from them, and nothing begins anew without being asked.</summary>
    internal static string JournalGone(Home home) =>
        $"The journal {home.JournalFile} is gone, and rows of it are still here. Put it back, from a copy if need be; or delete {Path.GetFileName(home.ReadFile)} to begin anew, and "
        + "every sweep of this home is trained again. Its results folder stays.";

    /// <summary>How many trials of a sweep have ended here, at a glance: so much, or a little more or less.</summary>
    public static int EndedAtAGlance(Home home, SweepId sweep) => RowsOfJournal.Ended(home, sweep);

    /// <summary>Whether a process is at work on the home.</summary>
    internal static async Task<bool> IsAtWork(Home home, CancellationToken cancel) => await AtWork(home, cancel).ConfigureAwait(false) is not null;

    /// <summary>The process at work on the home; null if there is none, also when it died without tidying up.</summary>
    private static async Task<RunningProcess?> AtWork(Home home, CancellationToken cancel)
    {
        if (HomeLock.Running(home) is not { } running)
        {
            return null;
        }

        using var http = new HttpClient(ApiClientFactory.PinnedHandler(running.Certificate)) { Timeout = AnswerWithin };
        try
        {
            var address = running.Api.Contains("://", StringComparison.Ordinal) ? running.Api : "http://" + running.Api;
            using var answer = await http.GetAsync(new Uri(address + Http.Api.Home), cancel).ConfigureAwait(false);

            // One that wants a token first is at work too. The port may have passed to a process with another home.
            return answer.StatusCode == HttpStatusCode.Unauthorized || await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false) == home.Folder
                ? running
                : null;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
