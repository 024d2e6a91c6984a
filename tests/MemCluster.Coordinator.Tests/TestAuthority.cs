using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MemCluster.Hosting;

namespace MemCluster.Coordinator.Tests;

/// <summary>A certificate authority of one test's own, and folders of its nodes.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Test CA", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-400), DateTimeOffset.UtcNow.AddDays(400));
        Folder = Directory.CreateTempSubdirectory("memcluster-ca-").FullName;
        File.WriteAllText(CaFile, _root.ExportCertificatePem());
    }

    public string Folder { get; }

    public string CaFile => Path.Combine(Folder, "ca.crt");

    /// <summary>A node's folder as <c>--certificates</c> wants it.</summary>
    public string Node(
        string name = "node1", int fromDay = -1, int toDay = 30, bool server = true, bool client = true, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var uses = new OidCollection();
        foreach (var use in (string[])[.. server ? [ServerUse] : Array.Empty<string>(), .. client ? [ClientUse] : Array.Empty<string>()])
        {
            uses.Add(new Oid(use));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, false));
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName(name);
        foreach (var other in names.Length > 0 ? names : ["localhost", "127.0.0.1"])
        {
            if (IPAddress.TryParse(other, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(other);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.Create(
            _root, DateTimeOffset.UtcNow.AddDays(fromDay), DateTimeOffset.UtcNow.AddDays(toDay), RandomNumberGenerator.GetBytes(16));
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        File.Copy(CaFile, Path.Combine(folder, "ca.crt"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "node.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "node.key"), key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(folder, "node.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return folder;
    }

    public NodeCertificates Load(string name = "node1", params string[] names) => NodeCertificates.Load(Node(name, names: names));

    public void Dispose()
    {
        _key.Dispose();
        _root.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
