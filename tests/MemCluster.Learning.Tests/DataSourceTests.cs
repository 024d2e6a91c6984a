using MemCluster.Messages;

namespace MemCluster.Learning.Tests;

public sealed class DataSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static DataSetCard Tiny => new("tiny", "TINY squares", 1, 2, 2, 3, 6, 3, 3, "", null, []);

    private DataSource Source(params DataSetCard[] cards) => new(new DataFolder([_folder.Path]), cards);

    private static byte[] FirstPixels(DataPart part) => [.. Enumerable.Range(0, part.Count).Select(i => part.Pixels.Span[i * 4])];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_is_the_first_n_and_validation_follows_the_training_part(bool gzip)
    {
        var card = MadeSets.Idx(_folder["tiny"], gzip);
        var selection = Source(card).Load(new() { Name = "tiny", Train = 5, Validation = 4 });
        Assert.Equal([0, 1, 2, 3, 4], FirstPixels(selection.Train));
        Assert.Equal([0, 1, 2, 0, 1], selection.Train.Labels.ToArray());
        Assert.Equal([20, 21, 22, 23], FirstPixels(selection.Validation));
    }

    [Fact]
    public void Without_a_number_all_examples_of_a_part_are_taken()
    {
        var selection = Source(MadeSets.Idx(_folder["tiny"], true)).Load(new() { Name = "tiny" });
        Assert.Equal((MadeSets.Train, MadeSets.Validation), (selection.Train.Count, selection.Validation.Count));
    }

    [Fact]
    public void The_test_split_scores_on_the_test_file()
    {
        var selection = Source(MadeSets.Idx(_folder["tiny"], true)).Load(new() { Name = "tiny", Split = "test", Validation = 3 });
        Assert.Equal([100, 101, 102], FirstPixels(selection.Validation));
    }

    [Fact]
    public void A_balanced_choice_takes_the_first_of_each_class_in_file_order()
    {
        var source = Source(MadeSets.Idx(_folder["tiny"], true));
        var selection = source.Load(new() { Name = "tiny", Train = 6, Validation = 3, Balanced = true });
        Assert.Equal([0, 1, 2, 3, 4, 5], FirstPixels(selection.Train));
        Assert.Equal([0, 0, 1, 1, 2, 2], selection.Train.Labels.ToArray().Order().ToArray());
        Assert.Contains("multiple of 3", source.Check(new() { Name = "tiny", Train = 7, Validation = 3, Balanced = true }), StringComparison.Ordinal);
        var lopsided = new DataPart(new byte[12], new byte[] { 0, 0, 1 });
        Assert.Contains("class 1", Assert.Throws<DataProblem>(() => DataSelection.First([lopsided], Tiny, 6, balanced: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_directly_in_a_named_folder_are_found_too()
    {
        var card = MadeSets.Idx(_folder.Path, true);
        Assert.Null(Source(card).Check(new() { Name = "tiny" }));
    }

    [Fact]
    public void A_missing_set_gets_a_sentence_that_says_how_to_get_it()
    {
        var source = new DataSource(new DataFolder([_folder["a"], _folder["b"]]));
        Assert.Equal(
            $"No MNIST here. Looked in {_folder["a"]}, {_folder["b"]}. Get it with: memcluster data get mnist   or say --data DIR",
            source.Check(new() { Name = "mnist" }));
    }

    [Fact]
    public void A_set_that_lacks_a_file_is_called_incomplete_and_the_file_is_named()
    {
        var card = MadeSets.Idx(_folder["tiny"], true);
        File.Delete(_folder["tiny/train-labels-idx1-ubyte.gz"]);
        var sentence = Source(card).Check(new() { Name = "tiny" });
        Assert.Contains("TINY is incomplete here: no train-labels-idx1-ubyte (plain or .gz).", sentence, StringComparison.Ordinal);
        Assert.Contains("memcluster data get tiny", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "is cut short: 100 of 136 bytes")]
    [InlineData(true, "cut short")]
    public void A_truncated_file_is_named_with_the_remedy(bool gzip, string expected)
    {
        var card = MadeSets.Idx(_folder["tiny"], gzip);
        var path = _folder["tiny/train-images-idx3-ubyte" + (gzip ? ".gz" : "")];
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..(gzip ? 40 : 100)]);
        var sentence = Source(card).Check(new() { Name = "tiny" });
        Assert.StartsWith(path, sentence, StringComparison.Ordinal);
        Assert.Contains(expected, sentence, StringComparison.Ordinal);
        Assert.EndsWith("If it is yours, move it elsewhere. Get the published one with: memcluster data get tiny", sentence, StringComparison.Ordinal);
    }

    /// <summary>Archives that their reader answers with an arithmetic overflow, and with "the size field is greater than expected".</summary>
    [Theory]
    [InlineData("H4sIABK7DGsC/0vOTEss0jU00E1KLEnOSC3WTcrM009JLEmMBwvEG+oBBRgoAwZAYGZiAqaBAE43/EcAAwRgMDAyNDQxZlAwYKADKC0uSSwCOolhFIyCUTAKRhYAAEtjhGkABgAA")]
    [InlineData("H4sIADG7DGsC/6tgoD0wAAIzExMwDQRw2tAcDmBiUHkzY6ByhQo6uI2htLgksQhoJcMoGAWjYBSMLAAAQVdwXwAGAAA=")]
    [InlineData("")]
    public async Task A_damaged_archive_is_a_problem_with_data_and_no_fault(string bytes)
    {
        var card = MadeSets.Cifar(_folder["plain"], gzip: false);
        Directory.CreateDirectory(_folder["tiny-colour"]);
        File.WriteAllBytes(_folder["tiny-colour/tiny.tar.gz"], Convert.FromBase64String(bytes));
        Assert.Contains("tiny.tar.gz ", Source(card).Check(new() { Name = "tiny-colour" }), StringComparison.Ordinal);

        using var http = new HttpClient();
        var refused = await Assert.ThrowsAsync<DataProblem>(() => DataDownload.Get(card, _folder[""], _ => { }, http, "http://127.0.0.1:1/"));
        Assert.Contains("isn't the published one", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_pipe_is_no_data_and_nobody_waits_for_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var card = MadeSets.Idx(_folder["tiny"], gzip: false);
        var path = _folder["tiny/train-images-idx3-ubyte"];
        File.Delete(path);
        using (var made = System.Diagnostics.Process.Start("mkfifo", path))
        {
            made.WaitForExit();
        }

        Assert.Contains("named pipe", Source(card).Check(new() { Name = "tiny" }), StringComparison.Ordinal);
        Assert.False(DataFolder.HasPublishedLength(path, card.Files[0]));
    }

    [Fact]
    public void A_changed_byte_is_found_and_both_digests_are_said()
    {
        var card = MadeSets.Idx(_folder["tiny"], gzip: false);
        var path = _folder["tiny/train-images-idx3-ubyte"];
        var bytes = File.ReadAllBytes(path);
        bytes[50] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(
            $"{path} is not the published train-images-idx3-ubyte: expected SHA-256 {card.Files[0].Sha256}, found {MadeSets.Hex(bytes)}. "
            + "If it is yours, move it elsewhere. Get the published one with: memcluster data get tiny",
            Source(card).Check(new() { Name = "tiny" }));
    }

    [Fact]
    public void Asking_for_more_examples_than_a_set_has_says_both_numbers()
    {
        var sentence = Source(MadeSets.Idx(_folder["tiny"], true)).Check(new() { Name = "tiny", Train = 1_000_000 });
        Assert.Equal("tiny has 20 training examples, 1,000,000 asked for.", sentence);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cifar_batches_follow_each_other(bool gzip)
    {
        var card = MadeSets.Cifar(_folder["tiny-colour"], gzip);
        var selection = Source(card).Load(new() { Name = "tiny-colour", Train = 14, Validation = 2 });
        Assert.Equal(Enumerable.Range(0, 14).Select(i => (byte)i), FirstPixels(selection.Train));
        Assert.Equal([36, 37], FirstPixels(selection.Validation));
    }

    [Fact]
    public void Cifar_is_read_from_the_official_archive()
    {
        var card = MadeSets.Cifar(_folder["plain"], gzip: false);
        MadeSets.Pack(card, _folder["plain"], _folder["tiny.tar.gz"]);
        var selection = Source(card).Load(new() { Name = "tiny-colour" });
        Assert.Equal(Enumerable.Range(0, 36).Select(i => (byte)i), FirstPixels(selection.Train));
        Assert.Equal(12, selection.Validation.Count);
    }

    [Fact]
    public void Missing_cifar_batches_matter_only_when_their_examples_are_asked_for()
    {
        var card = MadeSets.Cifar(_folder["tiny-colour"], gzip: true);
        File.Delete(_folder["tiny-colour/data_batch_2.bin.gz"]);
        var source = Source(card);
        Assert.Null(source.Check(new() { Name = "tiny-colour", Train = 12 }));

        // Batch 3 must not slide into the place of batch 2.
        var sentence = source.Check(new() { Name = "tiny-colour", Train = 13 });
        Assert.StartsWith("tiny-colour has 12 training examples here, 13 asked for. TINY-COLOUR is incomplete here: no data_batch_2.bin", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_is_fetched_after_a_failed_check_is_found_by_the_same_source()
    {
        using var elsewhere = new TempFolder();
        var source = Source(MadeSets.Idx(elsewhere.Path, true));
        Assert.NotNull(source.Check(new() { Name = "tiny" }));
        MadeSets.Idx(_folder["tiny"], true);
        Assert.Null(source.Check(new() { Name = "tiny" }));
    }

    [Fact]
    public void Many_threads_share_one_source()
    {
        var source = Source(MadeSets.Idx(_folder["tiny"], true));
        Parallel.For(0, 32, i => Assert.Equal(i % 20 + 1, source.Load(new() { Name = "tiny", Train = i % 20 + 1 }).Train.Count));
        Parallel.For(0, 8, i => Assert.Equal(100 * i + 1, source.Check(new() { Name = "glyphs", Train = 100 * i + 1 }) is null ? 0 : 100 * i + 1));
    }

    [Theory]
    [InlineData("nmist", "validation", "No data set is called 'nmist'.")]
    [InlineData("glyphs", "train", "'train' is no split of glyphs.")]
    public void A_wrong_word_is_answered_with_the_right_ones(string name, string split, string expected) =>
        Assert.StartsWith(expected, new DataSource(new DataFolder([])).Check(new() { Name = name, Split = split }), StringComparison.Ordinal);

    [Fact]
    public void The_folder_given_by_hand_comes_first_and_the_cache_last()
    {
        var places = DataFolder.Find("/given").Places;
        Assert.Equal("/given", places[0]);
        Assert.Equal(DataFolder.Cache, places[^1]);
        Assert.EndsWith("memcluster", DataFolder.Cache, StringComparison.Ordinal);
    }
}
