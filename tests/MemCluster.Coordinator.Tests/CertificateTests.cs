using System.Diagnostics;
using MemCluster.Hosting;

namespace MemCluster.Coordinator.Tests;

public sealed class CertificateTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void A_node_of_the_house_is_trusted_and_one_of_another_house_is_not()
    {
        var ours = _authority.Load();

        Assert.Null(ours.Authority.Objection(_authority.Load("node2").Certificate));
        Assert.Contains("is not signed by the CA of", ours.Authority.Objection(_other.Load().Certificate), StringComparison.Ordinal);
        Assert.True(ours.IsFor("node1"));
        Assert.True(ours.IsFor("127.0.0.1"));
        Assert.False(ours.IsFor("node2"));
    }

    [Fact]
    public void A_certificate_that_does_not_hold_is_refused_with_the_reason()
    {
        Assert.Contains("is valid from", Refusal(_authority.Node("late", fromDay: -60, toDay: -1)), StringComparison.Ordinal);
        Assert.Contains("is valid from", Refusal(_authority.Node("early", fromDay: 1)), StringComparison.Ordinal);
        Assert.Contains("is not meant for a client", Refusal(_authority.Node("deaf", client: false)), StringComparison.Ordinal);
        Assert.Contains("is not meant for a server", Refusal(_authority.Node("dumb", server: false)), StringComparison.Ordinal);
        var stranger = _other.Node();
        File.Copy(_authority.CaFile, Path.Combine(stranger, "ca.crt"), overwrite: true);
        Assert.Contains("is not signed by the CA of", Refusal(stranger), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_ends_within_a_month_says_so()
    {
        Assert.Contains("renew it", NodeCertificates.Load(_authority.Node(toDay: 20)).Warning(DateTimeOffset.UtcNow), StringComparison.Ordinal);
        Assert.Null(NodeCertificates.Load(_authority.Node(toDay: 40)).Warning(DateTimeOffset.UtcNow));
    }

    [Theory]
    [InlineData("ca.crt", null, "ca.crt is not there")]
    [InlineData("node.crt", null, "node.crt is not there")]
    [InlineData("node.key", null, "node.key is not there")]
    [InlineData("ca.crt", "nothing", "holds no certificate in PEM form")]
    [InlineData("node.crt", "nothing", "can't be used as a certificate and its key")]
    [InlineData("node.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "can't be used as a certificate and its key")]
    public void A_file_that_is_missing_or_broken_is_named(string file, string? content, string sentence)
    {
        var folder = _authority.Node();
        File.Delete(Path.Combine(folder, file));
        if (content is not null)
        {
            File.WriteAllText(Path.Combine(folder, file), content);
        }

        if (file == "node.key" && content is not null && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(folder, file), UnixFileMode.UserRead);
        }

        Assert.Contains(sentence, Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_node_or_one_that_others_can_read_is_refused()
    {
        var folder = _authority.Node();
        File.Copy(Path.Combine(_authority.Node("node2"), "node.key"), Path.Combine(folder, "node.key"), overwrite: true);
        Assert.Contains("can't be used as a certificate and its key", Refusal(folder), StringComparison.Ordinal);

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(folder, "node.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Contains("chmod", Refusal(folder), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named_with_the_script_that_makes_one() =>
        Assert.Contains("make.sh", Refusal(Path.Combine(_authority.Folder, "nowhere")), StringComparison.Ordinal);

    [OpensslFact]
    public void The_script_makes_a_CA_and_nodes_that_trust_each_other_and_never_overwrites()
    {
        var folder = Path.Combine(_authority.Folder, "made by script");
        Assert.Equal(0, Make(folder, "node1,10.77.0.1", "node2").Code);
        var ca = File.ReadAllText(Path.Combine(folder, "ca.crt"));
        var first = NodeCertificates.Load(Path.Combine(folder, "node1"));
        Assert.Null(first.Authority.Objection(NodeCertificates.Load(Path.Combine(folder, "node2")).Certificate));
        Assert.True(first.IsFor("node1") && first.IsFor("10.77.0.1") && first.IsFor("127.0.0.1") && first.IsFor("localhost"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(Path.Combine(folder, "node1", "node.key")));

        Assert.Equal((2, true), (Make(folder, "node3", "node1") is var (code, said) ? code : 0, said.Contains("--renew", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(Path.Combine(folder, "node3")));
        Assert.Equal(0, Make(folder, "node3").Code);
        Assert.Null(first.Authority.Objection(NodeCertificates.Load(Path.Combine(folder, "node3")).Certificate));
        Assert.Equal(0, Make("--renew", folder, "node1").Code);
        Assert.NotEqual(first.Fingerprint, NodeCertificates.Load(Path.Combine(folder, "node1")).Fingerprint);
        Assert.Equal(ca, File.ReadAllText(Path.Combine(folder, "ca.crt")));
        Assert.Equal(2, Make(folder, "no name").Code);
        Assert.Equal(2, Make(folder).Code);
    }

    private static string Refusal(string folder) => Assert.Throws<FormatException>(() => NodeCertificates.Load(folder)).Message;

    private static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);

    private static (int Code, string Said) Make(params string[] arguments)
    {
        using var script = Process.Start(new ProcessStartInfo("bash", [OpensslFactAttribute.Script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = script.StandardOutput.ReadToEndAsync();
        var complained = script.StandardError.ReadToEnd();
        script.WaitForExit();
        return (script.ExitCode, said.Result + complained);
    }
}

/// <summary>Needs bash and openssl.</summary>
internal sealed class OpensslFactAttribute : FactAttribute
{
    public OpensslFactAttribute()
    {
        if (!File.Exists("/usr/bin/openssl") || !File.Exists("/bin/bash"))
        {
            Skip = "No openssl here.";
        }
    }

    public static string Script { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MemCluster.sln")))
            {
                return Path.Combine(folder.FullName, "deploy", "certificates", "make.sh");
            }
        }

        throw new DirectoryNotFoundException($"No MemCluster.sln above {AppContext.BaseDirectory}.");
    }
}
