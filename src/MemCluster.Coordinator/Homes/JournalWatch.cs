using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator;

/// <summary>
/// Looks now and then whether the journal is still the file that this process opened. Where it is not, nothing that is recorded lasts, and whoever
/// works here must end rather than report sweeps as finished of which nothing is left.
/// </summary>
internal sealed class JournalWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly Home _home;
    private readonly FileIdentity? _opened;
    private readonly Func<string, FileIdentity?> _identity;
    private readonly ILogger _log;
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _looks;

    /// <param name="identity">Of the file at a path; null where there is none.</param>
    public JournalWatch(Home home, Func<string, FileIdentity?> identity, ILogger log, TimeProvider clock)
    {
        (_home, _identity, _log) = (home, identity, log);
        _opened = identity(home.JournalFile);
        _looks = clock.CreateTimer(_ => Look(), null, Every, Every);
    }

    /// <summary>Done when it is lost, with the sentence that says so.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Looks now.</summary>
    /// <returns>Null, or what happened and what to do.</returns>
    public string? Look()
    {
        if (!_lost.Task.IsCompleted && FileIdentity.IsGone(_opened, _identity(_home.JournalFile)) && _lost.TrySetResult(Sentence(_home)))
        {
            _log.JournalLost(_lost.Task.Result);
        }

        return _lost.Task.IsCompleted ? _lost.Task.Result : null;
    }

    public ValueTask DisposeAsync() => _looks.DisposeAsync();

    private static string Sentence(Home home) =>
        $"The journal {home.JournalFile} was deleted, moved or replaced while this process was at work on it. What was recorded since is lost, and more would be, so it ends. "
        + $"Put the file back, or a copy of it (then delete {Path.GetFileName(home.ReadFile)}, which may be ahead of it), and give the command again; without one every sweep of "
        + "this home begins anew. Its results folder stays; keep a copy of what you need.";
}
