using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Reporting.Files;

/// <summary>attempts.csv: who had a trial, from when to when (UTC), how it ended. The only results file that tells where and when.</summary>
public static class AttemptsCsv
{
    public static async Task Write(TextWriter to, IAsyncEnumerable<AttemptRow> rows, CancellationToken cancel = default)
    {
        await using var csv = Csv.Over(to);
        Csv.Row(csv, ["trial", "attempt", "trainer", "assigned", "ended", "how", "epoch", "seconds", "longest_epoch", "checkpoint"]);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            Csv.Row(csv,
            [
                row.Trial.ToString(CultureInfo.InvariantCulture), row.Attempt.ToString(CultureInfo.InvariantCulture), row.Trainer,
                Time(row.AssignedAt), row.EndedAt is { } end ? Time(end) : "", row.Ended,
                row.Epoch.ToString(CultureInfo.InvariantCulture),
                Seconds(row.Seconds), Seconds(row.LongestEpoch), row.Checkpoint?.ToString(CultureInfo.InvariantCulture) ?? "",
            ]);
        }

        await csv.FlushAsync(cancel);
    }

    private static string Seconds(double? seconds) => seconds?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
