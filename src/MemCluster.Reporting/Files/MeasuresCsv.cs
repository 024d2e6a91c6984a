using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Reporting.Files;

/// <summary>measures.csv: trial, epoch, measure, value; one row per number that was measured, ordered by trial and epoch; the value of one that is not finite is empty, and the manifest counts it.</summary>
public static class MeasuresCsv
{
    public static async Task Write(TextWriter to, IAsyncEnumerable<MeasureRow> rows, CancellationToken cancel = default)
    {
        await using var csv = Csv.Over(to);
        Csv.Row(csv, ["trial", "epoch", "measure", "value"]);
        var (trial, epoch) = (0, 0);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            // The order is a promise to whoever compares two runs byte by byte; a reader that breaks it must not go unseen.
            if (row.Trial < trial || (row.Trial == trial && row.Epoch < epoch))
            {
                throw new InvalidOperationException(
                    $"Measures must come by trial and epoch, but epoch {row.Epoch} of trial {row.Trial} came after epoch {epoch} of trial {trial}.");
            }

            (trial, epoch) = (row.Trial, row.Epoch);
            Csv.Row(csv,
            [
                row.Trial.ToString(CultureInfo.InvariantCulture), row.Epoch.ToString(CultureInfo.InvariantCulture),
                row.Measure, row.Value is { } value ? Numbers.RoundTrip(value) : "",
            ]);
        }

        await csv.FlushAsync(cancel);
    }
}
