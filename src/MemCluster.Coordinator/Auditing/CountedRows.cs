using System.Runtime.CompilerServices;

namespace MemCluster.Coordinator.Auditing;

/// <summary>How far an audit is.</summary>
/// <param name="All">0 where nobody knows.</param>
public sealed record AuditPace(long Read, long All);

/// <summary>Tells how many events were read.</summary>
internal sealed class CountedRows(IJournalRows rows, long all, IProgress<AuditPace>? progress) : IJournalRows
{
    private const int Every = 1000;

    private long _read;

    public Task<IReadOnlyList<string>> Streams(CancellationToken cancel) => rows.Streams(cancel);

    public async IAsyncEnumerable<StoredEvent> Of(string stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var row in rows.Of(stream, cancel).ConfigureAwait(false))
        {
            if (++_read % Every == 0)
            {
                progress?.Report(new(_read, all));
            }

            yield return row;
        }
    }
}
