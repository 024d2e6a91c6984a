using System.Security.Authentication;

namespace MemCluster.Operations;

/// <summary>Why a coordinator could not be asked, and what to do: HTTP, HTTPS and certificates mixed up are the usual reasons.</summary>
internal static class NoAnswer
{
    /// <param name="address">As the person wrote it.</param>
    public static string Sentence(string address, Uri asked, HttpRequestException failure) => (asked.Scheme, failure.HttpRequestError) switch
    {
        ("https", HttpRequestError.SecureConnectionError) => Handshake(address, asked, failure),
        ("http", HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse) =>
            $"What answers at {address} does not speak plain HTTP. If it is a coordinator with certificates, say --ca FILE with the ca.crt of its folder (or set MEMCLUSTER_CA).",
        _ => $"No coordinator answers at {address}: {failure.Message} Is one running there, and is the port its HTTP port?",
    };

    private static string Handshake(string address, Uri asked, HttpRequestException failure)
    {
        var said = failure.InnerException is AuthenticationException ? failure.InnerException.Message : "";
        return said.Contains("RemoteCertificateNameMismatch", StringComparison.Ordinal)
                ? $"The certificate shown at {address} was not made for the name {asked.Host}; ask by a name or address that stands in it."
            : said.Contains("NotTimeValid", StringComparison.Ordinal)
                ? $"The certificate shown at {address} is out of date; renew it where the coordinator runs."
            : said.Contains("certificate", StringComparison.OrdinalIgnoreCase)
                ? $"The certificate shown at {address} is not signed by the CA that is trusted here. Say --ca FILE with the ca.crt of the coordinator's folder (or set MEMCLUSTER_CA)."
            : $"What answers at {address} does not speak HTTPS. If it is a coordinator without certificates, leave out --ca and write http://{asked.Authority}.";
    }
}
