using MemCluster.Coordinator.Auditing;
using MemCluster.Operations;
using Microsoft.Data.Sqlite;

namespace MemCluster.Coordinator.Tests;

/// <summary>Whichever bit of the file is another: it does no harm, or the audit tells of it and the salvage mends it. There is no third.</summary>
public sealed class FlippedBitTests
{
    private const int Trials = 40;

    /// <summary>The file's own header is a hundred bytes, each with a meaning (https://sqlite.org/fileformat.html, 1.3): none takes a result along.</summary>
    [Fact]
    public Task In_the_header_of_the_file_it_costs_nothing() => AreHarmlessOrMended(_ => Header.Where((_, place) => place % 8 == 3).Concat([(28, 3), (47, 1)]), mostLost: 0);

    /// <summary>A prime step: begins of pages, their lists of cells and what is in them.</summary>
    [Fact]
    public Task All_over_the_file_it_costs_what_was_there() => AreHarmlessOrMended(length => Body(length, 8), mostLost: Trials);

    [Fact]
    [Trait("Category", "Chaos")]
    public Task In_every_byte_of_the_header_it_costs_nothing() =>
        AreHarmlessOrMended(_ => Header.Concat(from bit in Enumerable.Range(0, 8) from at in (long[])[28, 47] select (at, bit)), mostLost: 0);

    [Fact]
    [Trait("Category", "Chaos")]
    public Task In_two_hundred_places_of_the_file_it_costs_what_was_there() => AreHarmlessOrMended(length => Body(length, 200), mostLost: Trials);

    private static IEnumerable<(long At, int Bit)> Header => Enumerable.Range(0, 72).Concat(Enumerable.Range(92, 8)).Select(at => ((long)at, at % 8));

    private static IEnumerable<(long At, int Bit)> Body(long length, int places) =>
        Enumerable.Range(0, places).Select(place => (100 + (place * 19_997L % (length - 100)), place % 8));

    private static async Task AreHarmlessOrMended(Func<long, IEnumerable<(long At, int Bit)>> places, int mostLost)
    {
        using var home = WrittenHome.With(Trials, 6);
        home.Settle();
        SqliteConnection.ClearAllPools();
        var whole = await File.ReadAllBytesAsync(home.Home.JournalFile);
        var problems = new List<string>();
        foreach (var (at, bit) in places(whole.Length))
        {
            whole[at] ^= (byte)(1 << bit);
            Put(home.Home, whole);
            whole[at] ^= (byte)(1 << bit);
            if (await WrongWith(home.Home, mostLost) is { } wrong)
            {
                problems.Add($"byte {at}, bit {bit}: {wrong}");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static void Put(Home home, byte[] journal)
    {
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(home.Folder, "journal*").Append(home.ReadFile))
        {
            File.Delete(file);
        }

        File.WriteAllBytes(home.JournalFile, journal);
    }

    private static async Task<string?> WrongWith(Home home, int mostLost)
    {
        var step = "audit";
        try
        {
            var report = await JournalAudit.Run(home, null, null, null, default);
            if (report.Findings.Count > 0)
            {
                step = $"salvage after '{report.Findings[0].What}'";
                var salvage = await Salvage.Run(home, null, default);
                if (salvage.SetAside is null || Trials - salvage.Sweeps.Sum(sweep => sweep.Kept) > mostLost)
                {
                    return $"{salvage.Sweeps.Sum(sweep => sweep.Kept)} salvaged into {salvage.SetAside} after '{report.Findings[0].What}' {report.Findings[0].Remedy}";
                }

                step = "audit after the salvage";
                report = await JournalAudit.Run(home, null, null, null, default);
                if (report.Findings.Count > 0)
                {
                    return $"after the salvage '{report.Findings[0].What}'";
                }
            }
            else if (report.Sweeps.Sum(sweep => sweep.Whole) != Trials)
            {
                return $"{report.Sweeps.Sum(sweep => sweep.Whole)} of {Trials} are whole, and nothing is said of the others";
            }

            step = "opening it to work";
            SqliteJournal.Prepare(home.JournalFile);
            return null;
        }
        catch (Exception problem) when (problem is UserError or SqliteException or IOException or FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            return $"{step}: {problem.GetType().Name} {problem.Message}";
        }
    }
}
