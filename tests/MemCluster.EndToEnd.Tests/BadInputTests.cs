namespace MemCluster.EndToEnd.Tests;

/// <summary>
/// That the executable itself says what is wrong on standard error, exits 2 and writes nothing: one case of each way there is. What is said to
/// which mistake is tested in one process, in the tests of the command line.
/// </summary>
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

    [Fact]
    public async Task A_data_set_that_is_not_here_is_refused_in_a_sentence()
    {
        using var here = new Workplace();
        here.Write("bad.yaml", Good.Replace("glyphs", "mnist", StringComparison.Ordinal));

        await AssertRefused(here, "No MNIST here. Looked in", "memcluster data get mnist", "run", "bad.yaml");
    }

    [Theory]
    [InlineData("can't be used: ", "Name another folder with --home", "run", "good.yaml", "--home", "good.yaml/home")]
    [InlineData("'gpu' is no device", "cuda:0", "trainer", "--join", "127.0.0.1:4", "--device", "gpu")]
    [InlineData("opens the API to other machines", "needs HTTPS", "coordinator", "--http", "0.0.0.0:0")]
    public async Task A_wrong_command_is_refused_in_a_sentence(string place, string remedy, params string[] arguments)
    {
        using var here = new Workplace();
        here.Write("good.yaml", Good);

        await AssertRefused(here, place, remedy, arguments);
    }

    private static async Task AssertRefused(Workplace here, string place, string remedy, params string[] arguments)
    {
        var before = here.Inventory();

        var ended = await here.Run(arguments);

        Assert.True(ended.Code == 2, ended.All);
        Assert.Equal("", ended.Output);
        Assert.Contains(place, ended.Error, StringComparison.Ordinal);
        Assert.Contains(remedy, ended.Error, StringComparison.Ordinal);
        Sentences.AssertForPeople(ended.Error);
        Assert.Equal(before, here.Inventory());
    }
}
