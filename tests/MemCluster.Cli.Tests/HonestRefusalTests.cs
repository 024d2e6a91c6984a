using MemCluster.Messages;

namespace MemCluster.Cli.Tests;

/// <summary>Whatever can't be done is exit 2 and the true reason; and soon.</summary>
public sealed class HonestRefusalTests
{
    [Theory]
    [InlineData("status", "--home", "")]
    [InlineData("export", "small", "--to", "")]
    [InlineData("run", "")]
    [InlineData("data", "list", "--data", "")]
    public async Task An_empty_value_is_no_value(params string[] arguments)
    {
        using var session = new Session();
        Assert.Equal(2, await session.Run(arguments));
        Assert.Contains("is empty; say what you mean", session.Error);
        Assert.Null(session.Started);
    }

    [Fact]
    public async Task A_plan_that_the_home_would_refuse_is_exit_2_and_offers_no_start()
    {
        using var session = new Session(new FakeNode().Holding(Session.Spec(), _ => TrialState.Finished)).WithHome();
        var other = session.File(Session.Yaml.Replace("seeds: 2", "seeds: 3", StringComparison.Ordinal), "other.yaml");
        Assert.Equal(2, await session.Run("plan", other, "--home", session.Home));
        Assert.Contains("holds another sweep named small", session.Out);
        Assert.DoesNotContain("Start it with", session.Out);
        Assert.Equal(2, await session.Run("plan", other, "--home", session.Home, "--json"));
    }

    [Fact]
    public async Task A_plan_says_what_is_missing_as_json_too_and_looks_again_where_it_looked()
    {
        using var session = new Session();
        var without = new Session { Doors = session.Doors with { CheckData = (_, _) => "No MNIST here." } };
        using (without)
        {
            var file = without.File(Session.Yaml.Replace("glyphs", "mnist", StringComparison.Ordinal));
            Assert.Equal(0, await without.Run("plan", file, "--home", without.Home, "--data", without.Folder));
            Assert.Contains($"--data {without.Folder} --home", without.Out);
            Assert.Equal(0, await without.Run("plan", file, "--home", without.Home, "--json"));
            Assert.Contains("\"missing\":[\"No MNIST here.\"]", without.Out);
            Assert.Equal(2, await without.Run("plan", file, "--data", Path.Combine(without.Folder, "no")));
            Assert.Contains("There is no folder", without.Error);
        }
    }

    [Fact]
    public async Task A_home_that_may_not_be_read_is_not_an_empty_one()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return; // Root may read everything.
        }

        using var session = new Session().WithHome();
        File.SetUnixFileMode(session.Home, UnixFileMode.UserWrite);
        Assert.Equal(2, await session.Run("status", "--home", session.Home));
        Assert.Contains("no permission to read the home", session.Error);
    }

    [Fact]
    public async Task A_verb_that_waits_for_a_pipe_ends_soon_after_the_first_signal()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var session = new Session();
        var pipe = Path.Combine(session.Folder, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", pipe))
        {
            await made.WaitForExitAsync();
        }

        using var interrupt = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var verb = session.Run(interrupt.Token, "plan", pipe);
        Assert.Same(verb, await Task.WhenAny(verb, Task.Delay(TimeSpan.FromSeconds(20))));
        Assert.Equal(130, await verb);
        await File.WriteAllTextAsync(pipe, ""); // Lets the reader go.
    }

    [Theory]
    [InlineData("/dev/zero", "too many for a sweep file")]
    public async Task What_has_no_end_is_read_to_the_limit(string device, string expected)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var session = new Session();
        Assert.Equal(2, await session.Run("plan", device));
        Assert.Contains(expected, session.Error);
    }

    [Fact]
    public async Task A_set_with_other_files_under_its_names_is_not_complete()
    {
        using var session = new Session();
        using var real = new Session { Doors = session.Doors with { Data = new DataDoor() } };
        var folder = Directory.CreateDirectory(Path.Combine(real.Folder, "mnist")).FullName;
        foreach (var file in DataCatalog.Find("mnist")!.Files)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file.Name), "mine");
        }

        Assert.Equal(0, await real.Run("data", "list", "--data", real.Folder));
        Assert.Contains("4 of 4 not as published", real.Out);
        Assert.Equal(2, await real.Run("data", "get", "mnist", "--to", real.Folder, "--from", "http://127.0.0.1:1/"));
        Assert.Contains("isn't the published one", real.Error);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(folder, DataCatalog.Find("mnist")!.Files[0].Name)));
    }
}
