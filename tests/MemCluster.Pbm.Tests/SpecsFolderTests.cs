using MemCluster.Coordinator.Pbm;
using MemCluster.Operations;

namespace MemCluster.Pbm.Tests;

public sealed class SpecsFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("memcluster-specs-").FullName;

    public SpecsFolderTests()
    {
        foreach (var file in (string[])["specs/a.yaml", "specs/below/b.yaml", "secret.yaml", "specs-too/c.yaml"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, file))!);
            File.WriteAllText(Path.Combine(_root, file), "sweep: s\n");
        }

        // As Kubernetes mounts files: links within the folder.
        Directory.CreateSymbolicLink(Path.Combine(_root, "specs", "..data"), "below");
        File.CreateSymbolicLink(Path.Combine(_root, "specs", "mounted.yaml"), "..data/b.yaml");
        File.CreateSymbolicLink(Path.Combine(_root, "specs", "out.yaml"), Path.Combine(_root, "secret.yaml"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "specs", "up"), "..");
        File.CreateSymbolicLink(Path.Combine(_root, "specs", "round.yaml"), "round.yaml");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("a.yaml", "specs/a.yaml")]
    [InlineData("below/b.yaml", "specs/below/b.yaml")]
    [InlineData("below/../a.yaml", "specs/a.yaml")]
    [InlineData("mounted.yaml", "specs/below/b.yaml")]
    public void A_file_below_the_folder_is_found(string name, string path) =>
        Assert.Equal(Path.Combine(_root, path), new SpecsFolder(Path.Combine(_root, "specs")).PathOf(name));

    [Theory]
    [InlineData("../secret.yaml")]
    [InlineData("/etc/passwd")]
    [InlineData("../specs-too/c.yaml")]
    [InlineData("out.yaml")]
    [InlineData("up/secret.yaml")]
    [InlineData("round.yaml")]
    [InlineData(".")]
    [InlineData("a\0.yaml")]
    public void Nothing_else_is_whatever_way_leads_there(string name) =>
        Assert.Contains("is no file below", Assert.Throws<UserError>(() => new SpecsFolder(Path.Combine(_root, "specs")).PathOf(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Assert.Contains("--specs DIR", Assert.Throws<UserError>(() => new SpecsFolder(Path.Combine(_root, "none")).PathOf("a.yaml")).Message, StringComparison.Ordinal);
}
