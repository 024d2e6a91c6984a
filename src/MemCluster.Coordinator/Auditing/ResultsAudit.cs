using System.Security.Cryptography;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
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

            findings.AddRange(await OfWeights(folder, sweep, answers, cancel).ConfigureAwait(false));
            return findings;
        }
        finally
        {
            Directory.Delete(again, recursive: true);
        }
    }

    /// <summary>Weights that were exported; which of them were is the folder's affair.</summary>
    private static async Task<IReadOnlyList<AuditFinding>> OfWeights(string folder, SweepId sweep, ReadingOperator answers, CancellationToken cancel)
    {
        var there = Directory.EnumerateFiles(folder).Select(file => (File: file, Of: WeightsFiles.Of(Path.GetFileName(file)))).Where(file => file.Of is not null)
            .ToLookup(file => file.Of!.Value.Trial, file => file.File);
        if (there.Count == 0 || await answers.Spec(sweep, cancel).ConfigureAwait(false) is not { } canonical)
        {
            return [];
        }

        var (spec, findings) = (SpecFile.FromCanonical(canonical), new List<AuditFinding>());
        await foreach (var row in answers.Trials(sweep, cancel).ConfigureAwait(false))
        {
            if (!there.Contains(row.Trial))
            {
                continue;
            }

            var digests = new Dictionary<string, string>();
            await foreach (var kept in answers.Weights(sweep, row.Trial, cancel).ConfigureAwait(false))
            {
                digests[WeightsFiles.NameOf(row.Trial, kept.Found.Epoch)] = Convert.ToHexString(SHA256.HashData(WeightsFiles.Signed(spec, row, kept.Found).ToBytes()));
            }

            foreach (var file in there[row.Trial])
            {
                if (digests.GetValueOrDefault(Path.GetFileName(file)) != await Digest(file, cancel).ConfigureAwait(false))
                {
                    findings.Add(new(sweep, row.Trial, file, $"{Path.GetFileName(file)} is not what the journal gives.", AuditRemedy.Results));
                }
            }
        }

        return findings;
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
