using Akka.Remote.Transport.DotNetty;
using Microsoft.Extensions.Logging;

namespace MemCluster.Hosting;

/// <summary>Akka's door to <see cref="NodeCertificates"/>: what this node shows to others, and what it wants to see.</summary>
internal static partial class ClusterTls
{
    /// <summary>The file of hocon/ that goes with it.</summary>
    public const string Profile = "tls";

    public static DotNettySslSetup Of(NodeCertificates own, ILoggerFactory logs)
    {
        var log = logs.CreateLogger<NodeCertificates>();
        return new(
            own.Certificate, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: false,
            (certificate, _, peer, _, _) =>
            {
                var objection = certificate is null ? "was not shown" : own.Authority.Objection(certificate);
                if (objection is not null)
                {
                    Refused(log, peer, objection);
                }

                return objection is null;
            });
    }

    [LoggerMessage(LogLevel.Warning, "Refused the node at {peer}: its certificate {objection}")]
    private static partial void Refused(ILogger log, string peer, string objection);
}
