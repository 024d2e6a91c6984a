namespace MemCluster.EndToEnd.Tests;

/// <summary>What is wrong is said with its place and what to do, before anything is written.</summary>
public sealed class BadInputTests
{
    private const string Good = """
        sweep: bad
        data: { name: glyphs, train: 1000, validation: 500 }
        network: { kind: mlp, depth: 2 }
        training: { epochs: 2 }
        axes:
          noise: [none, label 0.4]
          capacity: [32, 64]
        seeds: 2
        """;

    [Theory]
    [InlineData("unknown key", "axes:", "axis:", "bad.yaml:5:1", "did you mean 'axes'?")]
    [InlineData("wrong type", "epochs: 2", "epochs: many", "bad.yaml:4:21", "is not a whole number from 1")]
    [InlineData("empty axis", "[32, 64]", "[]", "bad.yaml:7:13", "give it at least one value")]
    [InlineData("level 1.5", "label 0.4", "label 1.5", "bad.yaml:6:23", "noise level 1.5 is not a share from 0 to 1")]
    [InlineData("duplicate value", "[32, 64]", "[32, 32]", "bad.yaml:7:18", "keep one of them")]
    [InlineData("unknown data set", "glyphs", "mnits", "bad.yaml:2:15", "did you mean 'mnist'?")]
    [InlineData("tab", "  noise", "\tnoise", "bad.yaml:6:1", "indent with spaces")]
    [InlineData("10^9 trials", "seeds: 2", "seeds: 250000000", "1,000,000,000 trials", "at most 10,000,000; take out values or seeds")]
    [InlineData("no file of the data set", "glyphs", "mnist", "No MNIST here. Looked in", "memcluster data get mnist")]
    public async Task A_wrong_file_is_refused_in_a_sentence(string what, string good, string bad, string place, string remedy)
    {
        using var here = new Workplace();
        here.Write("bad.yaml", Good.Replace(good, bad, StringComparison.Ordinal));

        await AssertRefused(here, what, place, remedy, "run", "bad.yaml");
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        using var here = new Workplace();
        await AssertRefused(here, "missing file", "nowhere.yaml  is not there", "name a sweep file", "run", "nowhere.yaml");
    }

    [Fact]
    public async Task All_problems_of_a_file_are_told_together_in_its_order()
    {
        using var here = new Workplace();
        here.Write("bad.yaml", Good.Replace("label 0.4", "label 1.5", StringComparison.Ordinal).Replace("seeds", "sedes", StringComparison.Ordinal)
            .Replace("depth: 2", "depth: deep", StringComparison.Ordinal));

        var ended = await here.Run("run", "bad.yaml");

        Assert.Equal(2, ended.Code);
        Assert.Equal(
            ["bad.yaml:3:30", "bad.yaml:6:23", "bad.yaml:8:1", "3"],
            ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [InlineData("truncated data file", 1000, "train-images-idx3-ubyte is cut short: 1,000 of 47,040,016 bytes")]
    [InlineData("wrong digest", 47_040_016, "train-images-idx3-ubyte is not the published train-images-idx3-ubyte: expected SHA-256")]
    public async Task A_wrong_data_file_is_refused_in_a_sentence(string what, long bytes, string place)
    {
        using var here = new Workplace();
        here.Write("bad.yaml", Good.Replace("glyphs", "mnist", StringComparison.Ordinal));
        Directory.CreateDirectory(here.At("data/mnist"));
        foreach (var (name, length) in (ReadOnlySpan<(string, long)>)
                 [("train-images-idx3-ubyte", bytes), ("train-labels-idx1-ubyte", 60_008), ("t10k-images-idx3-ubyte", 7_840_016), ("t10k-labels-idx1-ubyte", 10_008)])
        {
            using var file = File.Create(here.At($"data/mnist/{name}"));
            file.SetLength(length);
        }

        await AssertRefused(here, what, place, "get it anew with: memcluster data get mnist", "run", "bad.yaml", "--data", "data");
    }

    [Theory]
    [InlineData("below a file", "good.yaml/home")]
    [InlineData("a file", "good.yaml")]
    [InlineData("where the system allows none", "/proc/memcluster")]
    public async Task An_unusable_home_is_refused_in_a_sentence(string what, string home)
    {
        using var here = new Workplace();
        here.Write("good.yaml", Good);

        await AssertRefused(here, what, $"The home {Path.GetFullPath(home, here.Folder)} can't be used", "Name another folder with --home", "run", "good.yaml", "--home", home);
    }

    [Theory]
    [InlineData("verb", "'rum'", "memcluster --help", "rum", "good.yaml")]
    [InlineData("option", "There is no option --slot here.", "memcluster run --help", "run", "good.yaml", "--slot", "2")]
    [InlineData("number", "--slots is a number from 0 to 4,096, not 'two'", "memcluster run --help", "run", "good.yaml", "--slots", "two")]
    [InlineData("setting", "--set training.epocs=3", "did you mean 'training.epochs'?", "run", "good.yaml", "--set", "training.epocs=3")]
    [InlineData("address", "--at", "node1:4053", "submit", "good.yaml", "--at", "nowhere")]
    [InlineData("nobody there", "No coordinator answers at 127.0.0.1:1", "is the port its HTTP port?", "submit", "good.yaml", "--at", "127.0.0.1:1")]
    [InlineData("a card that the build can't use", "processor only, not on cuda:0", "-p:Cuda=true", "trainer", "--join", "127.0.0.1:4", "--device", "cuda:0")]
    [InlineData("no device", "'gpu' is no device", "cuda:0", "trainer", "--join", "127.0.0.1:4", "--device", "gpu")]
    [InlineData("a folder that can't be", "--checkpoints /dev/null/x", "no folder that can be written to", "trainer", "--join", "127.0.0.1:4", "--checkpoints", "/dev/null/x")]
    [InlineData("no amount of memory", "--memory", "such as 8GiB", "trainer", "--join", "127.0.0.1:4", "--memory", "lots")]
    [InlineData("no address to join", "--join", "memcluster trainer --help", "trainer")]
    public async Task A_wrong_command_is_refused_in_a_sentence(string what, string place, string remedy, params string[] arguments)
    {
        using var here = new Workplace();
        here.Write("good.yaml", Good);

        await AssertRefused(here, what, place, remedy, arguments);
    }

    private static async Task AssertRefused(Workplace here, string what, string place, string remedy, params string[] arguments)
    {
        var before = here.Inventory();

        var ended = await here.Run(arguments);

        Assert.True(ended.Code == 2, $"{what}: {ended.All}");
        Assert.Equal("", ended.Output);
        Assert.Contains(place, ended.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, ended.Error, StringComparison.Ordinal);
        Sentences.AssertForPeople(ended.Error);
        Assert.Equal(before, here.Inventory());
    }
}
