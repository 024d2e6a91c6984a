namespace MemCluster.EndToEnd.Tests;

[Trait("Category", "Chaos")]
[Collection(Alone.Name)]
public sealed class PublishTests
{
    [Fact]
    public async Task What_publish_puts_into_a_folder_trains_from_there()
    {
        using var here = new Workplace();
        var publish = await here.StartProgram(
            "dotnet", "publish", Path.Combine(Executables.Repository, "src", "MemCluster.Cli"), "-c", "Release", "-o", here.At("published"),
            // Nothing stays behind to hold files of a folder that is about to go.
            "-nodeReuse:false", "-p:UseSharedCompilation=false").Ends(TimeSpan.FromMinutes(15));
        Assert.True(publish.Code == 0, publish.All);
        SmallSweep.WriteTo(here);

        var run = await here.StartProgram(here.At("published/memcluster"), "run", "small.yaml", "--home", "home", "--set", "training.epochs=2").Ends();

        Assert.True(run.Code == 0, run.All);
        Assert.Contains("12 trials: 12 finished", run.Output, StringComparison.Ordinal);
    }
}
