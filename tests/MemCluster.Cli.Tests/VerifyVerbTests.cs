using System.Text.Json;
using MemCluster.Messages;

namespace MemCluster.Cli.Tests;

/// <summary><c>verify</c> on folders that <c>export</c> wrote, whole and spoilt.</summary>
public sealed class VerifyVerbTests : IDisposable
{
    private readonly Session _session = new Session(new FakeNode().Holding(Session.Spec(), _ => TrialState.Finished)).WithHome();

    private string Results => Path.Combine(_session.Folder, "copy");

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task A_folder_as_exported_is_exit_0_and_needs_no_home()
    {
        await Export();
        Directory.Delete(_session.Home, recursive: true);

        Assert.Equal(0, await _session.Run("verify", Results));

        var lines = _session.Out.TrimEnd('\n').Split('\n');
        Assert.Matches("^FILE +SIZE  STATE$", lines[0]);
        Assert.Equal(["attempts.csv", "manifest.json", "measures.csv", "trials.csv"], lines[1..^1].Select(line => line.Split(' ')[0]));
        Assert.All(lines[1..^1], line => Assert.Matches("^[a-z.]+ +[0-9.]+ k?B  as written$", line));
        Assert.Equal("All that is listed is as it was written.", lines[^1]);
        Assert.Empty(_session.Error);
    }

    [Fact]
    public async Task What_export_shows_does_not_grow_by_the_list()
    {
        Assert.Equal(0, await _session.Run("export", "small", "--to", Results, "--at", "node1:8080"));

        Assert.True(File.Exists(At("SHA256SUMS")));
        Assert.Equal(["trials.csv", "measures.csv", "attempts.csv", "manifest.json"], _session.Out.TrimEnd('\n').Split('\n').Select(Path.GetFileName));
    }

