using System.Security.Cryptography;
using System.Text;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using Parquet;

namespace MemCluster.Reporting.Tests;

/// <summary>A results folder and the list of its digests: nothing that happens to a byte of either goes unseen.</summary>
public sealed class FolderCheckTests : IDisposable
{
    private static readonly SweepSpec Spec = Given.Spec(
        "sweep: s\ndata: {name: glyphs, train: 100, validation: 100}\nmeasures: {learning: every 1}\naxes: {noise: [none, label 0.2]}\nseeds: 2\n");

    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_list_is_what_sha256sum_takes_sorted_and_names_every_other_file()
    {
        var shown = await ResultFiles.Write(_folder, Rows());

        string[] names = ["attempts.csv", "examples.parquet", "manifest.json", "measures.csv", "trials.csv"];
        Assert.Equal(string.Concat(names.Select(name => $"{Hex(Bytes(name))}  {name}\n")), Encoding.ASCII.GetString(Bytes("SHA256SUMS")));
        Assert.Equal(["SHA256SUMS", .. names], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(shown, path => path.EndsWith("SHA256SUMS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_digested_on_its_way_is_written_as_it_would_be_without()
    {
        await ResultFiles.Write(_folder, Rows());
        using var plain = new MemoryStream();
        await ExamplesParquet.Write(plain, Spec, Rows().Arrays());

        Assert.Equal(plain.ToArray(), Bytes("examples.parquet"));
        await using var written = File.OpenRead(Path.Combine(_folder, "examples.parquet"));
        await using var reader = await ParquetReader.CreateAsync(written);
        Assert.Equal(1, reader.RowGroupCount);
    }

    [Fact]
    public async Task A_folder_just_written_is_as_written_also_after_it_was_written_again()
    {
        await ResultFiles.Write(_folder, Rows());
        await ResultFiles.Write(_folder, Rows("other/1"));

        var report = await Check();

        Assert.True(report.IsAsWritten);
        Assert.Equal(5, report.Files.Count);
        Assert.All(report.Files, file => Assert.Equal((FileFate.AsWritten, Bytes(file.File).Length), (file.Fate, (int)file.Bytes!)));
    }

    [Fact]
    public async Task A_hundred_changed_bytes_are_found_each_by_itself()
    {
        await ResultFiles.Write(_folder, Rows());
        var files = Directory.GetFiles(_folder).Order(StringComparer.Ordinal).ToArray();
        var random = new Random(20261130);
        for (var time = 0; time < 100; time++)
        {
            var file = files[time % files.Length];
            await AssertFound(file, random.Next((int)new FileInfo(file).Length), (byte)random.Next(1, 256));
        }

        Assert.True((await Check()).IsAsWritten);
    }

    [Fact]
    public async Task Every_byte_of_the_list_counts_and_so_does_whether_a_digit_is_a_capital()
    {
        const byte Capital = 'a' ^ 'A';
        await ResultFiles.Write(_folder, Rows());
        for (var at = Bytes("SHA256SUMS").Length - 1; at >= 0; at--)
        {
            await AssertFound(Path.Combine(_folder, "SHA256SUMS"), at, (byte)(1 << (at % 8)));
            await AssertFound(Path.Combine(_folder, "SHA256SUMS"), at, Capital);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("attempts.csv")]
    [InlineData("examples.parquet")]
    [InlineData("trials.csv")]
    public async Task A_list_that_lost_a_line_is_not_believed(string lost)
    {
        await ResultFiles.Write(_folder, Rows());
        await ChangeList(text => lost.Length == 0 ? "" : string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.EndsWith("  " + lost, StringComparison.Ordinal)).Select(line => line + "\n")));

        Assert.Contains((await Check()).Problems, problem => problem.StartsWith($"SHA256SUMS doesn't name {(lost.Length == 0 ? "trials.csv" : lost)}: the list was changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nor_is_one_that_lost_a_line_together_with_its_file()
    {
        await ResultFiles.Write(_folder, Rows());
        File.Delete(Path.Combine(_folder, "measures.csv"));
        await ChangeList(text => string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("measures", StringComparison.Ordinal)).Select(line => line + "\n")));

        var report = await Check();

        Assert.Equal(["SHA256SUMS doesn't name measures.csv, which every results folder has: the list was changed."], report.Problems);
        Assert.Contains(new CheckedFile("measures.csv", null, FileFate.Missing), report.Files);
    }

    [Theory]
    [InlineData("\uFEFF", "", "SHA256SUMS line 1 is damaged: it is not 64 hex digits, two spaces and a file name.")]
    [InlineData("\n", "", "SHA256SUMS line 1 is damaged: it is not 64 hex digits, two spaces and a file name.")]
    [InlineData("", "0\n", "SHA256SUMS line 6 is damaged: it is not 64 hex digits, two spaces and a file name.")]
    [InlineData("", "DIGEST  \n", "SHA256SUMS line 6 is damaged: it is not 64 hex digits, two spaces and a file name.")]
    [InlineData("", "DIGEST *notes.txt\n", "SHA256SUMS line 6 is damaged: it is not 64 hex digits, two spaces and a file name.")]
    [InlineData("", "DIGEST  notes.txt\r\n", "SHA256SUMS line 6 is damaged: it is not 64 hex digits, two spaces and a file name.")]
    [InlineData("", "DIGEST  notes\0.txt\n", "SHA256SUMS line 6 is damaged: it is not 64 hex digits, two spaces and a file name.")]
    [InlineData("", "DIGEST  notes.txt", "SHA256SUMS line 6 is cut short: every line ends in a line feed.")]
    [InlineData("", "DIGEST  trials.csv\n", "SHA256SUMS line 6 names trials.csv a second time.")]
    [InlineData("", "DIGEST  ../notes.txt\n", "SHA256SUMS line 6 names '../notes.txt', which may lie outside of the folder; it is not looked at.")]
    [InlineData("", "DIGEST  ..\n", "SHA256SUMS line 6 names '..', which may lie outside of the folder; it is not looked at.")]
    [InlineData("", "DIGEST  /etc/passwd\n", "SHA256SUMS line 6 names '/etc/passwd', which may lie outside of the folder; it is not looked at.")]
    [InlineData("", "DIGEST  a\\b\n", "SHA256SUMS line 6 names 'a\\b', which may lie outside of the folder; it is not looked at.")]
    public async Task A_line_that_is_none_is_named_and_what_it_names_is_not_opened(string before, string after, string problem)
    {
        await ResultFiles.Write(_folder, Rows());
        await ChangeList(text => before + text + after.Replace("DIGEST", new string('0', 64), StringComparison.Ordinal));
        var opened = new List<string>();

        var report = await FolderCheck.Of(_folder, path =>
        {
            opened.Add(path);
            return File.OpenRead(path);
        });

        Assert.Contains(problem, report.Problems);
        Assert.False(report.IsAsWritten);
        Assert.All(opened, path => Assert.Contains(Path.GetFileName(path), (string[])["SHA256SUMS", .. ResultFiles.All]));
        Assert.All(opened, path => Assert.Equal(_folder, Path.GetDirectoryName(path)));
    }

    [Fact]
    public async Task A_list_of_rubbish_is_told_in_a_few_sentences_and_too_much_is_not_read()
    {
        await ResultFiles.Write(_folder, Rows());
        await ChangeList(text => text + string.Concat(Enumerable.Repeat("rubbish\n", 1000)));
        Assert.Equal(11, (await Check()).Problems.Count);
        Assert.Equal("SHA256SUMS has 990 more lines like these.", (await Check()).Problems[^1]);

        await ChangeList(text => text + new string('x', DigestList.MostBytes));
        Assert.Contains("too many for a list", (await Assert.ThrowsAsync<IOException>(Check)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_somebody_s_own_is_noted_and_no_fault_and_folders_are_left_alone()
    {
        await ResultFiles.Write(_folder, Rows());
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.txt"), "mine");
        Directory.CreateDirectory(Path.Combine(_folder, "report"));

        var report = await Check();

        Assert.Equal([new CheckedFile("notes.txt", 4, FileFate.NotListed)], report.Files.Where(file => file.Fate != FileFate.AsWritten));
        Assert.True(report.IsAsWritten);
    }

    [Fact]
    public async Task A_file_of_another_export_under_a_name_of_ours_is_a_fault()
    {
        await ResultFiles.Write(_folder, Rows());
        await File.WriteAllTextAsync(Path.Combine(_folder, "scores.csv"), "trial\n");

        Assert.Equal(["SHA256SUMS doesn't name scores.csv: the list was changed, or the file is of another export; take it away then."], (await Check()).Problems);
    }

    private static ResultRows Rows(string trainer = "local/1") => new(
        Spec, NumericsSettings.Version,
        () => Given.Rows(Spec, trial => Given.Row(Spec, trial, TrialState.Finished, Given.Accuracies(0.9, 0.8))).ToAsyncEnumerable(),
        () => Enumerable.Range(1, 4).Select(trial => new MeasureRow(trial, 1, "train_loss", 1d / trial)).ToAsyncEnumerable(),
        () => Enumerable.Range(1, 4).Select(trial => new AttemptRow(trial, 1, trainer, Given.Noon, null, "", 0, null)).ToAsyncEnumerable(),
        () => Enumerable.Range(1, 4).SelectMany(trial => new[]
        {
            Finding.OfBits(0, ExampleNames.Corrupted, [true, false, false]),
            Finding.OfSingles(0, ExampleNames.Given, [3, 1, 2]),
            Finding.OfSingles(0, ExampleNames.True, [0, 1, 2]),
            Finding.OfBits(1, ExampleNames.Correct, [false, true, false]),
        }.Select(found => new TrialArray(trial, found))).ToAsyncEnumerable());

    private async Task AssertFound(string file, int at, byte change)
    {
        var before = await File.ReadAllBytesAsync(file);
        var after = (byte[])before.Clone();
        after[at] ^= change;
        await File.WriteAllBytesAsync(file, after);

        var report = await Check();

        Assert.False(report.IsAsWritten, $"{Path.GetFileName(file)}: byte {at} of {before.Length}, {before[at]} became {after[at]}, and nobody saw it.");
        if (Path.GetFileName(file) != "SHA256SUMS")
        {
            Assert.Equal([(Path.GetFileName(file), FileFate.Changed)], report.Files.Where(one => one.IsWrong).Select(one => (one.File, one.Fate)));
        }

        await File.WriteAllBytesAsync(file, before);
    }

    private Task<FolderReport> Check() => FolderCheck.Of(_folder, File.OpenRead);

    private async Task ChangeList(Func<string, string> change)
    {
        var path = Path.Combine(_folder, "SHA256SUMS");
        await File.WriteAllTextAsync(path, change(await File.ReadAllTextAsync(path)));
    }

    private byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(_folder, name));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
