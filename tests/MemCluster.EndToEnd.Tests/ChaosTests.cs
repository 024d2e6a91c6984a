using System.Text.RegularExpressions;

namespace MemCluster.EndToEnd.Tests;

/// <summary><c>memcluster chaos</c> with real processes, for half a minute; all faults for ten minutes are in Long/.</summary>
[Collection(Alone.Name)]
public sealed partial class ChaosTests
{
    /// <summary>A bit of the journal, then the coordinator, then a trainer for less than a lease.</summary>
    private const string Seed = "27";

    private static readonly string[] Longer = ["--set", "training.epochs=150"];

    [Trait("Category", "Chaos")]
    [Fact]
    public async Task A_sweep_under_kills_pauses_and_flipped_bits_ends_as_undisturbed()
    {
        using var first = new Workplace();
        var undisturbed = await first.Start(["run", SmallSweep.WriteTo(first), .. Longer, "--slots", "2"]).Ends(TimeSpan.FromMinutes(8));
        Assert.True(undisturbed.Code == 0, undisturbed.All);
        using var here = new Workplace();
        string[] chaos = ["chaos", SmallSweep.WriteTo(here), .. Longer, "--faults", "kill,pause,flip", "--seed", Seed];

        var ended = await here.Start([.. chaos, "--every", "1.5"]).Ends(TimeSpan.FromMinutes(8));

        Assert.True(ended.Code == 0, ended.All);

        var lines = ended.Output.TrimEnd('\n').Split('\n');
        var steps = lines.Select(line => Step().Match(line)).Where(match => match.Success).Select(match => match.Groups["step"].Value).ToArray();
        Assert.InRange(steps.Length, 1, 100); // A machine with too much to do recovers slowly, and its period is longer.
        var plan = (await here.Fine([.. chaos, "--plan", $"{steps.Length}"])).Output.TrimEnd('\n').Split('\n');
        Assert.Equal(plan[..^1], steps);
        Assert.Contains(plan[^1], lines);
        Assert.Contains(lines, line => line.Contains("the audit finds", StringComparison.Ordinal));
        Assert.Matches("^FAULT +TIMES +ATTEMPTS LOST +EPOCHS AGAIN +LONGEST WITHOUT PROGRESS$", lines.Single(line => line.StartsWith("FAULT", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("Audit: all ", StringComparison.Ordinal));
        Assert.All(lines[..^1], line => Assert.True(line.Length <= 100, line)); // The last names the folder.
        here.Results("small").AssertSameScience(first.Results("small"));
        await here.Fine("verify", Path.Combine(here.Home, "results", "small"));
        AssertGone(here);
    }

    /// <summary>Not even a stopped process stays, nor one that was just being started.</summary>
    [Theory]
    [InlineData(9, 137)]
    [InlineData(2, 130)]
    public async Task However_it_ends_no_process_of_it_stays(int signal, int code)
    {
        using var here = new Workplace();
        var chaos = here.Start(["chaos", SmallSweep.WriteTo(here), .. Longer, "--faults", "pause", "--seed", "5"]);
        await chaos.Says("It recovers within");
        Assert.Equal(3, Processes(here).Count());

        chaos.Send((Signal)signal);

        Assert.Equal(code, (await chaos.Ends()).Code);
        AssertGone(here);
    }

    [Fact]
    public async Task A_home_of_an_earlier_chaos_is_begun_anew()
    {
        using var here = new Workplace();
        Directory.CreateDirectory(here.Home);
        File.WriteAllText(Path.Combine(here.Home, "chaos"), "");
        File.WriteAllText(Path.Combine(here.Home, "journal.db"), "of the last one");

        await here.Fine("chaos", SmallSweep.WriteTo(here), "--set", "seeds=1", "--set", "training.epochs=3", "--faults", "kill");

        Assert.All(here.Results("small").TrialRows, row => Assert.Equal("finished", row["state"]));
    }

    private static void AssertGone(Workplace here) => Assert.True(
        SpinWait.SpinUntil(() => !Processes(here).Any(), TimeSpan.FromSeconds(20)), $"still there: {string.Join(", ", Processes(here))}");

    /// <summary>Nodes whose home is here.</summary>
    private static IEnumerable<string> Processes(Workplace here) => Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Select(CommandLine).Where(line => line.Contains(here.Folder, StringComparison.Ordinal) && !line.Contains(" chaos ", StringComparison.Ordinal));

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"^ +\d+:\d\d +\d+/\d+(?<step> +\d+  (?:kill|pause|flip) .*)$")]
    private static partial Regex Step();
}
