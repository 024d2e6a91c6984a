using System.Text.Json;

namespace MemCluster.EndToEnd.Tests;

/// <summary>
/// One command of the product here and on processors that QEMU emulates (Debian's package qemu-user): the same bits, for each kind of operation, network and
/// measure. Emulation is some fifty times slower.
/// </summary>
[Collection(Alone.Name)]
[Trait("Category", "Emulation")]
public sealed class EmulationTests
{
    /// <summary>.NET's memory protection and its background collector don't get on with the emulator, which still crashes now and then (139).</summary>
    private const int Tries = 6;
    private const int EmulatorCrashed = 139;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private static readonly Lazy<Task<Dictionary<string, string>>> Here = new(async () =>
    {
        using var here = new Workplace();
        return Digests((await here.Fine("numerics", "--json")).Output);
    });

    [Theory]
    [InlineData("Haswell-v4")]
    [InlineData("Skylake-Client-v4")]
    [InlineData("EPYC-Rome-v1")]
    [InlineData("EPYC-Milan-v1")]
    public async Task Another_makers_processor_gives_the_same_bits(string processor)
    {
        Assert.True(File.Exists("/usr/bin/qemu-x86_64"), "No /usr/bin/qemu-x86_64 here. Install it with: apt-get install qemu-user");
        using var there = new Workplace().With("DOTNET_EnableWriteXorExecute", "0").With("DOTNET_gcConcurrent", "0").With("DOTNET_GCHeapHardLimit", "0x80000000");
        Ended told;
        var tries = 0;
        do
        {
            told = await there.StartProgram("/usr/bin/qemu-x86_64", "-cpu", processor, Executables.Memcluster, "numerics", "--json").Ends(Patience);
        }
        while (told.Code == EmulatorCrashed && ++tries < Tries);

        Assert.True(told.Code == 0, told.All);
        var (here, emulated) = (await Here.Value, Digests(told.Output));
        Assert.Equal(here.Count, emulated.Count);
        Assert.Empty(here.Where(one => emulated.GetValueOrDefault(one.Key) != one.Value).Select(one => one.Key));
    }

    private static Dictionary<string, string> Digests(string json) => JsonDocument.Parse(json).RootElement.GetProperty("digests").EnumerateArray()
        .ToDictionary(one => $"{one.GetProperty("operation").GetString()} {one.GetProperty("precision").GetString()}", one => one.GetProperty("digest").GetString()!);
}
