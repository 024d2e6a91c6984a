using MemCluster.Coordinator.Reading;
using MemCluster.Operations;

namespace MemCluster.Coordinator;

/// <summary>How reading verbs reach a home: through the process that works on it, if one does; else by its database, opened for reading.</summary>
public static class HomeAccess
{
    /// <exception cref="UserError">There is no such home, or it can't be read.</exception>
    public static async Task<IOperator> Open(Home home, CancellationToken cancel)
    {
        if (HomeLock.Running(home) is { } running)
        {
            var http = new HttpOperator(running.Api);
            if (await Answers(running.Api, cancel).ConfigureAwait(false))
            {
                return http;
            }

            http.Dispose(); // It died without tidying up.
        }

        if (!Directory.Exists(home.Folder))
        {
            throw new UserError($"There is no home {home.Folder}. Run a sweep first, or name the home with --home.");
        }

        return new ReadingOperator(new ReadModelReader(home.ReadFile));
    }

    /// <summary>
    /// Sees to it that the read model holds all that the journal does, which it may not after a crash: opens the journal for a moment as a
    /// coordinator without a cluster. Needs the home to itself.
    /// </summary>
    /// <exception cref="UserError">Another process works on the home.</exception>
    public static async Task CatchUp(Home home, CancellationToken cancel)
    {
        using var held = HomeLock.Take(home);
        SqliteJournal.Prepare(home.JournalFile);
        await ReadModelCatchUp.Run(home, cancel).ConfigureAwait(false);
    }

    private static async Task<bool> Answers(string api, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        try
        {
            return (await http.GetAsync(new Uri($"http://{api}/health/live"), cancel).ConfigureAwait(false)).IsSuccessStatusCode;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
