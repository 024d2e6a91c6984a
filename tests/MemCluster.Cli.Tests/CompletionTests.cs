using System.Diagnostics;
using System.Runtime.Versioning;
using MemCluster.Messages;

namespace MemCluster.Cli.Tests;

/// <summary>The scripts that shells source, run by the shells themselves.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CompletionTests : IDisposable
{
    private readonly Session _session = new();

    public CompletionTests()
    {
        // What the scripts call for names that change: it tells what it was called with, and knows two sweeps and two trainers.
        var program = Path.Combine(_session.Folder, "memcluster");
        File.WriteAllText(program, $"#!/bin/sh\necho \"$@\" >> {_session.Folder}/calls\ncase $2 in sweeps) printf 'small\\nsmart\\n' ;; *) printf 'node1\\nnode7\\n' ;; esac\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Directory.CreateDirectory(Path.Combine(_session.Folder, "specs"));
        File.WriteAllText(Path.Combine(_session.Folder, "noise.yaml"), "");
        File.WriteAllText(Path.Combine(_session.Folder, "notes.txt"), "");
    }

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("he", "heat")]
    [InlineData("status s", "small smart")]
    [InlineData("status sma small", "")] // One is enough.
    [InlineData("repl", "replay")]
    [InlineData("replay s", "small smart")]
    [InlineData("drain node", "node1 node7")]
    [InlineData("trials small --s", "--sort")]
    [InlineData("--verbose canc", "cancel")]
    [InlineData("data g", "get")]
    [InlineData("data get fash", "fashion-mnist")]
    [InlineData("export small --format ", "csv json")]
    [InlineData("export small --json --fo", "--format")]
    [InlineData("run no", "noise.yaml")]
    [InlineData("run noise.yaml spe", "specs")]
    [InlineData("list --home spe", "specs")]
    [InlineData("verify spe", "specs")]
    [InlineData("verify noi", "")] // It is a file.
    [InlineData("completion ", "bash fish zsh")]
    [InlineData("pause small --limit", "")]
    [InlineData("complet", "completion")] // Not the one for scripts.
    public async Task Bash_offers_what_fits(string typed, string offers) => Assert.Equal(offers, await Bash(typed));

    [Theory]
    [InlineData("status --home /data/sweeps s", "complete sweeps --home /data/sweeps")]
    [InlineData("drain --at node1:4080 --token-file t n", "complete nodes --at node1:4080 --token-file t")]
    [InlineData("status --at node1:4080,node2:4080 s", "complete sweeps --at node1:4080,node2:4080")]
    public async Task Bash_asks_for_names_where_the_person_asks(string typed, string called)
    {
        Assert.NotEqual("", await Bash(typed));
        Assert.Equal(called, (await File.ReadAllTextAsync(Path.Combine(_session.Folder, "calls"))).Trim());
    }

    [ShellTheory("fish")]
    [InlineData("hea", "heat")]
    [InlineData("status s", "small smart")]
    [InlineData("drain n", "node1 node7")]
    [InlineData("trials --so", "--sort")]
    [InlineData("data g", "get")]
    [InlineData("data get fash", "fashion-mnist")]
    [InlineData("export --format ", "csv json")]
    [InlineData("run no", "noise.yaml")]
    [InlineData("complet", "completion")]
    public async Task Fish_offers_what_fits(string typed, string offers)
    {
        var answer = await Run("fish", "--no-config", "-c", $"source {await Script("fish")}; complete -C 'memcluster {typed}'");
        Assert.Equal(offers, string.Join(' ', answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]).Order(StringComparer.Ordinal)));
    }

    /// <summary>In a terminal of its own: zsh completes nowhere else.</summary>
    [ShellTheory("zsh")]
    [InlineData("hea", "heat")]
    [InlineData("export smal", "export small")]
    [InlineData("trials --so", "trials --sort")]
    [InlineData("data get fash", "data get fashion-mnist")]
    [InlineData("drain node7 --und", "drain node7 --undo")]
    public async Task Zsh_completes_what_is_begun(string typed, string whole)
    {
        const string Said = "<[{whole}]>";
        var driver = $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'PS1= RPS1= PROMPT_EOL_MARK= ; unsetopt zle_bracketed_paste; autoload -U compinit && compinit -u -D; source {{await Script("zsh")}}; tell() { print "<""[$BUFFER]"">"; exit }; zle -N tell; bindkey "^T" tell; print rea""dy'
            while zpty -r shell line; do [[ $line == *ready* ]] && break; done
            zpty -w -n shell $'memcluster {{typed}}\t\C-t'
            while zpty -r shell line; do print -r -- "$line"; done
            """;
        var answer = await Run("zsh", "-f", "-c", driver);
        Assert.Contains(Said.Replace("{whole}", $"memcluster {whole} ", StringComparison.Ordinal), answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Every_verb_and_option_stands_in_the_script_and_the_shell_can_read_it(string shell)
    {
        var script = await File.ReadAllTextAsync(await Script(shell));
        foreach (var verb in Operations.Verbs.OperatorCatalogue.All)
        {
            Assert.Contains(verb.Name, script, StringComparison.Ordinal);
            Assert.All(
                verb.Arguments.Where(argument => argument.Kind is not (Operations.Verbs.ArgumentKind.Word or Operations.Verbs.ArgumentKind.Files)),
                argument => Assert.Contains(shell == "fish" ? $"-l {argument.Name}" : $"--{argument.Name}", script, StringComparison.Ordinal));
        }

        if (!ShellTheoryAttribute.IsMissing(shell))
        {
            Assert.Equal("", await Run(shell, "-n", await Script(shell)));
        }
    }

    [Fact]
    public async Task Names_come_from_a_home_or_a_coordinator_and_what_is_wrong_gives_none()
    {
        using var session = new Session(new FakeNode { Trainers = [new("node1", "connected", 1, 0, new("lab", 7, 2, 8, 1, "cpu", "avx2", null, []))] }
            .Holding(Session.Spec(), _ => TrialState.Finished)).WithHome();

        Assert.Equal(0, await session.Run("complete", "sweeps", "--home", session.Home));
        Assert.Equal(0, await session.Run("complete", "nodes", "--at", "node1:8080"));
        Assert.Equal("small\nnode1\n", session.Out);
        Assert.Equal(0, await session.Run("complete", "sweeps", "--home", session.Folder + "/none"));
        Assert.Equal(0, await session.Run("complete", "sweeps", "--at", "node9:8080"));
        Assert.Equal("small\nnode1\n", session.Out);
        Assert.Empty(session.Error);
    }

    [Fact]
    public async Task A_shell_that_is_not_known_is_refused()
    {
        Assert.Equal(2, await _session.Run("completion", "tcsh"));
        Assert.Contains("'tcsh'", _session.Error, StringComparison.Ordinal);
    }

    private async Task<string> Script(string shell)
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("completion", shell));
        var path = Path.Combine(_session.Folder, "completion." + shell);
        await File.WriteAllTextAsync(path, session.Out);
        return path;
    }

    /// <summary>What the completion function leaves in COMPREPLY. The words are cut as bash cuts them: at spaces and at colons.</summary>
    private async Task<string> Bash(string typed)
    {
        string[] words = [.. typed.Split(' ').SelectMany(word => word.Contains(':', StringComparison.Ordinal) ? word.Replace(":", "\0:\0", StringComparison.Ordinal).Split('\0') : [word])];
        var quoted = string.Join(' ', words.Select(word => $"'{word}'"));
        var answer = await Run(
            "bash", "--norc", "-c",
            $"source {await Script("bash")}; complete -p memcluster > /dev/null || exit 1; COMP_WORDS=(memcluster {quoted}); COMP_CWORD={words.Length}; _memcluster; printf '%s\\n' \"${{COMPREPLY[@]}}\"");
        return string.Join(' ', answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    private async Task<string> Run(string shell, params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _session.Folder };
        start.Environment["PATH"] = $"{_session.Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = _session.Folder;
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal("", await error);
        return await output;
    }
}
