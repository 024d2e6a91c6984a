using System.Text;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using Parquet;

namespace MemCluster.Reporting.Tests;

/// <summary>A table of single examples that needs no other file beside it.</summary>
public sealed class ExampleTableTests : IDisposable
{
    private static readonly SweepSpec Spec = Given.Spec("sweep: s\ndata: {name: glyphs, train: 3}\nmeasures: {el2n: last, learning: every 2}\naxes: {noise: [none, label 0.2], rate: [0.1]}\nseeds: [7]\n");

    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-examples-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_row_has_the_settings_of_its_trial_and_what_was_not_measured_is_empty_but_not_what_failed()
    {
        await ResultFiles.Write(_folder, Rows(ExampleTableForm.Csv));

        string[] lines = (await File.ReadAllTextAsync(Path.Combine(_folder, "example-rows.csv"))).Split('\n');
        var names = lines[0].Split(',');
        Assert.Equal(["trial", "noise", "rate", "seed", "epoch", "example", "label_given", "label_true", "corrupted"], names[..9]);
        Assert.Equal(ExampleSheets.Names(Spec), names[9..]);
        Assert.Equal(
            [
                "1,none,0.1,7,2,0,3,0,true,false|", "1,none,0.1,7,2,1,1,1,false,true|", "1,none,0.1,7,2,2,2,2,false,true|",
                "1,none,0.1,7,4,0,3,0,true,|0.1", "1,none,0.1,7,4,1,1,1,false,|NaN", "1,none,0.1,7,4,2,2,2,false,|Infinity",
                "2,label 0.2,0.1,7,2,0,3,0,true,false|",
            ],
            lines[1..8].Select(line => line.Split(',')).Select(fields => $"{string.Join(',', fields[..10])}|{fields[Array.IndexOf(names, "el2n")]}"));
        Assert.Equal("|4|", string.Join('|', lines[4..7].Select(line => line.Split(',')[Array.IndexOf(names, "first_learned")])));
        Assert.Equal(1 + 12 + 1, lines.Length);
    }

    [Fact]
    public async Task The_parquet_file_has_the_same_columns_and_a_later_export_leaves_both_in_the_list()
    {
        await ResultFiles.Write(_folder, Rows(ExampleTableForm.Csv));
        await ResultFiles.Write(_folder, Rows(ExampleTableForm.Parquet));
        await ResultFiles.Write(_folder, Rows(null));

        var header = (await File.ReadAllLinesAsync(Path.Combine(_folder, "example-rows.csv")))[0];
        await using var file = File.OpenRead(Path.Combine(_folder, "example-rows.parquet"));
        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(header, string.Join(',', reader.Schema.DataFields.Select(field => field.Name)));
        using var group = reader.OpenRowGroupReader(0);
        var seeds = new long[12];
        await group.ReadAsync<long>(reader.Schema.FindDataField("seed"), seeds.AsMemory());
        Assert.All(seeds, seed => Assert.Equal(7, seed));
        var noises = new string?[12];
        await group.ReadAsync(reader.Schema.FindDataField("noise"), noises.AsMemory());
        Assert.Equal("none none none none none none label 0.2 label 0.2 label 0.2 label 0.2 label 0.2 label 0.2", string.Join(' ', noises));

        var list = await File.ReadAllTextAsync(Path.Combine(_folder, DigestList.Name), Encoding.UTF8);
        Assert.Contains("  example-rows.csv\n", list, StringComparison.Ordinal);
        Assert.Contains("  example-rows.parquet\n", list, StringComparison.Ordinal);
        Assert.True((await FolderCheck.Of(_folder, File.OpenRead)).IsAsWritten);
    }

    private static ResultRows Rows(ExampleTableForm? form) => new(
        Spec, NumericsSettings.Version, () => Given.Rows(Spec, trial => Given.Row(Spec, trial, TrialState.Finished)).ToAsyncEnumerable(),
        AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, () => Arrays(1).Concat(Arrays(2)).ToAsyncEnumerable())
    {
        ExampleTable = form,
    };

    private static IEnumerable<TrialArray> Arrays(int trial) => new[]
    {
        Finding.OfBits(0, ExampleNames.Corrupted, [true, false, false]),
        Finding.OfSingles(0, ExampleNames.Given, [3, 1, 2]),
        Finding.OfSingles(0, ExampleNames.True, [0, 1, 2]),
        Finding.OfBits(2, ExampleNames.Correct, [false, true, true]),
        Finding.OfSingles(4, "el2n", [0.1, double.NaN, double.PositiveInfinity]),
        Finding.OfSingles(4, "first_learned", [double.PositiveInfinity, 4, double.PositiveInfinity]),
    }.Select(found => new TrialArray(trial, found));
}
