using MemCluster.Sweeps.Claims;

namespace MemCluster.Sweeps.Tests;

/// <summary>The experiments of the paper and beyond it, as files.</summary>
public sealed class PaperSpecsTests
{
    public static TheoryData<string> Files =>
    [
        .. new[] { "paper", "beyond" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Folder(), folder), "*.yaml"))
            .Select(path => Path.GetRelativePath(Folder(), path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_reads_with_each_of_its_presets_and_says_what_it_expects_and_where_that_is_stated(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder(), file));
        Assert.Contains("  quick:", text);
        Assert.Contains("  paper:", text);
        foreach (var preset in new[] { "quick", "paper", "as-run" }.Where(name => name != "as-run" || text.Contains("  as-run:", StringComparison.Ordinal)).Append(null))
        {
            var reading = SpecFile.ParseFile(text, file, [], preset);
            Assert.True(reading.Spec is not null, string.Join('\n', reading.Problems));
            var claims = SweepClaims.Of(SpecFile.FromCanonical(reading.Spec.Canonical));
            Assert.Empty(claims.Aside);
            Assert.NotEmpty(claims.Claims);
            Assert.All(claims.Claims, claim => Assert.True(claim.Says.Length > 0 && claim.Paper.Length > 0 && claim.Source.Length > 0, $"{file}: {claim.Name}"));
            var figures = SweepClaims.FiguresOf(reading.Spec);
            Assert.Empty(figures.Aside);
            Assert.NotEmpty(figures.Figures);
            Assert.NotEmpty(reading.Spec.Question);
            Assert.True(reading.Spec.Seeds.Count >= 3, $"{file}: an interval needs three seeds");
            Assert.Equal(preset is not null, reading.Spec.Name.Name.EndsWith("-" + preset, StringComparison.Ordinal) && preset is not null);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_can_be_run_on_other_images(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder(), file));
        foreach (var data in (string[])["cifar10", "fashion-mnist"])
        {
            Assert.Empty(SpecFile.ParseFile(text, file, [$"data.name={data}"], "quick").Problems);
        }
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MemCluster.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        }

        return Path.Combine(folder.FullName, "specs");
    }
}
