namespace MemCluster.Cli.Tests;

/// <summary><c>verify</c> of a sweep that was really trained, with every kind of file that is exported.</summary>
public sealed class RealVerifyTests : IDisposable
{
    private const string Spec = """
        sweep: first
        data: { name: glyphs, train: 200, validation: 100 }
        network: { kind: mlp, depth: 1, width: 16 }
        training: { epochs: 3, batch: 32, momentum: 0.9 }
        measures: { learning: last }
        keep: weights
        noise: label 0.4
        axes: { prune: [none, { score: el2n, drop: highest, fraction: 0.2, runs: 1, every: 1 }] }
        seeds: 1
        """;

    private const int Times = 100;

    private readonly Session _session = new() { Doors = RealDoors.Open() };

    private string Results => Path.Combine(_session.Folder, "copy");

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task A_byte_that_is_changed_in_any_file_is_named_by_its_file_with_exit_2_a_hundred_times_of_a_hundred()
    {
        Assert.True(0 == await _session.Run("run", _session.File(Spec), "--home", _session.Home, "--slots", "2"), _session.Error);
        Assert.True(0 == await _session.Run("export", "first", "--home", _session.Home, "--to", Results, "--weights", "--examples", "csv"), _session.Error);
        var files = Directory.GetFiles(Results).Where(file => Path.GetFileName(file) != "SHA256SUMS").Order(StringComparer.Ordinal).ToArray();
        Assert.Superset(
            new HashSet<string?>(["attempts.csv", "example-rows.csv", "examples.parquet", "manifest.json", "measures.csv", "scores.csv", "trials.csv", "weights-1-epoch-3.safetensors"]),
            files.Select(Path.GetFileName).ToHashSet());
        Assert.Equal(0, await _session.Run("verify", Results));
        var random = new Random(12);
        for (var time = 1; time <= Times; time++)
        {
            var file = files[random.Next(files.Length)];
            var bytes = await File.ReadAllBytesAsync(file);
            var (at, change) = (random.Next(bytes.Length), (byte)random.Next(1, 256));
            bytes[at] ^= change;
            await File.WriteAllBytesAsync(file, bytes);
            var (before, what) = (_session.Out.Length, $"{time}: byte {at} of {bytes.Length} in {Path.GetFileName(file)}, changed by {change:x2}");

            Assert.True(2 == await _session.Run("verify", Results), what);

            var wrong = _session.Out[before..].TrimEnd('\n').Split('\n').Skip(1).Where(line => !line.EndsWith("  as written", StringComparison.Ordinal)).ToArray();
            Assert.True(wrong is [var line] && line.Split(' ')[0] == Path.GetFileName(file) && line.EndsWith("  changed", StringComparison.Ordinal), $"{what}\n{string.Join('\n', wrong)}");
            bytes[at] ^= change;
            await File.WriteAllBytesAsync(file, bytes);
        }

        Assert.Equal(0, await _session.Run("verify", Results));
    }
}
