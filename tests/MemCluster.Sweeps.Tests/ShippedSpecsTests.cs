using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

public sealed class ShippedSpecsTests
{
    [Theory]
    [InlineData("first-look", 36)]
    [InlineData("noise-by-capacity", 135)]
    [InlineData("try-a-deployment", 200)]
    public void A_shipped_spec_reads_and_has_as_many_trials_as_it_says(string name, int trials)
    {
        var spec = Specs.Read(File.ReadAllText(PathOf(name)));

        Assert.Equal(name, spec.Name.Name);
        Assert.NotEmpty(spec.Question);
        Assert.Equal(trials, new Grid(spec).Count);
    }

    [Fact]
    public void The_example_is_the_shipped_spec() =>
        Assert.Equal(Specs.Read(Specs.Example).Canonical, Specs.Read(File.ReadAllText(PathOf("noise-by-capacity"))).Canonical);

    [Fact]
    public void The_first_look_needs_no_data_set() =>
        Assert.True(DataCatalog.Find(Specs.Read(File.ReadAllText(PathOf("first-look"))).Base.Data.Name)!.BuiltIn);

    [Fact]
    public void The_deployment_is_tried_with_waiting_alone() =>
        Assert.Equal(NetworkSettings.Sleep, Specs.Read(File.ReadAllText(PathOf("try-a-deployment"))).Base.Network.Kind);

    private static string PathOf(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MemCluster.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        }

        return Path.Combine(folder.FullName, "specs", name + ".yaml");
    }
}
