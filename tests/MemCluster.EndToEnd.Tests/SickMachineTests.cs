using System.Diagnostics;
using System.Globalization;

namespace MemCluster.EndToEnd.Tests;

/// <summary>A machine that lacks memory or a disk costs time, and no trial.</summary>
public sealed class SickMachineTests
{
    private const string Spec = """
        sweep: sick
        data: { name: glyphs, train: 600, validation: 200 }
        network: { kind: mlp, depth: 2, width: 1000 }
        training: { epochs: 4, batch: 32, momentum: 0.9 }
        axes: { noise: [none, label 0.4] }
        seeds: 8
        """;

    [Trait("Category", "Chaos")]
    [Fact]
    public async Task Trials_for_which_a_machine_has_no_memory_end_on_another_and_it_is_set_aside_with_the_reason()
    {
        using var undisturbed = new Workplace();
        undisturbed.Write("sick.yaml", Spec);
        await undisturbed.Fine("run", "sick.yaml", "--slots", "1");
        using var here = new Workplace();
        here.Write("sick.yaml", Spec);
        using var cluster = await Cluster.Start(here);
        var poor = here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "poor");
        await here.Fine("submit", "sick.yaml", "--at", cluster.Api);
        here.Start("trainer", "--join", cluster.Address, "--slots", "1", "--name", "rich");
        await cluster.Reaches("sick", counts => counts is { Finished: >= 1, Running: >= 2 });

        // From now on it gets no more than it has.
        var worker = Assert.Single(Workers.Of(poor.Id));
        await Do("prlimit", "--pid", $"{worker}", $"--as={AddressSpaceOf(worker)}");
        await cluster.Finishes("sick");

        var failed = (await cluster.Attempts("sick")).Where(attempt => attempt.Ended.StartsWith("failed: ", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(failed);
        Assert.All(failed, attempt => Assert.Equal("poor", attempt.Trainer));
        Assert.Matches("Trainer poor is set aside for .*: trial [0-9]+ of sick failed there and ended well on rich: ", here.Log());
        await here.Fine("export", "sick", "--at", cluster.Api, "--to", here.At("out"));
        Results.In(here.At("out")).AssertSameScience(undisturbed.Results("sick"));
    }

    [MountFact]
    public async Task A_full_disk_is_told_and_when_there_is_room_again_the_sweep_goes_on_by_itself()
    {
        using var here = new Workplace();
        SmallSweep.WriteTo(here);
        Directory.CreateDirectory(here.Home);
        await Do("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", here.Home);
        try
        {
            using var cluster = await Cluster.Start(here);
            here.Start("trainer", "--join", cluster.Address, "--slots", "2");
            await here.Fine("submit", "small.yaml", "--at", cluster.Api);
            await cluster.Reaches("small", counts => counts.Finished >= 1);

            Fill(Path.Combine(here.Home, "ballast"));
            const string Full = "the disk of the journal is full: training waits, and goes on by itself when there is room again";
            await cluster.Reaches("small", counts => counts.Finished == counts.Trials || Said().Contains(Full, StringComparison.Ordinal));
            Assert.Contains(Full, Said(), StringComparison.Ordinal);
            Assert.False(cluster.Coordinator.HasEnded);

            File.Delete(Path.Combine(here.Home, "ballast"));
            await cluster.Finishes("small");
            await here.Fine("export", "small", "--at", cluster.Api, "--to", here.At("out"));
            Results.In(here.At("out")).AssertSameScience((await SmallSweep.Reference).Results);
            await here.Fine("audit");

            string Said() => string.Join(' ', here.Run("status", "small", "--at", cluster.Api).GetAwaiter().GetResult().Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            await Do("umount", "-l", here.Home);
        }
    }

    /// <summary>To the last byte.</summary>
    private static void Fill(string file)
    {
        using var ballast = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = new byte[65536]; block.Length > 0;)
        {
            try
            {
                ballast.Write(block);
            }
            catch (IOException)
            {
                block = new byte[block.Length / 2];
            }
        }
    }

    private static long AddressSpaceOf(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmSize:", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private static async Task Do(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}

/// <summary>Where a file system may be mounted; skipped elsewhere, and it says so.</summary>
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute() => Skip = Environment.IsPrivilegedProcess && MayMount() ? null : "Only root may mount a disk that gets full.";

    private static bool MayMount()
    {
        var folder = Directory.CreateTempSubdirectory("memcluster-mount-").FullName;
        try
        {
            return Code("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) == 0 && Code("umount", "-l", folder) == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // There is no mount here.
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static int Code(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
