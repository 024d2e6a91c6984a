using System.Security.Cryptography;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Auditing;

/// <summary>Whether the results folder of a sweep that is over says what its journal says: writes it once more, elsewhere, and compares byte by byte.</summary>
internal static class ResultsAudit
{
    /// <param name="answers">From rows that were just made.</param>
    public static async Task<IReadOnlyList<AuditFinding>> Of(Home home, SweepId sweep, ReadingOperator answers, CancellationToken cancel)
    {
        var folder = home.ResultsOf(sweep);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var again = Directory.CreateTempSubdirectory("memcluster-audit").FullName;
        try
        {
            var findings = new List<AuditFinding>();
            foreach (var file in await ResultsFolder.Write(again, answers, sweep, cancel).ConfigureAwait(false))
            {
                var name = Path.GetFileName(file);
                var there = Path.Combine(folder, name);
                if (File.Exists(there) && !await Same(file, there, cancel).ConfigureAwait(false))
                {
                    findings.Add(new(sweep, null, there, $"{name} is not what the journal gives.", AuditRemedy.Results));
                }
            }

            return findings;
        }
        finally
        {
            Directory.Delete(again, recursive: true);
        }
    }

    private static async Task<bool> Same(string file, string other, CancellationToken cancel)
    {
        return new FileInfo(file).Length == new FileInfo(other).Length
            && await Digest(file, cancel).ConfigureAwait(false) == await Digest(other, cancel).ConfigureAwait(false);
    }

    private static async Task<string> Digest(string file, CancellationToken cancel)
    {
        var bytes = File.OpenRead(file);
        await using (bytes.ConfigureAwait(false))
        {
            return Convert.ToHexString(await SHA256.HashDataAsync(bytes, cancel).ConfigureAwait(false));
        }
    }
}
