namespace MemCluster.Telemetry.Tests;

public sealed class LineFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-log-").FullName;

    private string Log => Path.Combine(_folder, "x.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_full_file_moves_on_and_only_so_many_are_kept_with_no_line_cut()
    {
        using (var file = new LineFile(Log, mostBytes: 100, files: 3))
        {
            for (var line = 0; line < 100; line++)
            {
                file.Write($"line {line:000}"); // 9 bytes with its end: 11 to a file
            }
        }

        Assert.Equal(["x.log", "x.log.1", "x.log.2"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(_folder), path => Assert.InRange(new FileInfo(path).Length, 1, 100));
        Assert.Equal(["line 099"], File.ReadAllLines(Log));
        Assert.Equal(("line 088", "line 098"), (File.ReadAllLines(Log + ".1")[0], File.ReadAllLines(Log + ".1")[^1]));
        Assert.Equal("line 077", File.ReadAllLines(Log + ".2")[0]);
    }

    [Fact]
    public void Another_start_goes_on_with_the_file()
    {
        for (var start = 0; start < 2; start++)
        {
            using var file = new LineFile(Log);
            file.Write($"start {start}");
        }

        Assert.Equal(["start 0", "start 1"], File.ReadAllLines(Log));
    }

    [Fact]
    public void Lines_of_many_threads_stay_whole()
    {
        using (var file = new LineFile(Log, mostBytes: 20_000, files: 50))
        {
            Parallel.For(0, 4000, number => file.Write($"<{number}>"));
        }

        var lines = Directory.GetFiles(_folder).SelectMany(File.ReadAllLines).ToArray();
        Assert.Equal(Enumerable.Range(0, 4000).Select(number => $"<{number}>").Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_that_can_not_be_written_costs_its_lines_and_nothing_else()
    {
        Directory.CreateDirectory(Log);
        using var file = new LineFile(Log);
        file.Write("lost");
        Directory.Delete(Log);
        file.Write("kept");
        Assert.Equal(["kept"], File.ReadAllLines(Log));
    }
}
