namespace MemCluster.EndToEnd.Tests;

public sealed class DownloadTests
{
    private const string Images = "train-images-idx3-ubyte.gz";
    private const int Before = 3_000_000;

    [RealMnistFact]
    public async Task A_broken_download_goes_on_where_it_broke_off_in_the_next_run()
    {
        using var here = new Workplace();
        using var server = new FileServer(RealData.Folder) { MostBytes = path => path.EndsWith(Images, StringComparison.Ordinal) ? Before : long.MaxValue };
        var broken = await here.Run("data", "get", "mnist", "--from", server.Address);

        Assert.True(broken.Code == 2, broken.All);
        Assert.Contains($"broke off at 3,000,000 bytes of {Images}", broken.Error, StringComparison.Ordinal);
        Assert.Contains("Say it again later: it goes on from there", broken.Error, StringComparison.Ordinal);
        Sentences.AssertForPeople(broken.Error);
        Assert.DoesNotContain("complete", (await here.Fine("data", "list")).Output.Split('\n').Single(line => line.StartsWith("mnist ", StringComparison.Ordinal)), StringComparison.Ordinal);

        server.MostBytes = _ => long.MaxValue;
        server.Requests.Clear();
        var whole = await here.Fine("data", "get", "mnist", "--from", server.Address);

        Assert.Contains("mnist is complete and checked in", whole.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', whole.Output);
        Assert.Equal((Images, (long)Before), Assert.Single(server.Requests, request => request.Path.EndsWith(Images, StringComparison.Ordinal)) is var (path, from)
            ? (Path.GetFileName(path), from) : default);
        foreach (var file in RealData.MnistFiles)
        {
            Assert.Equal(File.ReadAllBytes(RealData.Mnist(file)), File.ReadAllBytes(here.At($"cache/memcluster/mnist/{file}")));
        }

        Assert.Matches("(?m)^mnist .* complete ", (await here.Fine("data", "list")).Output);
        server.Requests.Clear();
        await here.Fine("data", "get", "mnist", "--from", server.Address);
        Assert.Empty(server.Requests);
    }

    [RealMnistFact]
    public async Task A_connection_that_breaks_is_taken_up_again_in_the_same_run()
    {
        using var here = new Workplace();
        using var server = new FileServer(RealData.Folder) { MostBytesAtOnce = 4_000_000 };

        await here.Fine("data", "get", "mnist", "--from", server.Address, "--to", here.At("sets"));

        Assert.Equal([0L, 4_000_000, 8_000_000], server.Requests.Where(request => request.Path.EndsWith(Images, StringComparison.Ordinal)).Select(request => request.From));
        Assert.Equal(File.ReadAllBytes(RealData.Mnist(Images)), File.ReadAllBytes(here.At($"sets/mnist/{Images}")));
    }

    [RealMnistFact]
    public async Task Other_bytes_than_published_are_thrown_away()
    {
        using var here = new Workplace();
        Directory.CreateDirectory(here.At("served/mnist"));
        foreach (var file in RealData.MnistFiles)
        {
            var bytes = File.ReadAllBytes(RealData.Mnist(file));
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(here.At($"served/mnist/{file}"), bytes);
        }

        using var server = new FileServer(here.At("served"));
        var ended = await here.Run("data", "get", "mnist", "--from", server.Address);

        Assert.True(ended.Code == 2, ended.All);
        Assert.Contains("sent other bytes than published", ended.Error, StringComparison.Ordinal);
        Sentences.AssertForPeople(ended.Error);
        Assert.Empty(Directory.EnumerateFiles(here.At("cache"), "*", SearchOption.AllDirectories));
    }
}
