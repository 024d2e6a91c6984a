using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MemCluster.Hosting;

/// <summary>
/// What a node shows and whom it trusts: a folder with <c>ca.crt</c>, <c>node.crt</c> and <c>node.key</c>, as deploy/certificates/make.sh writes it.
/// Read once, at the start: a renewed certificate counts from the next start on.
/// </summary>
public sealed class NodeCertificates
{
    /// <summary>From then on the log says at each start that the certificate ends soon.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    private NodeCertificates(Authority authority, X509Certificate2 certificate) => (Authority, Certificate) = (authority, certificate);

    public Authority Authority { get; }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>SHA-256, in hexadecimal digits: by it a process on the same machine knows this very one.</summary>
    public string Fingerprint => Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <exception cref="FormatException">A file is missing, unreadable, open to others, or doesn't fit the others; the message is a sentence.</exception>
    public static NodeCertificates Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new FormatException($"There is no folder {folder}; --certificates wants one with ca.crt, node.crt and node.key (deploy/certificates/make.sh makes them).");
        }

        var (ca, crt, key) = (Path.Combine(folder, "ca.crt"), Path.Combine(folder, "node.crt"), Path.Combine(folder, "node.key"));
        foreach (var file in (string[])[ca, crt, key])
        {
            if (!File.Exists(file))
            {
                throw new FormatException($"{file} is not there; --certificates wants ca.crt, node.crt and node.key (deploy/certificates/make.sh makes them).");
            }
        }

        PrivateFile.Require(key, UnixFileMode.OtherRead | UnixFileMode.OtherWrite, "640 or stricter");
        var authority = Authority.Load(ca);
        var certificate = Read(crt, key);
        return authority.Objection(certificate) is { } objection
            ? throw new FormatException($"The certificate {crt} {objection}. Make a new one with deploy/certificates/make.sh.")
            : new(authority, certificate);
    }

    /// <summary>Whether the certificate was made for this name or address.</summary>
    public bool IsFor(string host) => Certificate.MatchesHostname(host);

    /// <returns>Null, or a sentence for the log: the certificate ends within a month.</returns>
    public string? Warning(DateTimeOffset now) => Certificate.NotAfter - now.UtcDateTime is var left && left < Soon
        ? $"This node's certificate ends on {Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}; renew it (deploy/README.md), or the node will find no cluster then."
        : null;

    private static X509Certificate2 Read(string crt, string key)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(crt, key);
            if (!OperatingSystem.IsWindows())
            {
                return certificate;
            }

            // Windows' TLS doesn't take a key that lives in memory only.
            using (certificate)
            {
                return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new FormatException($"{crt} and {key} can't be used as a certificate and its key: {problem.Message}");
        }
    }
}