    [Fact]
    public async Task Changed_missing_and_foreign_files_stand_in_the_table_and_a_sentence_says_what_to_do()
    {
        await Export();
        await File.AppendAllTextAsync(At("trials.csv"), " ");
        File.Delete(At("measures.csv"));
        await File.WriteAllTextAsync(At(new string('n', 120) + ".txt"), "mine");

        Assert.Equal(2, await _session.Run("verify", Results));

        Assert.Matches("(?m)^trials.csv .* changed$", _session.Out);
        Assert.Matches("(?m)^measures.csv  +–  missing$", _session.Out);
        Assert.Matches("(?m)^nnn.*…  +4 B  not listed$", _session.Out);
        Assert.All(_session.Out.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Equal($"{Results} is not as it was written. Write it anew from the journal with: memcluster export SWEEP\n", _session.Error);
    }

    [Fact]
    public async Task Json_says_the_same_of_each_file()
    {
        await Export();
        await File.WriteAllTextAsync(At("notes.txt"), "mine");
        Assert.Equal(0, await _session.Run("verify", Results, "--json"));
        var whole = _session.Out.Length;
        await File.AppendAllTextAsync(At("trials.csv"), " ");
        await File.AppendAllTextAsync(At("SHA256SUMS"), "rubbish\n");
        Assert.Equal(2, await _session.Run("verify", Results, "--json"));

        using var before = JsonDocument.Parse(_session.Out[..whole]);
        Assert.True(before.RootElement.GetProperty("isAsWritten").GetBoolean());
        Assert.Equal(
            ["attempts.csv as-written", "manifest.json as-written", "measures.csv as-written", "notes.txt not-listed", "trials.csv as-written"],
            before.RootElement.GetProperty("files").EnumerateArray().Select(file => $"{file.GetProperty("file")} {file.GetProperty("fate")}"));
        using var after = JsonDocument.Parse(_session.Out[whole..]);
        Assert.False(after.RootElement.GetProperty("isAsWritten").GetBoolean());
        Assert.Equal("changed", after.RootElement.GetProperty("files")[4].GetProperty("fate").GetString());
        Assert.StartsWith("SHA256SUMS line 5 is damaged", after.RootElement.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
        Assert.StartsWith("SHA256SUMS line 5 is damaged", _session.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_results_folder_is_a_sentence()
    {
        Assert.Equal(2, await _session.Run("verify", Results));
        Assert.Equal($"There is no folder {Results}. Name a results folder, for example .memcluster/results/first-look\n", _session.Error);

        await AssertRefused(_session.File(), " is a file; name the folder that it lies in.");
        await AssertRefused(_session.Home, $"There is no SHA256SUMS in {_session.Home}, so nothing says how its files were written. Write it anew");
        Directory.CreateDirectory(Path.Combine(_session.Home, "SHA256SUMS"));
        await AssertRefused(_session.Home, "can't be read: It is a folder, no file. Write it anew from the journal with: memcluster export SWEEP");
        await AssertRefused("", "FOLDER is empty");
    }

    [Fact]
    public async Task A_name_that_leads_out_of_the_folder_is_refused()
    {
        await Export();
        await File.WriteAllTextAsync(Path.Combine(_session.Folder, "secret"), "");
        await File.AppendAllTextAsync(At("SHA256SUMS"), $"{new string('0', 64)}  ../secret\n");

        Assert.Equal(2, await _session.Run("verify", Results));

        Assert.Contains("SHA256SUMS line 5 names '../secret', which may lie outside of the folder; it is not looked at.\n", _session.Error);
        Assert.DoesNotContain("secret", _session.Out);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("named pipe")]
    [InlineData("device")]
    public async Task What_is_no_file_is_not_opened(string kind)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await Export();
        foreach (var name in new[] { "trials.csv", "SHA256SUMS" })
        {
            await Replace(At(name), kind);
            var verb = _session.Run("verify", Results);
            Assert.Same(verb, await Task.WhenAny(verb, Task.Delay(TimeSpan.FromSeconds(30))));
            Assert.Equal(2, await verb);
            Assert.Contains($"can't be read: It is a {kind}, no file.", _session.Error);
            Assert.DoesNotContain("   at ", _session.Error);
        }

        Assert.Matches("(?m)^trials.csv  +–  can't be read$", _session.Out);
        Assert.Equal(2, _session.Error.Split($"It is a {kind}, no file.").Length - 1);
    }

    [Fact]
    public async Task A_link_is_followed_to_a_file()
    {
        await Export();
        File.Move(At("trials.csv"), Path.Combine(_session.Folder, "moved"));
        File.CreateSymbolicLink(At("trials.csv"), Path.Combine(_session.Folder, "moved"));
        Assert.Equal(0, await _session.Run("verify", Results));

        File.Delete(Path.Combine(_session.Folder, "moved"));
        Assert.Equal(2, await _session.Run("verify", Results));
        Assert.Matches("(?m)^trials.csv  +–  missing$", _session.Out);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_is_not_called_changed()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return; // Root may read everything.
        }

        await Export();
        File.SetUnixFileMode(At("trials.csv"), UnixFileMode.UserWrite);
        Assert.Equal(2, await _session.Run("verify", Results));
        Assert.Matches("(?m)^trials.csv  +–  can't be read$", _session.Out);
        Assert.StartsWith("trials.csv can't be read: Access to the path", _session.Error);
    }

    private async Task Export()
    {
        using var exporting = new Session(_session.Node).WithHome();
        var code = await exporting.Run("export", "small", "--home", exporting.Home, "--to", Results);
        Assert.True(code == 0, exporting.Error);
    }

    private async Task AssertRefused(string folder, string sentence)
    {
        var before = _session.Error.Length;
        Assert.Equal(2, await _session.Run("verify", folder));
        Assert.Contains(sentence, _session.Error[before..]);
        Assert.DoesNotContain("   at ", _session.Error);
        Assert.Empty(_session.Out);
    }

    private static async Task Replace(string path, string kind)
    {
        File.Delete(path);
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "named pipe":
                using (var made = System.Diagnostics.Process.Start("mkfifo", path))
                {
                    await made.WaitForExitAsync();
                }

                break;
            default:
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
        }
    }

    private string At(string name) => Path.Combine(Results, name);
}
