using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace MemCluster.Hosting;

/// <summary>
/// Why a node can't be joined, found out by dialling it once more by hand: a cluster's transport only says that an association failed, or nothing at
/// all.
/// </summary>
internal static class DialTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>A peer that refuses our certificate says so after the handshake, if at all.</summary>
    private static readonly TimeSpan ForARefusal = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The length of a frame, and the first byte of it: whoever speaks plain text waits for the rest, and takes note of nothing when the line is closed;
    /// whoever speaks TLS knows by now that this isn't it, and hangs up. The other way round, a TLS greeting on a plain line is an error in its log.
    /// </summary>
    private static readonly byte[] BeginOfAFrame = [16, 0, 0, 0, 0];

    /// <param name="Sentence">The end of one, without a full stop.</param>
    /// <param name="IsLasting">It will be so however long one waits: the two sides were started with different certificates.</param>
    public sealed record Finding(string Sentence, bool IsLasting);

    /// <returns>What was found of each, in this order.</returns>
    public static Task<Finding?[]> OfAll(IEnumerable<string> members, NodeCertificates? own, CancellationToken cancel) =>
        Task.WhenAll(members.Select(member => Of(member, own, cancel)));

    /// <returns>Null where the way is free as far as one can see.</returns>
    private static async Task<Finding?> Of(string member, NodeCertificates? own, CancellationToken cancel)
    {
        var (host, port) = Node.ParseAddress(member);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        using var connection = new TcpClient();
        try
        {
            await connection.ConnectAsync(host.Trim('[', ']'), port, limit.Token).ConfigureAwait(false);
        }
        catch (SocketException problem)
        {
            return new($"{member} can't be reached: {problem.Message}", false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new($"{member} does not take a connection; is a firewall between?", false);
        }

        return own is null
            ? await WithoutCertificates(member, host, port, connection, limit.Token).ConfigureAwait(false)
            : await WithCertificates(member, host, connection, own, limit.Token).ConfigureAwait(false);
    }

    private static async Task<Finding?> WithoutCertificates(string member, string host, int port, TcpClient connection, CancellationToken limit)
    {
        using var again = new TcpClient();
        try
        {
            await connection.GetStream().WriteAsync(BeginOfAFrame, limit).ConfigureAwait(false);
            if (!await IsThrownOut(connection.GetStream(), limit).ConfigureAwait(false))
            {
                return null;
            }

            await again.ConnectAsync(host.Trim('[', ']'), port, limit).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or SocketException or OperationCanceledException)
        {
            return null; // It came or went this very moment.
        }

        var wantsTls = false;
        using var tls = new SslStream(again.GetStream());
        await Shake(tls, new()
        {
            TargetHost = host,
            RemoteCertificateValidationCallback = (_, shown, _, _) => (wantsTls = shown is not null) && false,
        }, limit).ConfigureAwait(false);
        return wantsTls
            ? new($"{member} wants TLS; start this node with --certificates DIR, a folder made by the CA of that cluster", true)
            : null;
    }

    private static async Task<Finding?> WithCertificates(string member, string host, TcpClient connection, NodeCertificates own, CancellationToken limit)
    {
        string? objection = null;
        using var tls = new SslStream(connection.GetStream());
        var done = await Shake(tls, new()
        {
            TargetHost = host,
            ClientCertificates = [own.Certificate],
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
                (objection = shown is X509Certificate2 certificate ? own.Authority.Objection(certificate) : "was not shown") is null,
        }, limit).ConfigureAwait(false);
        if (!done)
        {
            return objection is null
                ? new($"{member} does not speak TLS; was it started without --certificates?", true)
                : new($"the certificate of {member} {objection}; both sides need one of the same CA", true);
        }

        return await IsThrownOut(tls, limit).ConfigureAwait(false)
            ? new($"{member} refuses the certificate of this node; is it of the CA of that cluster?", true)
            : null;
    }

    private static async Task<bool> Shake(SslStream tls, SslClientAuthenticationOptions options, CancellationToken limit)
    {
        try
        {
            await tls.AuthenticateAsClientAsync(options, limit).ConfigureAwait(false);
            return true;
        }
        catch (Exception problem) when (problem is AuthenticationException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<bool> IsThrownOut(Stream line, CancellationToken limit)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(limit);
        wait.CancelAfter(ForARefusal);
        try
        {
            return await line.ReadAsync(new byte[1], wait.Token).ConfigureAwait(false) == 0;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
