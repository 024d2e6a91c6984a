using MemCluster.Operations;

namespace MemCluster.Coordinator;

/// <summary>
/// While the coordinator is at work in this process, says so in the journal's database. A node that is about to begin a cluster of its own reads
/// there whether another cluster is at work on the same journal. It guards against mistakes; what writes are fenced by is the journal's unique key.
/// </summary>
internal sealed class JournalLease : IAsyncDisposable
{
    /// <summary>Unrenewed for so long, it is nobody's.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly PostgresJournal _journal;
    private readonly string _node;
    private readonly Standing _standing;
    private readonly SemaphoreSlim _began = new(0);
    private readonly Task<bool> _holding;

    public JournalLease(PostgresJournal journal, string node, Standing standing)
    {
        (_journal, _node, _standing) = (journal, node, standing);
        standing.Began += () => _began.Release();
        _holding = Hold();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        var held = await _holding.ConfigureAwait(false);
        if (held)
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await Try(() => _journal.Release(_node, soon.Token)).ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    /// <returns>Whether it was this node's at the end.</returns>
    private async Task<bool> Hold()
    {
        var held = false;
        while (!_stop.IsCancellationRequested)
        {
            if (_standing.IsActive)
            {
                held = await Try(() => _journal.Hold(_node, _stop.Token)).ConfigureAwait(false) || held;
            }
            else
            {
                held = false;
            }

            try
            {
                await _began.WaitAsync(Every, _stop.Token).ConfigureAwait(false); // Whoever begins says so at once.
            }
            catch (OperationCanceledException)
            {
                return held;
            }
        }

        return held;
    }

    /// <summary>A database that is away is nothing new to the actors, which say so.</summary>
    private static async Task<bool> Try(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            return true;
        }
        catch (Exception problem) when (problem is UserError or OperationCanceledException)
        {
            return false;
        }
    }
}
