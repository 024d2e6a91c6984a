using System.Text;
using MemCluster.Messages;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Plans;

namespace MemCluster.Reporting.Tests;

/// <summary>Weights that were kept, as files of a results folder.</summary>
public sealed class WeightsFilesTests : IDisposable
{
    private static readonly SweepSpec Spec = Given.Spec("sweep: s\ndata: {name: glyphs, train: 100}\naxes: {noise: [none, label 0.2]}\nseeds: [5]\nkeep: weights at 3\n");

    private static readonly Safetensors Weights = new([new("0.weight", Safetensors.Float32, [2], 8)], [], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });

    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-weights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_for_each_copy_says_whose_it_is_and_is_listed_with_its_digest()
    {
        var paths = await ResultFiles.Write(_folder, Rows(with: true));

        var path = Assert.Single(paths, path => path.EndsWith(".safetensors", StringComparison.Ordinal));
        Assert.Equal("weights-2-epoch-3.safetensors", Path.GetFileName(path));
        var read = Safetensors.Read(await File.ReadAllBytesAsync(path));
        Assert.Equal(Weights.Data.ToArray(), read.Data.ToArray());
        Assert.Equal(
            $"format pt|sweep s|trial 2|axis noise label 0.2|seed 5|epoch 3|cell {new CellId(1, 2)}|digest {Weights.Digest}",
            string.Join('|', read.About.Select(entry => $"{entry.Key} {entry.Value}")));
        Assert.True((await FolderCheck.Of(_folder, File.OpenRead)).IsAsWritten);

        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Equal(FileFate.Changed, (await FolderCheck.Of(_folder, File.OpenRead)).Files.Single(file => file.File == Path.GetFileName(path)).Fate);
    }

    [Fact]
    public async Task A_later_export_without_them_leaves_them_listed_and_one_that_was_taken_away_is_missed_no_more()
    {
        var path = (await ResultFiles.Write(_folder, Rows(with: true))).Single(path => path.EndsWith(".safetensors", StringComparison.Ordinal));
        await File.WriteAllTextAsync(path, "changed");
        await ResultFiles.Write(_folder, Rows(with: false));

        // Its digest is that of its writing, not of what it became.
        Assert.False((await FolderCheck.Of(_folder, File.OpenRead)).IsAsWritten);

        File.Delete(path);
        await ResultFiles.Write(_folder, Rows(with: false));
        Assert.True((await FolderCheck.Of(_folder, File.OpenRead)).IsAsWritten);
        Assert.DoesNotContain("weights", await File.ReadAllTextAsync(Path.Combine(_folder, DigestList.Name), Encoding.UTF8), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weights-2-epoch-3.safetensors", true)]
    [InlineData("weights-0-epoch-3.safetensors", false)]
    [InlineData("weights-2-epoch-03.safetensors", false)]
    [InlineData("weights-2-epoch-3.safetensors.12.tmp", false)]
    [InlineData("weights.csv", false)]
    public void Only_names_that_are_given_are_known(string name, bool known) => Assert.Equal(known, WeightsFiles.Of(name) is { } of && WeightsFiles.NameOf(of.Trial, of.Epoch) == name);

    [Fact]
    public void A_plan_says_what_they_take()
    {
        var spec = Given.Spec("sweep: s\ndata: {name: glyphs, train: 100}\ntraining: {epochs: 5}\naxes: {capacity: [10, 100]}\nseeds: 3\nkeep: weights best at 5,2\n");
        var plan = SweepPlan.Of(spec, []);

        // 784 × 10 + 10 × 10 + 10 × 10 weights and 30 biases; 784 × 100 + 100 × 100 + 100 × 10 and 210.
        Assert.Equal((18, 9 * 4 * (8_070 + 89_610)), (plan.KeptCopies, plan.KeptBytes));
        Assert.Contains("  keeps weights, 18 copies: 3.5 MB as files, and about 8.4 MB in the home", PlanText.Lines(plan, 2).Select(line => line.Text));
        Assert.DoesNotContain(PlanText.Lines(SweepPlan.Of(Given.Spec("sweep: s\ndata: glyphs\n"), []), 2), line => line.Text.Contains("weights", StringComparison.Ordinal));
    }

    private static ResultRows Rows(bool with) => new(
        Spec, NumericsSettings.Version, () => Given.Rows(Spec, trial => Given.Row(Spec, trial, trial == 2 ? TrialState.Finished : TrialState.Failed)).ToAsyncEnumerable(),
        AsyncEnumerable.Empty<MeasureRow>, AsyncEnumerable.Empty<AttemptRow>, AsyncEnumerable.Empty<TrialArray>)
    {
        Weights = with ? trial => new[] { new TrialArray(trial, Finding.OfWeights(3, Weights)) }.ToAsyncEnumerable() : null,
    };
}
