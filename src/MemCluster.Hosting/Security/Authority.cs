using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MemCluster.Hosting;

/// <summary>
/// The deployment's own certificate authority, and nobody else's: what it signed is trusted, what the system trusts is not. Names are looked at by
/// whoever dials a name; revocation isn't looked at, since a house of this size has no list of it: a lost key means a new authority.
/// </summary>
public sealed class Authority
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection _roots;

    private Authority(string file, X509Certificate2Collection roots) => (File, _roots) = (file, roots);

    /// <summary>Where it was read from.</summary>
    public string File { get; }

    /// <param name="file">PEM; more than one certificate while an old authority is replaced by a new one.</param>
    /// <exception cref="FormatException">It can't be read, or holds no certificate; the message is a sentence.</exception>
    public static Authority Load(string file)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"The CA's certificate {file} can't be read: {problem.Message}");
        }

        return roots.Count > 0
            ? new(file, roots)
            : throw new FormatException($"{file} holds no certificate in PEM form; it should be the ca.crt that deploy/certificates/make.sh wrote.");
    }

    /// <summary>How a chain is to be built in this house; also for the certificate of a server that is dialled.</summary>
    public X509ChainPolicy ServerPolicy() => Policy(ServerUse);

    /// <summary>Whether this is a node of the house: a certificate for both ends of a connection, signed by this authority, at this time.</summary>
    /// <returns>Null, or what is wrong with it, as the end of a sentence.</returns>
    public string? Objection(X509Certificate2 certificate) =>
        Objection(certificate, ServerUse, "a server") ?? Objection(certificate, ClientUse, "a client");

    private string? Objection(X509Certificate2 certificate, string use, string whose)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(use) };
        if (chain.Build(certificate))
        {
            return null;
        }

        var seen = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        return seen.HasFlag(X509ChainStatusFlags.PartialChain) || seen.HasFlag(X509ChainStatusFlags.UntrustedRoot) || seen.HasFlag(X509ChainStatusFlags.NotSignatureValid)
                ? $"is not signed by the CA of {File}"
            : seen.HasFlag(X509ChainStatusFlags.NotTimeValid)
                ? $"is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd} only"
            : seen.HasFlag(X509ChainStatusFlags.NotValidForUsage) ? $"is not meant for {whose} (extended key usage)"
            : $"is not valid ({seen})";
    }

    private X509ChainPolicy Policy(string use)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ApplicationPolicy.Add(new Oid(use));
        return policy;
    }
}
