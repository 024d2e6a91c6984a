using System.Security.Cryptography;
using MemCluster.Hosting;

namespace MemCluster.Coordinator.Http;

/// <summary>Connections to a coordinator's API, from a node, from the same machine, from a terminal: whom they trust, and nothing else.</summary>
public static class ApiClientFactory
{
    /// <summary>A client for another node's API: it must show a certificate of this node's authority for the name that is dialled; it is shown the token.</summary>
    /// <param name="certificates">This node's; null: plain HTTP, which a loopback API speaks.</param>
    public static HttpClient Create(NodeCertificates? certificates, ApiToken? token)
    {
        var client = new HttpClient(Handler(certificates?.Authority));
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", token.Text);
        }

        return client;
    }

    /// <param name="authority">Whose servers are trusted; null: those that the system trusts.</param>
    public static SocketsHttpHandler Handler(Authority? authority) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        SslOptions = authority is null ? new() : new() { CertificateChainPolicy = authority.ServerPolicy() },
    };

    /// <summary>
    /// For a process on this machine that announced itself in a home: exactly the certificate that it announced, under whatever name. Without one
    /// the system's trust holds; a plain address needs none.
    /// </summary>
    /// <param name="fingerprint">SHA-256 of the certificate in hexadecimal digits.</param>
    public static SocketsHttpHandler PinnedHandler(string? fingerprint)
    {
        var handler = Handler(null);
        if (fingerprint is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null
                && string.Equals(certificate.GetCertHashString(HashAlgorithmName.SHA256), fingerprint, StringComparison.OrdinalIgnoreCase);
        }

        return handler;
    }
}
